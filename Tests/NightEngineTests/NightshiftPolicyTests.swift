// SPDX-License-Identifier: Apache-2.0

import NightEngine
import Testing
import TrainingJobs

/// Our policy's expectations, held against laws that need no other program: limits that can be worked out by hand, and
/// what more time, more work or a worse market must do to a cost.
@Suite struct NightshiftPolicyTests {
    private static let minute: Int64 = 60000
    private static let spot: Int64 = 1_000_000
    private static let onDemand: Int64 = 3_000_000

    /// Three hours of work in six, looked at every ten minutes; a restart is two ticks. `spot` has a rate for each pool.
    private static func start(
        spot rates: [Int64] = [spot], onDemand: [Int64] = [onDemand], wait: Int64 = 0, interval: Int64 = 0,
        window: Int64 = 360
    ) -> Outlook {
        Outlook(
            window: window * minute, totalWork: 180 * minute, restartOverhead: 20 * minute,
            onDemandWait: wait * minute, tick: 10 * minute, checkpointInterval: interval * minute,
            spot: rates.map { Pool(rate: $0, isUp: true, age: 0) },
            onDemand: onDemand.map { Pool(rate: $0, isUp: true, age: 0) })
    }

    private static func model(loss: Double = 1, recovery: Double = 1) -> MarketModel {
        var model = MarketModel.shipped
        model.loss.factor = loss
        model.recovery.factor = recovery
        return model
    }

    private static func costs(_ policy: NightshiftPolicy, _ outlook: Outlook) -> [Placement: Int64] {
        Dictionary(uniqueKeysWithValues: policy.appraisals(in: outlook).map { ($0.placement, $0.microdollars) })
    }

    private static func least(_ policy: NightshiftPolicy, _ outlook: Outlook) throws -> Int64 {
        try #require(policy.appraisals(in: outlook).map(\.microdollars).min())
    }

    // MARK: Limits

    @Test func `Spot that is never lost costs its price for the work and one restart`() throws {
        let policy = NightshiftPolicy(for: Self.start(), believing: [Self.model(loss: 1e-9)])
        let cost = try #require(Self.costs(policy, Self.start())[.spot(0)])
        #expect(abs(cost - Self.spot * 200 / 60) <= 20)
        #expect(policy.verdict(in: Self.start()).placement == .spot(0))
    }

    @Test func `Spot that never returns leaves on-demand's price for the work and one restart`() throws {
        var outlook = Self.start()
        outlook.spot[0].isUp = false
        let policy = NightshiftPolicy(for: outlook, believing: [Self.model(recovery: 1e-9)])
        let costs = Self.costs(policy, outlook)
        for placement in [Placement.none, .onDemand(0)] {
            #expect(abs(try #require(costs[placement]) - Self.onDemand * 200 / 60) <= 60, "\(placement)")
        }
        #expect(costs[.spot(0)] == nil)
    }

    @Test func `on-demand that runs costs the work that is left and the rest of its restart`() throws {
        var outlook = Self.start()
        outlook.spot[0].isUp = false
        outlook.current = .onDemand(0)
        outlook.workLeft = 60 * Self.minute
        outlook.durableWorkLeft = outlook.workLeft
        outlook.overheadLeft = 10 * Self.minute
        let policy = NightshiftPolicy(for: Self.start(), believing: [Self.model(recovery: 1e-9)])
        let costs = Self.costs(policy, outlook)
        #expect(abs(try #require(costs[.onDemand(0)]) - Self.onDemand * 70 / 60) <= 30)
        // A machine is never given up for nothing.
        #expect(costs[.none] == nil)
    }

    // MARK: What must move a cost which way

    @Test func `more time left never costs more, and more work left never less`() throws {
        let start = Self.start()
        let policy = NightshiftPolicy(for: start)
        for isUp in [true, false] {
            for age in [0, 30, 120] as [Int64] {
                var table: [[Int64]] = []
                for time in stride(from: 0, through: 360, by: 10) as StrideThrough<Int64> {
                    table.append(
                        try stride(from: 10, through: 180, by: 10).map { (work: Int64) in
                            var outlook = start
                            outlook.elapsed = (360 - time) * Self.minute
                            outlook.workLeft = work * Self.minute
                            outlook.durableWorkLeft = outlook.workLeft
                            outlook.spot[0].isUp = isUp
                            outlook.spot[0].age = age * Self.minute
                            return try Self.least(policy, outlook)
                        })
                }
                for (less, more) in zip(table, table.dropFirst()) {
                    for (earlier, later) in zip(more, less) { #expect(earlier <= later + 10) }
                }
                for row in table {
                    for (less, more) in zip(row, row.dropFirst()) { #expect(less <= more + 10) }
                }
            }
        }
    }

    @Test func `a market that loses more or returns less is never cheaper`() throws {
        var outlook = Self.start()
        for isUp in [true, false] {
            outlook.spot[0].isUp = isUp
            func least(_ loss: Double, _ recovery: Double) throws -> Int64 {
                try Self.least(
                    NightshiftPolicy(for: outlook, believing: [Self.model(loss: loss, recovery: recovery)]), outlook)
            }
            let costs = try [(0.5, 2.0), (1, 1), (2, 0.5), (4, 0.25)].map { try least($0.0, $0.1) }
            #expect(costs == costs.sorted(), "\(costs)")
            #expect(costs[0] < costs[3])
        }
    }

    @Test func `a longer restart, a longer wait for on-demand and rarer checkpoints cost more`() throws {
        let base = try Self.least(NightshiftPolicy(for: Self.start()), Self.start())
        var restart = Self.start()
        restart.restartOverhead = 30 * Self.minute
        for dearer in [restart, Self.start(wait: 30), Self.start(interval: 30)] {
            #expect(try Self.least(NightshiftPolicy(for: dearer), dearer) > base)
        }
    }

    @Test func `moving to on-demand while Spot goes on costs less than buying it with nothing`() throws {
        var outlook = Self.start(wait: 30)
        outlook.spot[0].age = 120 * Self.minute
        let policy = NightshiftPolicy(for: outlook)
        let buying = try #require(Self.costs(policy, outlook)[.onDemand(0)])
        outlook.current = .spot(0)
        #expect(try #require(Self.costs(policy, outlook)[.onDemand(0)]) < buying)
    }

    @Test func `moving from Spot that is never lost costs its price for the wait and on-demand's for the rest`() throws
    {
        // With ten minutes to spare on-demand is not left again.
        var outlook = Self.start(wait: 30, window: 240)
        outlook.current = .spot(0)
        let policy = NightshiftPolicy(for: outlook, believing: [Self.model(loss: 1e-9)])
        let cost = try #require(Self.costs(policy, outlook)[.onDemand(0)])
        #expect(abs(cost - Self.spot * 30 / 60 - Self.onDemand * 170 / 60) <= 60)
    }

    @Test func `a move costs more the more is not saved when Spot ends`() throws {
        let costs = try [0, 30, 60].map { (interval: Int64) in
            var outlook = Self.start(wait: 30, interval: interval, window: 600)
            outlook.current = .spot(0)
            return try #require(Self.costs(NightshiftPolicy(for: outlook), outlook)[.onDemand(0)])
        }
        #expect(costs[0] < costs[1] && costs[1] < costs[2], "\(costs)")
    }

    @Test(arguments: [0, 1, 5, 20] as [Int64], [5, 30] as [Int64])
    func `on-demand once asked for costs what asking for it does, and is kept`(restart: Int64, wait: Int64) throws {
        var start = Self.start(spot: [Self.spot, Self.spot], wait: wait, interval: 10)
        start.restartOverhead = restart * Self.minute
        let policy = NightshiftPolicy(for: start)
        for elapsed in stride(from: 0, through: 300, by: 4) as StrideThrough<Int64> {
            for work in stride(from: 10, through: 180, by: 10) as StrideThrough<Int64> {
                var outlook = start
                outlook.elapsed = elapsed * Self.minute
                outlook.workLeft = work * Self.minute
                outlook.durableWorkLeft = outlook.workLeft
                outlook.spot[0].age = elapsed / 2 * Self.minute
                outlook.current = .spot(0)
                var asked = outlook
                asked.current = .onDemand(0)
                asked.overheadLeft = asked.restartOverhead
                asked.trainingMeanwhile = 0
                #expect(Self.costs(policy, asked) == Self.costs(policy, outlook), "\(elapsed) min, \(work) min")
                guard policy.verdict(in: outlook).placement == .onDemand(0) else { continue }
                #expect(policy.verdict(in: asked).placement == .onDemand(0), "\(elapsed) min, \(work) min")
            }
        }
    }

    // MARK: Several pools

    @Test func `of pools of one age the cheapest is launched, and an old one before a newborn`() throws {
        var outlook = Self.start(spot: [Self.spot, Self.spot * 11 / 10, Self.spot * 12 / 10])
        let policy = NightshiftPolicy(for: outlook)
        #expect(policy.verdict(in: outlook).placement == .spot(0))
        outlook.elapsed = 120 * Self.minute
        outlook.spot[1].age = 120 * Self.minute
        #expect(policy.verdict(in: outlook).placement == .spot(1))
        outlook.spot[1].isUp = false
        #expect(policy.verdict(in: outlook).placement == .spot(0))
    }

    @Test func `a pool's own model is believed`() {
        let outlook = Self.start(spot: [Self.spot, Self.spot])
        let steady = NightshiftPolicy(for: outlook, believing: [Self.model(loss: 2), Self.model(loss: 0.25)])
        #expect(steady.verdict(in: outlook).placement == .spot(1))
        #expect(NightshiftPolicy(for: outlook).verdict(in: outlook).placement == .spot(0))
    }

    @Test func `a running pool is left only for one that is cheaper by more than a restart`() throws {
        var outlook = Self.start(spot: [Self.spot, Self.spot * 12 / 10])
        outlook.current = .spot(1)
        outlook.workLeft = 20 * Self.minute
        outlook.durableWorkLeft = outlook.workLeft
        outlook.elapsed = 120 * Self.minute
        for pool in [0, 1] { outlook.spot[pool].age = outlook.elapsed }
        let verdict = NightshiftPolicy(for: outlook).verdict(in: outlook)
        #expect(verdict == Verdict(.spot(1), .spotHolds))
    }

    // MARK: Without a model, and the same again

    @Test func `without on-demand, or without Spot, whatever can be had is taken`() {
        var outlook = Self.start(onDemand: [])
        #expect(NightshiftPolicy(for: outlook).verdict(in: outlook) == Verdict(.spot(0), .spotWorthTrying))
        #expect(NightshiftPolicy(for: outlook).appraisals(in: outlook).isEmpty)
        outlook.spot[0].isUp = false
        #expect(NightshiftPolicy(for: outlook).verdict(in: outlook) == Verdict(.none, .everythingRefused))
        let noSpot = Self.start(spot: [])
        #expect(NightshiftPolicy(for: noSpot).verdict(in: noSpot) == Verdict(.onDemand(0), .leastExpectedCost))
    }

    @Test func `the verdict is the least of the appraisals, and solving again gives the same`() throws {
        let start = Self.start(spot: [Self.spot, Self.spot * 11 / 10])
        let (one, other) = (NightshiftPolicy(for: start), NightshiftPolicy(for: start))
        for elapsed in stride(from: 0, to: 360, by: 30) as StrideTo<Int64> {
            for placement in [Placement.none, .spot(0), .onDemand(0)] {
                for isUp in [true, false] where isUp || placement != .spot(0) {
                    var outlook = start
                    outlook.elapsed = elapsed * Self.minute
                    outlook.workLeft -= elapsed / 3 * Self.minute
                    outlook.durableWorkLeft = outlook.workLeft
                    outlook.current = placement
                    outlook.spot[0] = Pool(rate: Self.spot, isUp: isUp, age: elapsed / 2 * Self.minute)
                    outlook.spot[1].isUp = elapsed % 60 == 0
                    let verdict = one.verdict(in: outlook)
                    let appraisals = one.appraisals(in: outlook)
                    #expect(verdict == other.verdict(in: outlook))
                    #expect(appraisals == other.appraisals(in: outlook))
                    let chosen = try #require(appraisals.first { $0.placement == verdict.placement })
                    // To the rounding that waiting has to beat.
                    let least = try #require(appraisals.map(\.microdollars).min())
                    #expect(chosen.microdollars - least <= least / 5000)
                }
            }
        }
    }

    @Test func `what lies outside the table is answered too`() {
        var outlook = Self.start()
        let policy = NightshiftPolicy(for: outlook)
        outlook.workLeft = 10_000 * Self.minute
        outlook.elapsed = 10_000 * Self.minute
        outlook.spot[0].age = outlook.elapsed
        #expect(policy.appraisals(in: outlook).allSatisfy { $0.microdollars > 0 })
        outlook.workLeft = 0
        #expect(!policy.appraisals(in: outlook).isEmpty)
    }
}
