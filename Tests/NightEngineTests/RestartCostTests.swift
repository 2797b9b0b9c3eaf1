// SPDX-License-Identifier: Apache-2.0

import NightEngine
import Testing
import TrainingJobs

/// What a machine in its restart is expected to cost, held against its launch.
@Suite struct RestartCostTests {
    private static let minute: Int64 = 60000

    /// Restarts within a tick, of a few ticks, cut by the grid, and longer than twelve steps.
    private static let shapes: [(tick: Int64, restart: Int64, interval: Int64)] = [
        (1, 30, 0), (10, 20, 0), (10, 6, 0), (10, 25, 0), (10, 25, 30), (5, 15, 20), (1, 5, 10), (10, 150, 0),
    ]

    /// Four hours of work in eight; two pools of one price.
    private static func start(_ shape: (tick: Int64, restart: Int64, interval: Int64)) -> Outlook {
        Outlook(
            window: 480 * minute, totalWork: 240 * minute, restartOverhead: shape.restart * minute,
            onDemandWait: 0, tick: shape.tick * minute, checkpointInterval: shape.interval * minute,
            spot: [Pool(rate: 1_000_000, isUp: true, age: 0), Pool(rate: 1_000_000, isUp: true, age: 0)],
            onDemand: [Pool(rate: 3_000_000, isUp: true, age: 0)])
    }

    private static func cost(_ policy: NightshiftPolicy, _ outlook: Outlook) throws -> Int64 {
        try #require(policy.appraisals(in: outlook).first { $0.placement == .spot(0) }).microdollars
    }

    private static func outlooks(_ start: Outlook) -> [Outlook] {
        stride(from: 0, through: 400, by: 16).flatMap { (elapsed: Int64) in
            [0, 7, 60, 200].map { (age: Int64) in
                var outlook = start
                outlook.elapsed = elapsed * minute
                outlook.workLeft = max(10, 240 - elapsed / 2) * minute
                outlook.durableWorkLeft = outlook.workLeft
                for pool in outlook.spot.indices { outlook.spot[pool].age = age * minute }
                return outlook
            }
        }
    }

    @Test(arguments: shapes)
    func `what was launched this instant costs what its launch does`(tick: Int64, restart: Int64, interval: Int64)
        throws
    {
        let start = Self.start((tick, restart, interval))
        let policy = NightshiftPolicy(for: start)
        for var outlook in Self.outlooks(start) {
            let launch = try Self.cost(policy, outlook)
            outlook.current = .spot(0)
            outlook.overheadLeft = outlook.restartOverhead
            #expect(try Self.cost(policy, outlook) == launch, "\(outlook)")
        }
    }

    @Test(arguments: shapes)
    func `the less is left of a restart, the less it costs`(tick: Int64, restart: Int64, interval: Int64) throws {
        let start = Self.start((tick, restart, interval))
        let policy = NightshiftPolicy(for: start)
        for var outlook in Self.outlooks(start) {
            outlook.current = .spot(0)
            let costs = try stride(from: 0, through: outlook.restartOverhead, by: Int(Self.minute)).map { left in
                outlook.overheadLeft = left
                return try Self.cost(policy, outlook)
            }
            for (less, more) in zip(costs, costs.dropFirst()) {
                #expect(less <= more + 10, "\(outlook.elapsed / Self.minute) min, age \(outlook.spot[0].age): \(costs)")
            }
        }
    }

    @Test func `a pool that a limit drops does not change the rule for giving on-demand up`() throws {
        let start = Self.start((10, 20, 0))
        let (two, one) = (NightshiftPolicy(for: start), NightshiftPolicy(for: Self.dropping(start)))
        var differ = 0
        for elapsed in stride(from: 0, through: 200, by: 10) as StrideThrough<Int64> {
            for age in stride(from: 0, through: 200, by: 10) as StrideThrough<Int64> {
                var outlook = start
                outlook.elapsed = elapsed * Self.minute
                outlook.current = .onDemand(0)
                outlook.spot[0].age = min(age, elapsed) * Self.minute
                outlook.spot[1].isUp = false
                // With one pool left the cost of staying is of that pool alone, and so is the verdict's.
                outlook = Self.dropping(outlook)
                let costs = two.appraisals(in: outlook)
                let least = try #require(costs.min { $0.microdollars < $1.microdollars })
                #expect(two.verdict(in: outlook).placement == least.placement)
                if one.verdict(in: outlook).placement != least.placement { differ += 1 }
            }
        }
        #expect(differ > 0, "the rule for one pool is never met here")
    }

    private static func dropping(_ outlook: Outlook) -> Outlook {
        var outlook = outlook
        outlook.spot.removeLast()
        return outlook
    }
}
