// SPDX-License-Identifier: Apache-2.0

/// What a night is expected to cost from a state to its end, for each thing that could be done now.
///
/// Solved once for a shape; a look-up reads a few numbers and allocates nothing. `docs/policy.md` has the recursion.
package final class ValueTable: Sendable {
    package let shape: ValueShape
    let grid: ValueGrid
    private let layout: ValueLayout
    private let values: [Float]
    /// The share of a restart's last step in which it trains.
    private let restartEnd: Float
    /// By age, then by steps of work left.
    private let stays: [Float]

    package init(_ shape: ValueShape) {
        self.shape = shape
        grid = ValueGrid(shape)
        layout = ValueLayout(shape, grid)
        restartEnd = ValueRoom(shape, grid).lastGain
        values = ValueSolver.solve(shape, grid, layout)
        stays = Self.stays(grid)
    }

    /// Microdollars from here to the end. The age is that of the pool's spell; everything is in milliseconds.
    func cost(
        _ holding: ValueLayout.Holding, isUp: Bool, age: Int64, timeLeft: Int64, workLeft: Int64
    ) -> Float {
        let (step, unitsPerStep) = (grid.step, Float(grid.unitsPerStep))
        let time = min(max(0, timeLeft), Int64(grid.steps) * step)
        let layer = Int(time / step)
        let part = grid.inSteps(time - Int64(layer) * step)
        let work = grid.inSteps(max(0, workLeft)) * unitsPerStep
        let unit = min(Int(work), layout.stride - layout.pad - 2)
        let share = work - Float(unit)
        let place = grid.place(age: age)
        return values.withUnsafeBufferPointer { values in
            func at(_ layer: Int, _ age: Int) -> Float {
                let index = layout.offset(time: layer, age: age, isUp: isUp, holding) + layout.pad + unit
                return values[index] + (values[index + 1] - values[index]) * share
            }
            func between(_ layer: Int) -> Float {
                let lower = at(layer, place.lower)
                return place.share == 0 ? lower : lower + (at(layer, place.lower + 1) - lower) * place.share
            }
            let cost = between(layer)
            return part == 0 ? cost : cost + (between(layer + 1) - cost) * part
        }
    }

    /// The same of Spot in its restart: between whole steps of it, and from its last step to training, by a straight line.
    /// What was launched this instant costs what its launch did.
    func cost(restartLeft: Int64, age: Int64, timeLeft: Int64, workLeft: Int64) -> Float {
        let left = grid.inSteps(restartLeft)
        guard left > 0 else { return cost(.spot, isUp: true, age: age, timeLeft: timeLeft, workLeft: workLeft) }
        func at(_ whole: Int) -> Float {
            cost(
                whole == 0 ? .spot : .restart(stepsLeft: whole), isUp: true, age: age, timeLeft: timeLeft,
                workLeft: workLeft)
        }
        // A restart that ends within a step has that much less of its last one.
        let last = 1 - restartEnd
        let steps = left <= last ? left / last : left + restartEnd
        let whole = min(Int(steps), layout.restartSteps)
        let lower = at(whole)
        let share = steps - Float(whole)
        guard share > 0, whole < layout.restartSteps else { return lower }
        return lower + (at(whole + 1) - lower) * share
    }

    /// The time, in milliseconds, for which a pool of this age is expected to be used before it is lost or the work is
    /// done.
    func expectedStay(age: Int64, workLeft: Int64) -> Float {
        let columns = stays.count / grid.ages.count
        let column = min(Int(grid.inSteps(max(0, workLeft)).rounded()), columns - 1)
        let place = grid.place(age: age)
        let lower = stays[place.lower * columns + column]
        guard place.share > 0 else { return lower * Float(grid.step) }
        let upper = stays[(place.lower + 1) * columns + column]
        return (lower + (upper - lower) * place.share) * Float(grid.step)
    }

    private static func stays(_ grid: ValueGrid) -> [Float] {
        let columns = grid.units / grid.unitsPerStep + 1
        var stays = [Float](repeating: 0, count: grid.ages.count * columns)
        for column in 1..<columns {
            for age in grid.ages.indices {
                let next = grid.place(after: age)
                let lower = stays[next.lower * columns + column - 1]
                let upper = next.share > 0 ? stays[(next.lower + 1) * columns + column - 1] : lower
                stays[age * columns + column] = 1 + (1 - grid.loss[age]) * (lower + (upper - lower) * next.share)
            }
        }
        return stays
    }
}
