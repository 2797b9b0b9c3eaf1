// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Many nights: the same answer on any number of cores, in the same markets for every policy, with honest figures.
@Suite struct NightStudyTests {
    private static func study(width: Int, saveTime: Duration = .seconds(20)) -> NightStudy {
        let terms = Fixtures.terms()
        return NightStudy(terms, under: TrainingConditions(asPromised: terms, saveTime: saveTime), width: width) {
            night in
            var market = Fixtures.market(spells: [], terms: terms)
            market.listings[0].supply = .spells(
                SpellModel(
                    seed: UInt64(night), upScale: 1, downScale: 1, noticeShare: 0.5, notice: .seconds(120)
                ).spells(through: .hours(12)))
            return LaunchWaits([.minutes(2), .minutes(9), .minutes(20)]).draw(for: market, seed: UInt64(night))
        }
    }

    private static let policies: [PolicyName] = [.greedy, .uniformProgress, .onDemandOnly]

    @Test("one core and many give the same nights in the same order")
    func width() async throws {
        let one = try await Self.study(width: 1).results(of: Self.policies, nights: 37)
        let many = try await Self.study(width: 5).results(of: Self.policies, nights: 37)
        #expect(one == many)
        #expect(Set(one[0].nights.map(\.cost)).count > 10)
    }

    @Test("results stand in order of their numbers, and so does the first error")
    func order() async throws {
        struct Wrong: Error, Equatable { var number: Int }
        #expect(try await ParallelNights.results(101, width: 3) { $0 * 2 } == (0..<101).map { $0 * 2 })
        #expect(try await ParallelNights.results(0, width: 3) { $0 }.isEmpty)
        await #expect(throws: Wrong(number: 20)) {
            try await ParallelNights.results(101, width: 3) { if $0 % 10 == 0, $0 > 10 { throw Wrong(number: $0) } }
        }
    }

    @Test("a night by itself is the same as in a study")
    func alone() async throws {
        let study = Self.study(width: 2)
        let results = try await study.results(of: [.uniformProgress], nights: 12)
        #expect(try study.events(of: .uniformProgress, night: 11).facts == results[0].nights[11])
    }

    @Test("on-demand from the start costs what the terms say, and no night is late")
    func onDemand() async throws {
        let results = try await Self.study(width: 2).results(of: Self.policies, nights: 20)
        let baseline = try #require(Fixtures.terms().baseline)
        for night in results[2].nights { #expect(abs((night.cost - baseline).roundedMicrodollars) <= 20) }
        for result in results { #expect(result.onTime == 20, "\(result.policy.rawValue)") }
        #expect(results[0].mean < results[2].mean)
    }

    @Test("more time costs less, and the shortest deadline that can be kept is kept")
    func sweep() async throws {
        let terms = Fixtures.terms()
        let windows = terms.sweptWindows(4)
        #expect(windows.first == terms.leastWindow && windows.contains(terms.deadline - terms.start))
        #expect(windows == windows.sorted() && windows.last == terms.leastWindow * 2)
        let points = try await Self.study(width: 2).sweep(windows, of: [.greedy], nights: 16)
        #expect(points.map(\.window) == windows)
        for point in points { #expect(point.results[0].onTime == 16, "\(point.window)") }
        let costs = points.map { $0.results[0].total }
        #expect(try #require(costs.first) > #require(costs.last))
    }

    @Test("percentiles are costs that were paid, by nearest rank")
    func percentiles() {
        func facts(_ dollars: Int64) -> NightFacts {
            NightFacts(
                night: "n", policy: .greedy, cost: Money(microdollars: dollars * 1_000_000), isOnTime: dollars > 3,
                outcome: nil, readyAt: nil, interruptions: Int(dollars), redone: .minutes(Int(dollars)), restarts: 0,
                onSpot: .zero, onDemand: .zero, waiting: .zero)
        }
        let result = PolicyResult(.greedy, [5, 1, 4, 2, 3].map(facts))
        #expect(
            [10, 20, 21, 50, 90, 100].map { result.percentile($0).text } == [
                "$1.00", "$1.00", "$2.00", "$3.00", "$5.00", "$5.00",
            ])
        #expect(result.mean.text == "$3.00" && result.onTime == 2 && result.night(atPercentile: 50) == 4)
        #expect(result.meanInterruptions == 3 && result.meanRedone == .minutes(3))
        #expect(result.ratio(to: PolicyResult(.onDemandOnly, [10, 10].map(facts))) == 0.75)
    }

    @Test(
        "Wilson's interval has a width also when every night was on time",
        arguments: [
            (10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278), (8, 10, 0.490, 0.943), (990, 1000, 0.982, 0.995),
            (1, 1, 0.207, 1.0),
        ])
    func wilson(successes: Int, trials: Int, low: Double, high: Double) {
        let interval = WilsonInterval(successes, of: trials)
        #expect(abs(interval.low - low) < 0.0005 && abs(interval.high - high) < 0.0005, "\(interval)")
    }

    @Test("waits are drawn from the list alone, all of it, and the same for the same seed")
    func waits() {
        let waits = LaunchWaits([.minutes(28), .minutes(45), .minutes(58)])
        let base = Fixtures.market(spells: [])
        var counts: [Duration: Int] = [:]
        for seed in UInt64(0)..<300 {
            let market = waits.draw(for: base, seed: seed)
            #expect(market == waits.draw(for: base, seed: seed))
            for number in 0..<4 {
                counts[market.listings[1].wait(ofLaunch: number), default: 0] += 1
            }
        }
        #expect(Set(counts.keys) == [.minutes(28), .minutes(45), .minutes(58)])
        for count in counts.values { #expect((320...480).contains(count), "\(counts)") }
    }

    @Test("a machine that ends has told how far it was, so redone work is seen within a unit")
    func redone() throws {
        let terms = Fixtures.terms()
        var conditions = Fixtures.conditions
        conditions.tellsFractions = true
        let market = Fixtures.market(spells: [(0, 50, false), (60, 700, false)], terms: terms)
        let facts = try SimulatedNight(terms: terms, market: market, conditions: conditions).events.facts
        // Training from 8: three units by 44, and six minutes of the fourth are lost at 50.
        #expect(facts.redone == .minutes(6) && facts.interruptions == 1)
    }
}
