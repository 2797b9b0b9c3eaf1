// SPDX-License-Identifier: Apache-2.0

package import NightEngine

/// The cheapest course that a night could have taken, had it known the whole market beforehand.
///
/// Whole ticks are charged, each launch takes its overhead off the progress at once, and the work must be done within
/// the whole ticks of the window. No policy that cannot see the future can beat it.
///
/// The state is (tick, machine, slack used): an idle tick uses a tick of slack, a launch uses an overhead, training
/// uses none. So a tick on a machine changes nothing but the cost, and the recursion is a minimum of shifted arrays.
package struct ClairvoyantOptimum: Sendable {
    private let rates: [Double]
    private let step, launch, goal, ticks: Int

    /// Times in milliseconds, rates in microdollars per hour. Zones are told apart by their place in `spotRates`.
    package init(
        tick: Int64, work: Int64, restartOverhead: Int64, window: Int64, spotRates: [Int64], onDemandRate: Int64
    ) {
        precondition(tick > 0 && work > 0 && restartOverhead >= 0, "tick \(tick), work \(work), \(restartOverhead)")
        let unit = Self.divisor(tick, Self.divisor(work, restartOverhead))
        step = Int(tick / unit)
        launch = Int(restartOverhead / unit)
        goal = Int(work / unit)
        ticks = Int(window / tick)
        rates = (spotRates + [onDemandRate]).map(Double.init)
    }

    package struct Solution: Hashable, Sendable {
        /// The rates of all ticks that ran, added up: times the tick, it is microdollar-milliseconds per hour.
        package var rateTicks: Int64
        /// Ticks from the start until the work is done.
        package var finishTick: Int
        /// A placement for each of these ticks.
        package var course: [Placement]
    }

    /// The cost alone; `nil` when not even on-demand from the first tick would be done in time.
    ///
    /// Memory is one array per machine, time is ticks × slack × machines.
    package func rateTicks(isUp: (_ zone: Int, _ tick: Int) -> Bool) -> Int64? {
        solve(rates: rates, isUp: isUp) { _ in }.map { Int64($0.cost) }
    }

    /// The cost in on-demand ticks, added up tick by tick in single precision.
    ///
    /// The published reference tables were made so; they differ from the exact sum by up to 2e-5 of it, and where two
    /// courses cost nearly the same their rounding chooses.
    package func singlePrecisionTicks(
        spotShare: Double, isUp: (_ zone: Int, _ tick: Int) -> Bool
    ) -> Double? {
        let shares = rates.dropLast().map { _ in Float(spotShare) } + [1]
        return solve(rates: shares, isUp: isUp) { _ in }.map { Double($0.cost) }
    }

    /// The cost and one course that has it. Memory is ticks × slack.
    package func solution(isUp: (_ zone: Int, _ tick: Int) -> Bool) -> Solution? {
        var layers: [[Double]] = []
        guard let end = solve(rates: rates, isUp: isUp, layer: { layers.append($0) }) else { return nil }
        var course: [Placement] = []
        var (tick, slack, cost, onlyMachines) = (end.tick, end.slack, end.cost, true)
        while tick > 0 {
            if !onlyMachines, slack >= step, layers[tick - 1][slack - step] == cost {
                course.append(.none)
                (tick, slack) = (tick - 1, slack - step)
                continue
            }
            let stay = lastStay(until: tick, slack: slack, cost: cost, layers: layers, isUp: isUp)
            course += repeatElement(
                stay.machine == rates.count - 1 ? .onDemand(0) : .spot(stay.machine), count: stay.ticks)
            tick -= stay.ticks
            cost -= rates[stay.machine] * Double(stay.ticks)
            slack -= launch
            onlyMachines = false
        }
        return Solution(rateTicks: Int64(end.cost), finishTick: end.tick, course: course.reversed())
    }

    private struct End<Cost> { var tick, slack: Int; var cost: Cost }

    /// Hands over, for each tick from 0, the least cost by slack used before that tick.
    private func solve<Cost: BinaryFloatingPoint>(
        rates: [Cost], isUp: (_ zone: Int, _ tick: Int) -> Bool, layer: ([Cost]) -> Void
    ) -> End<Cost>? {
        let room = ticks * step - goal
        guard room >= launch else { return nil }
        var best = [Cost](repeating: Cost.infinity, count: room + 1)
        var running = [[Cost]](repeating: best, count: rates.count)
        var end: End<Cost>?
        best[0] = 0
        for tick in 0..<ticks {
            layer(best)
            // Slack used up to now is at least what progress to the goal leaves, at most all ticks and a launch.
            let low = max(0, tick * step - goal + 1)
            let high = min(room, tick * step + launch)
            guard low <= high else { break }
            for machine in rates.indices {
                if machine < rates.count - 1, !isUp(machine, tick) {
                    running[machine].withUnsafeMutableBufferPointer { $0.update(repeating: Cost.infinity) }
                } else {
                    run(&running[machine], best: best, rate: rates[machine], low: low, high: high)
                }
            }
            idle(&best, low: low, high: min(room, high + step))
            for machine in rates.indices { keepLeast(&best, running[machine], low: low, high: high) }
            let done = (tick + 1) * step - goal
            guard done >= low else { continue }
            for slack in low...min(done, high) {
                for costs in running where costs[slack] < (end?.cost ?? Cost.infinity) {
                    end = End(tick: tick + 1, slack: slack, cost: costs[slack])
                }
            }
        }
        return end
    }

    /// One tick on a machine: staying, or a launch from whatever was cheapest.
    private func run<Cost: BinaryFloatingPoint>(
        _ costs: inout [Cost], best: [Cost], rate: Cost, low: Int, high: Int
    ) {
        costs.withUnsafeMutableBufferPointer { costs in
            best.withUnsafeBufferPointer { best in
                let first = max(low, launch)
                for slack in low..<max(low, min(first, high + 1)) { costs[slack] += rate }
                guard first <= high else { return }
                for slack in first...high {
                    let stay = costs[slack]
                    let start = best[slack - launch]
                    costs[slack] = (start < stay ? start : stay) + rate
                }
            }
        }
    }

    private func idle<Cost: BinaryFloatingPoint>(_ best: inout [Cost], low: Int, high: Int) {
        best.withUnsafeMutableBufferPointer { best in
            var slack = high
            while slack >= low {
                best[slack] = slack >= step ? best[slack - step] : .infinity
                slack -= 1
            }
        }
    }

    private func keepLeast<Cost: BinaryFloatingPoint>(_ best: inout [Cost], _ costs: [Cost], low: Int, high: Int) {
        best.withUnsafeMutableBufferPointer { best in
            costs.withUnsafeBufferPointer { costs in
                for slack in low...high {
                    let (old, new) = (best[slack], costs[slack])
                    best[slack] = new < old ? new : old
                }
            }
        }
    }

    /// The stay that ends before `until`: its launch came from the cheapest state of an earlier tick.
    private func lastStay(
        until tick: Int, slack: Int, cost: Double, layers: [[Double]], isUp: (_ zone: Int, _ tick: Int) -> Bool
    ) -> (machine: Int, ticks: Int) {
        for machine in rates.indices {
            var length = 1
            while length <= tick, machine == rates.count - 1 || isUp(machine, tick - length) {
                if layers[tick - length][slack - launch] + rates[machine] * Double(length) == cost {
                    return (machine, length)
                }
                length += 1
            }
        }
        preconditionFailure("no course leads to tick \(tick) with slack \(slack) used and cost \(cost)")
    }

    private static func divisor(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : divisor(b, a % b) }
}
