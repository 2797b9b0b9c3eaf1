// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The grid of a value table: time in steps, work in units, and ages that grow in proportion. With it, the chances that
/// a pool changes within a step.
struct ValueGrid: Sendable {
    /// Milliseconds: a whole number of ticks.
    let step: Int64
    /// From the start to the window's end.
    let steps: Int
    /// Units of work in a step. Where there is room they are so fine that every restart is a whole number of them, and
    /// the table knows which restart makes the last tick spill over; otherwise a unit is a step.
    let unitsPerStep: Int
    /// The most work that the table covers.
    let units: Int
    /// In steps, rising from 0.
    let ages: [Int]
    /// By age: that a pool that is up is lost within a step, and that one that is down returns.
    let loss, recovery: [Float]
    /// For an age in whole steps: the grid's age at or below it, and how far it is to the next one.
    private let places: [AgePlace]

    struct AgePlace: Hashable, Sendable {
        var lower: Int
        var share: Float
    }

    // They bound what solving costs. Halving or doubling them changes mean costs by 0.5 % at most.
    private static let mostSteps: Int64 = 300
    private static let mostStepsOfRestart: Int64 = 12
    private static let mostCells = 40_000

    init(_ shape: ValueShape) {
        let ticks = max(
            (shape.window / shape.tick + Self.mostSteps - 1) / Self.mostSteps,
            (shape.restartOverhead / shape.tick + Self.mostStepsOfRestart - 1) / Self.mostStepsOfRestart, 1)
        let step = shape.tick * ticks
        self.step = step
        steps = Int((shape.window + step - 1) / step)
        // The estimate of the work may turn out short by a quarter.
        let work = min(shape.totalWork + shape.totalWork / 4, shape.window)
        let workSteps = Int((work + step - 1) / step) + 1
        let whole = Int(step / Self.divisor(step, Self.divisor(shape.totalWork, shape.restartOverhead)))
        unitsPerStep = whole * workSteps * steps <= Self.mostCells ? whole : 1
        units = workSteps * unitsPerStep
        var ages = [0]
        while let last = ages.last, last < steps { ages.append(max(last + 1, (last * 13 + 9) / 10)) }
        self.ages = ages
        var lower = 0
        places = (0...steps).map { age in
            if lower + 1 < ages.count, ages[lower + 1] <= age { lower += 1 }
            guard lower + 1 < ages.count else { return AgePlace(lower: lower, share: 0) }
            return AgePlace(lower: lower, share: Float(age - ages[lower]) / Float(ages[lower + 1] - ages[lower]))
        }
        let hours = Double(step) / 3_600_000
        func chances(_ law: HazardLaw) -> [Float] {
            ages.map { Float(law.probabilityOfChange(ageHours: Double($0) * hours, stepHours: hours)) }
        }
        loss = chances(shape.loss)
        recovery = chances(shape.recovery)
    }

    /// Of an age in milliseconds, to the nearest step.
    func place(age: Int64) -> AgePlace { places[Int(min(max(0, (age + step / 2) / step), Int64(steps)))] }

    /// Of the age so many steps after one of the grid's.
    func place(after age: Int, steps count: Int = 1) -> AgePlace { places[min(ages[age] + count, steps)] }

    /// That a pool is lost, or returns, within a step that begins at such an age.
    func chance(_ chances: [Float], at place: AgePlace) -> Float {
        guard place.share > 0 else { return chances[place.lower] }
        return chances[place.lower] + (chances[place.lower + 1] - chances[place.lower]) * place.share
    }

    func inSteps(_ time: Int64) -> Float { Float(time) / Float(step) }

    private static func divisor(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : divisor(b, a % b) }
}
