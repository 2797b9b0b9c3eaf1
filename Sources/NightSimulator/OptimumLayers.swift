// SPDX-License-Identifier: Apache-2.0

/// The least costs of all states before a tick, passed on tick by tick.
struct OptimumLayers {
    struct End { var tick, place, machine: Int; var cost: Double }

    let grid: SlackGrid
    private let rates: [Double]
    /// Sums are rounded to it as they are made.
    private let inSinglePrecision: Bool
    private let tick, work, launch: Int64
    private let room: Int64
    /// By place in the grid: whatever the night is on, and on each machine.
    private var best: [Double]
    private var running: [[Double]]
    private var started: [Double]
    /// The cheapest that has done the work.
    private(set) var end: End?

    init(rates: [Double], tick: Int64, work: Int64, launch: Int64, ticks: Int, inSinglePrecision: Bool, grid: SlackGrid)
    {
        (self.rates, self.tick, self.work, self.launch, self.grid) = (rates, tick, work, launch, grid)
        self.inSinglePrecision = inSinglePrecision
        room = Int64(ticks) * tick - work
        best = Array(repeating: .infinity, count: grid.values.count)
        started = best
        running = Array(repeating: best, count: rates.count)
        best[0] = 0
    }

    mutating func pass(_ number: Int, isUp: (_ zone: Int, _ tick: Int) -> Bool) {
        var none: OptimumChoices?
        pass(number, isUp: isUp, choices: &none)
    }

    mutating func pass(_ number: Int, isUp: (_ zone: Int, _ tick: Int) -> Bool, _ choices: inout OptimumChoices) {
        var kept: OptimumChoices? = choices
        choices = OptimumChoices()
        pass(number, isUp: isUp, choices: &kept)
        if let kept { choices = kept }
    }

    private mutating func pass(
        _ number: Int, isUp: (_ zone: Int, _ tick: Int) -> Bool, choices: inout OptimumChoices?
    ) {
        // Slack used up to now is at least what progress to the goal leaves, at most all ticks and a launch.
        let low = max(0, Int64(number) * tick - work + 1)
        let high = min(room, Int64(number) * tick + launch)
        guard low <= high else { return choices?.skip() ?? () }
        let places = grid.places(low...high)
        let idlePlaces = grid.places(low...min(room, high + tick))
        choices?.begin(idlePlaces, machines: rates.count)
        start(places)
        for machine in rates.indices {
            if machine < rates.count - 1, !isUp(machine, number) {
                running[machine].withUnsafeMutableBufferPointer { $0.update(repeating: .infinity) }
            } else {
                choices?.launches(machine, places, started, over: running[machine])
                run(machine, places)
            }
        }
        idle(idlePlaces)
        for machine in rates.indices {
            choices?.machines(machine, places, running[machine], over: best)
            keepLeast(machine, places)
        }
        let done = Int64(number + 1) * tick - work
        guard done >= low else { return }
        for place in grid.places(low...min(done, high)) {
            for machine in rates.indices where running[machine][place] < (end?.cost ?? .infinity) {
                end = End(tick: number + 1, place: place, machine: machine, cost: running[machine][place])
            }
        }
    }

    /// A launch from whatever was cheapest.
    private mutating func start(_ places: Range<Int>) {
        let (best, grid) = (best, grid)
        started.withUnsafeMutableBufferPointer { started in
            best.withUnsafeBufferPointer { best in
                grid.beforeLaunch.withUnsafeBufferPointer { before in
                    for place in places {
                        started[place] = before[place] < 0 ? .infinity : best[Int(before[place])]
                    }
                }
            }
        }
    }

    /// In place: what is read lies lower, so the highest is written first.
    private mutating func idle(_ places: Range<Int>) {
        let grid = grid
        best.withUnsafeMutableBufferPointer { best in
            grid.beforeIdle.withUnsafeBufferPointer { before in
                var place = places.upperBound
                while place > places.lowerBound {
                    place -= 1
                    best[place] = before[place] < 0 ? .infinity : best[Int(before[place])]
                }
            }
        }
    }

    /// One tick on a machine: staying, or a launch.
    private mutating func run(_ machine: Int, _ places: Range<Int>) {
        let rate = rates[machine]
        running[machine].withUnsafeMutableBufferPointer { costs in
            started.withUnsafeBufferPointer { started in
                for place in places {
                    let (stay, start) = (costs[place], started[place])
                    costs[place] = (start < stay ? start : stay) + rate
                }
                guard inSinglePrecision else { return }
                for place in places { costs[place] = Double(Float(costs[place])) }
            }
        }
    }

    private mutating func keepLeast(_ machine: Int, _ places: Range<Int>) {
        best.withUnsafeMutableBufferPointer { best in
            running[machine].withUnsafeBufferPointer { costs in
                for place in places {
                    let (old, new) = (best[place], costs[place])
                    best[place] = new < old ? new : old
                }
            }
        }
    }
}
