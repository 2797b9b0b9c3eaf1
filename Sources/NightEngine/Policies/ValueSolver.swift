// SPDX-License-Identifier: Apache-2.0

/// Solves a value table backwards in time.
///
/// `held` is the table: the cost once the choice for a step is made. `had` is the cost before it, by what the night
/// comes from; of that only the step before is needed.
struct ValueSolver {
    /// What the night comes from. `starting` is Spot with one step of its restart left; rows for more follow it.
    private enum Had {
        static let nothing = 0
        static let onDemand = 1
        static let spot = 2
        static let starting = 3
    }

    private let grid: ValueGrid
    private let layout: ValueLayout
    private let room: ValueRoom
    /// By age.
    private let moves: [MoveOdds]
    private let spotPrice, onDemandPrice: Float
    private let hadRows: Int
    private let table, scratch: UnsafeMutablePointer<Float>

    static func solve(_ shape: ValueShape, _ grid: ValueGrid, _ layout: ValueLayout) -> [Float] {
        let room = ValueRoom(shape, grid)
        let hadRows = Had.starting + room.restartSteps - 1
        let size = (grid.steps + 1) * layout.layer
        // Two steps × ages × up and down, and the working rows.
        let scratch = (4 * layout.ages * hadRows + 4) * layout.stride
        return [Float](unsafeUninitializedCapacity: size) { memory, count in
            memory.initialize(repeating: 0)
            count = size
            withUnsafeTemporaryAllocation(of: Float.self, capacity: scratch) { rows in
                rows.initialize(repeating: 0)
                guard let table = memory.baseAddress, let scratch = rows.baseAddress else { return }
                let hours = Float(grid.step) / 3_600_000
                ValueSolver(
                    grid: grid, layout: layout, room: room,
                    moves: grid.ages.indices.map { MoveOdds(of: $0, wait: room.waitSteps, grid) },
                    spotPrice: Float(shape.spotRate) * hours,
                    onDemandPrice: Float(shape.onDemandRate) * hours, hadRows: hadRows, table: table, scratch: scratch
                ).solve()
            }
        }
    }

    private func solve() {
        end()
        for time in 1...grid.steps {
            lostOnSpot.shift(
                had(time - 1, 0, isUp: false, Had.nothing), moreWork: room.expectedLoss * Float(grid.unitsPerStep))
            for age in 0..<layout.ages {
                holdUp(time, age)
                chooseUp(time, age)
                holdDown(time, age)
                chooseDown(time, age)
            }
        }
    }

    // MARK: Rows

    private func row(_ cells: UnsafeMutablePointer<Float>) -> ValueRow {
        ValueRow(cells: cells, pad: layout.pad, count: layout.stride)
    }

    private func held(_ time: Int, _ age: Int, isUp: Bool, _ holding: ValueLayout.Holding) -> ValueRow {
        row(table + layout.offset(time: time, age: age, isUp: isUp, holding))
    }

    private func had(_ time: Int, _ age: Int, isUp: Bool, _ what: Int) -> ValueRow {
        row(scratch + ((((time & 1) * 2 + (isUp ? 0 : 1)) * layout.ages + age) * hadRows + what) * layout.stride)
    }

    private func working(_ number: Int) -> ValueRow {
        row(scratch + (4 * layout.ages * hadRows + number) * layout.stride)
    }

    /// Spot was lost in training, and with it what was not saved.
    private var lostOnSpot: ValueRow { working(0) }
    private var buying: ValueRow { working(1) }
    private var startedUp: ValueRow { working(2) }
    private var moving: ValueRow { working(3) }

    /// The window is over: what is left is done on on-demand, late.
    private func end() {
        func late(_ row: ValueRow, restart: Float) {
            for index in row.pad + 1..<row.count {
                row.cells[index] = onDemandPrice * (Float(index - row.pad) / Float(grid.unitsPerStep) + restart)
            }
        }
        for age in 0..<layout.ages {
            for what in 0..<hadRows {
                let restart = what == Had.onDemand ? 0 : room.restart
                for isUp in [true, false] { late(had(0, age, isUp: isUp, what), restart: restart) }
            }
            for holding in layout.holdings {
                late(held(0, age, isUp: true, holding), restart: holding == .onDemand ? 0 : room.restart)
            }
            for holding in ValueLayout.Holding.whenDown {
                late(held(0, age, isUp: false, holding), restart: holding == .onDemand ? 0 : room.restart)
            }
        }
    }

    // MARK: After the choice

    private func holdUp(_ time: Int, _ age: Int) {
        let lost = had(time - 1, 0, isUp: false, Had.nothing)
        pass(held(time, age, isUp: true, .idle), time, age, isUp: true, Had.nothing, changed: lost)
        pass(
            held(time, age, isUp: true, .onDemand), time, age, isUp: true, Had.onDemand,
            changed: had(time - 1, 0, isUp: false, Had.onDemand), price: onDemandPrice, work: grid.unitsPerStep)
        pass(
            held(time, age, isUp: true, .spot), time, age, isUp: true, Had.spot, changed: lostOnSpot, price: spotPrice,
            work: grid.unitsPerStep)
        // A restart, from its last step on: that one ends with some training.
        pass(startedUp, time, age, isUp: true, Had.spot, changed: lost)
        let last = held(time, age, isUp: true, .restart(stepsLeft: 1))
        last.shift(startedUp, moreWork: -room.lastGain * Float(grid.unitsPerStep), price: spotPrice)
        // A restart has nothing to lose yet; that must not make it look cheaper than training.
        last.raise(to: held(time, age, isUp: true, .spot))
        for stepsLeft in 1..<room.restartSteps {
            let longer = held(time, age, isUp: true, .restart(stepsLeft: stepsLeft + 1))
            pass(
                longer, time, age, isUp: true, Had.starting + stepsLeft - 1, changed: lost, price: spotPrice)
            longer.raise(to: held(time, age, isUp: true, .restart(stepsLeft: stepsLeft)))
        }
    }

    private func holdDown(_ time: Int, _ age: Int) {
        pass(
            held(time, age, isUp: false, .idle), time, age, isUp: false, Had.nothing,
            changed: had(time - 1, 0, isUp: true, Had.nothing))
        pass(
            held(time, age, isUp: false, .onDemand), time, age, isUp: false, Had.onDemand,
            changed: had(time - 1, 0, isUp: true, Had.onDemand), price: onDemandPrice, work: grid.unitsPerStep)
    }

    /// One step: the pool stays as it is and grows older, or it changes.
    private func pass(
        _ target: ValueRow, _ time: Int, _ age: Int, isUp: Bool, _ what: Int, changed: ValueRow, price: Float = 0,
        work: Int = 0
    ) {
        let change = isUp ? grid.loss[age] : grid.recovery[age]
        let next = grid.place(after: age)
        let older = had(time - 1, min(next.lower + 1, layout.ages - 1), isUp: isUp, what)
        target.blend(
            price: price, after: work, had(time - 1, next.lower, isUp: isUp, what), (1 - change) * (1 - next.share),
            older, (1 - change) * next.share, changed, change)
    }

    // MARK: Before the choice

    private func chooseUp(_ time: Int, _ age: Int) {
        buy(time, age, isUp: true)
        let launch = held(time, age, isUp: true, .restart(stepsLeft: room.restartSteps))
        let nothing = choose(time, age, isUp: true, Had.nothing, otherwise: buying)
        nothing.lower(to: held(time, age, isUp: true, .idle), through: last(time, room.toWait))
        nothing.lower(to: launch, through: last(time, room.toEnter))
        choose(time, age, isUp: true, Had.onDemand, otherwise: held(time, age, isUp: true, .onDemand))
            .lower(to: launch, through: last(time, room.toLeave))
        move(time, age)
        choose(time, age, isUp: true, Had.spot, otherwise: held(time, age, isUp: true, .move))
            .lower(to: held(time, age, isUp: true, .spot), through: last(time, room.toStay))
        for stepsLeft in 1..<room.restartSteps {
            choose(time, age, isUp: true, Had.starting + stepsLeft - 1, otherwise: buying)
                .lower(
                    to: held(time, age, isUp: true, .restart(stepsLeft: stepsLeft)),
                    through: last(time, room.toGoOn(stepsLeft)))
        }
        for what in 0..<hadRows { nothingLeft(had(time, age, isUp: true, what)) }
    }

    private func chooseDown(_ time: Int, _ age: Int) {
        buy(time, age, isUp: false)
        choose(time, age, isUp: false, Had.nothing, otherwise: buying)
            .lower(to: held(time, age, isUp: false, .idle), through: last(time, room.toWait))
        _ = choose(time, age, isUp: false, Had.onDemand, otherwise: held(time, age, isUp: false, .onDemand))
        for what in [Had.nothing, Had.onDemand] { nothingLeft(had(time, age, isUp: false, what)) }
    }

    private func choose(_ time: Int, _ age: Int, isUp: Bool, _ what: Int, otherwise row: ValueRow) -> ValueRow {
        let target = had(time, age, isUp: isUp, what)
        target.copy(row)
        return target
    }

    /// On-demand is asked for now: after its wait it restarts and trains.
    private func buy(_ time: Int, _ age: Int, isUp: Bool) {
        buying.shift(
            held(max(0, time - room.waitSteps), age, isUp: isUp, .onDemand),
            moreWork: room.restart * Float(grid.unitsPerStep))
    }

    /// The same while Spot goes on. It trains through the wait if it lives as long; if not, the pool is down, or back,
    /// when on-demand comes. Either way what was not saved is lost: on-demand starts from the newest save.
    private func move(_ time: Int, _ age: Int) {
        let move = held(time, age, isUp: true, .move)
        let then = max(0, time - room.waitSteps)
        let odds = moves[age]
        let more = room.restart + room.expectedLoss
        func come(_ row: ValueRow, _ age: Int, isUp: Bool, trained: Float) {
            row.shift(
                held(then, age, isUp: isUp, .onDemand), moreWork: (more - trained) * Float(grid.unitsPerStep),
                price: spotPrice * trained)
        }
        let trained = Float(room.waitSteps)
        come(move, odds.after.lower, isUp: true, trained: trained)
        if odds.after.share > 0 {
            come(moving, odds.after.lower + 1, isUp: true, trained: trained)
            move.mix(keeping: 1 - odds.after.share, price: 0, moving, odds.after.share)
        }
        guard room.waitSteps > 0 else { return }
        come(moving, odds.downAge, isUp: false, trained: odds.trained)
        move.mix(keeping: odds.lives, price: 0, moving, odds.staysDown)
        come(moving, 0, isUp: true, trained: odds.trained)
        move.mix(keeping: 1, price: 0, moving, 1 - odds.lives - odds.staysDown)
    }

    /// The index of the most work that leaves so much room.
    private func last(_ time: Int, _ room: Float) -> Int {
        let units = ((Float(time) - room) * Float(grid.unitsPerStep) + 1e-3).rounded(.down)
        return layout.pad + Int(min(Float(layout.stride - 1 - layout.pad), max(-1, units)))
    }

    private func nothingLeft(_ row: ValueRow) { row.cells[layout.pad] = 0 }
}
