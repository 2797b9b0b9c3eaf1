// SPDX-License-Identifier: Apache-2.0

/// What the cheapest way to each state was, for some ticks in a row: a byte for a state of each machine, and one for
/// the cheapest of them.
struct OptimumChoices {
    private static let idle: UInt8 = .max

    private struct Tick {
        var first = 0
        /// By place: the machine that the cheapest is on.
        var on: [UInt8] = []
        /// By machine, then by place.
        var launched: [[Bool]] = []
    }

    private var ticks: [Tick] = []

    /// The machine that the cheapest state after a tick is on; `nil` when it waited.
    func machine(_ step: Int, _ place: Int) -> Int? {
        let on = ticks[step].on[place - ticks[step].first]
        return on == Self.idle ? nil : Int(on)
    }

    func isLaunch(_ step: Int, _ place: Int, _ machine: Int) -> Bool {
        ticks[step].launched[machine][place - ticks[step].first]
    }

    mutating func begin(_ places: Range<Int>, machines: Int) {
        precondition(machines < Self.idle, "\(machines) machines")
        ticks.append(
            Tick(
                first: places.lowerBound, on: Array(repeating: Self.idle, count: places.count),
                launched: Array(repeating: [], count: machines)))
    }

    /// A tick to which no state leads.
    mutating func skip() { ticks.append(Tick()) }

    mutating func launches(
        _ machine: Int, _ places: Range<Int>, _ started: [Double], over stayed: [Double]
    ) {
        ticks[ticks.count - 1].launched[machine] = [Bool](unsafeUninitializedCapacity: places.count) {
            launched, count in
            for place in places { launched[place - places.lowerBound] = started[place] < stayed[place] }
            count = places.count
        }
    }

    mutating func machines(
        _ machine: Int, _ places: Range<Int>, _ costs: [Double], over best: [Double]
    ) {
        let number = UInt8(machine)
        ticks[ticks.count - 1].on.withUnsafeMutableBufferPointer { on in
            for place in places {
                let index = place - places.lowerBound
                on[index] = costs[place] < best[place] ? number : on[index]
            }
        }
    }
}
