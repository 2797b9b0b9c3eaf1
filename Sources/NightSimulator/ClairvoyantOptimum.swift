// SPDX-License-Identifier: Apache-2.0

package import NightEngine

/// The cheapest course that a night could have taken, had it known the whole market beforehand.
///
/// Whole ticks are charged, each launch takes its overhead off the progress at once, and the work must be done within
/// the whole ticks of the window. No policy that cannot see the future can beat it.
///
/// The state is (tick, machine, slack used): an idle tick uses a tick of slack, a launch uses an overhead, training
/// uses none. So a tick on a machine changes nothing but the cost.
package struct ClairvoyantOptimum: Sendable {
    private let rates: [Double]
    private let tick, work, launch: Int64
    private let ticks: Int

    /// Bytes of choices that are kept at once.
    private static let mostChoices = 32_000_000

    /// Times in milliseconds, rates in microdollars per hour. Zones are told apart by their place in `spotRates`.
    package init(
        tick: Int64, work: Int64, restartOverhead: Int64, window: Int64, spotRates: [Int64], onDemandRate: Int64
    ) {
        precondition(tick > 0 && work > 0 && restartOverhead >= 0, "tick \(tick), work \(work), \(restartOverhead)")
        self.tick = tick
        self.work = work
        launch = restartOverhead
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
    /// Memory is an array for each machine, time is ticks × slacks × machines.
    package func rateTicks(isUp: (_ zone: Int, _ tick: Int) -> Bool) -> Int64? {
        guard var layers = layers(rates, inSinglePrecision: false) else { return nil }
        for number in 0..<ticks { layers.pass(number, isUp: isUp) }
        return layers.end.map { Int64($0.cost) }
    }

    /// The cost in on-demand ticks, added up tick by tick in single precision.
    ///
    /// The published reference tables were made so; they differ from the exact sum by up to 2e-5 of it, and where two
    /// courses cost nearly the same their rounding chooses.
    package func singlePrecisionTicks(
        spotShare: Double, isUp: (_ zone: Int, _ tick: Int) -> Bool
    ) -> Double? {
        let shares = rates.dropLast().map { _ in Double(Float(spotShare)) } + [1]
        guard var layers = layers(shares, inSinglePrecision: true) else { return nil }
        for number in 0..<ticks { layers.pass(number, isUp: isUp) }
        return layers.end?.cost
    }

    /// The cost and one course that has it.
    ///
    /// Choices are kept for a stretch of ticks at a time. Where the night is longer than one, the layers before each
    /// stretch are kept and each is passed a second time.
    package func solution(isUp: (_ zone: Int, _ tick: Int) -> Bool) -> Solution? {
        guard var layers = layers(rates, inSinglePrecision: false) else { return nil }
        let stretch = max(1, Self.mostChoices / (layers.grid.values.count * (rates.count + 1)))
        var starts: [OptimumLayers] = []
        var choices = OptimumChoices()
        for number in 0..<ticks {
            if number % stretch == 0 {
                starts.append(layers)
                choices = OptimumChoices()
            }
            layers.pass(number, isUp: isUp, &choices)
        }
        guard let end = layers.end else { return nil }
        var course: [Placement] = []
        var (place, machine) = (end.place, Optional(end.machine))
        var first = (ticks - 1) / stretch * stretch
        for number in (0..<end.tick).reversed() {
            if number < first {
                first = number / stretch * stretch
                layers = starts[first / stretch]
                choices = OptimumChoices()
                for again in first...number { layers.pass(again, isUp: isUp, &choices) }
            }
            let step = number - first
            if machine == nil { machine = choices.machine(step, place) }
            guard let on = machine else {
                course.append(.none)
                place = Int(layers.grid.beforeIdle[place])
                continue
            }
            course.append(on == rates.count - 1 ? .onDemand(0) : .spot(on))
            if choices.isLaunch(step, place, on) {
                place = Int(layers.grid.beforeLaunch[place])
                machine = nil
            }
        }
        return Solution(rateTicks: Int64(end.cost), finishTick: end.tick, course: course.reversed())
    }

    private func layers(_ rates: [Double], inSinglePrecision: Bool) -> OptimumLayers? {
        let room = Int64(ticks) * tick - work
        guard room >= launch else { return nil }
        return OptimumLayers(
            rates: rates, tick: tick, work: work, launch: launch, ticks: ticks, inSinglePrecision: inSinglePrecision,
            grid: SlackGrid(room: room, tick: tick, launch: launch, ticks: ticks))
    }
}
