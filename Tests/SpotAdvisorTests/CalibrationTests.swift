// SPDX-License-Identifier: Apache-2.0

import JobFiles
import NightSimulator
import NightshiftTesting
import Reports
import SpotMarket
import Testing
import TrainingJobs

@testable import SpotAdvisor

@Suite struct CalibrationTests {
    private static func forecast(_ seed: UInt64, nights: Int = 400) -> NightForecast {
        let night = ReferenceFacts.night("night_4h_dl8_o0.10", tick: 600_000)
        return NightForecast(of: night, believing: [.shipped], in: ["r"], nights: nights, seed: seed)
    }

    @Test(
        "Forecasts from first halves cover four of five nights of second halves, and say more than the base rate",
        .enabled(if: ReferenceFacts.here != nil, Comment(rawValue: ReferenceFacts.absence)))
    func traces() throws {
        let facts = try #require(ReferenceFacts.here)
        var loader = TraceLoader()
        let names = try facts.traceNames().filter { !facts.isTextForm($0) }
        let traces = try names.map { try loader.trace(facts.path($0), nodes: facts.nodes($0)) }
        let study = CalibrationTraces(
            traces, named: ReferenceFacts.shortNames(names), pairs: ReferenceFacts.zonePairs(names))
        func nights(_ tick: Int64, zones: Int) -> [(name: String, night: TickNight)] {
            ["night_4h_dl8_o0.10", "night_4h_dl8_o0.25", "night_4h_dl5_o0.10"].map {
                ($0, ReferenceFacts.night($0, tick: tick, zones: zones))
            }
        }
        let cases = study.singles { nights($0, zones: 1) }
        let score = CalibrationScore(cases)
        #expect(score.nights == 45 * 60)
        #expect((0.7...0.9).contains(score.coverage))
        #expect(score.below < 0.15 && score.above < 0.15)
        #expect(abs(score.within - score.expectedWithin) < 0.05)
        #expect(CalibrationScore.demanded.contains(score.sharesCoverage))
        let bands = CalibrationBands(cases)
        #expect(Set(cases.map(\.trace)).count == 15)
        // The intervals of cost are a little too wide: 0.8 lies just below their band (`docs/calibration.md`).
        #expect(bands.coverage.lowerBound >= 0.7 && bands.coverage.upperBound <= 0.9)
        #expect(bands.shares.contains(0.8))
        #expect(score.brier < score.baseRateBrier)
        // Forecasts are not shown to be better than counting the nights before, nor worse.
        #expect(bands.gain.contains(0))
        #expect(abs(study.tightness.spread - MarketTightness.measured.spread) < 0.01)
        #expect(abs(study.tightness.shared - MarketTightness.measured.shared) < 0.01)
        #expect(ReferenceFacts.zonePairs(names).count == 7)
        let doubles = CalibrationScore(study.doubles { nights($0, zones: 2) })
        #expect(doubles.cases == 21)
        #expect(doubles.below < 0.2 && doubles.above < 0.2)
        #expect(cases.allSatisfy { $0.nights.allSatisfy(\.isOnTime) }, "the safety net let a night be late")
    }

    @Test("Nights that come as they were foreseen score 0.8, whatever many of them cost the same")
    func right() {
        let forecast = Self.forecast(1)
        let one = CalibrationCase(
            trace: "t", shape: "s", forecast: forecast, nights: forecast.samples, shares: 0...1,
            climatology: 0.5)
        let score = CalibrationScore([one])
        #expect(abs(score.coverage - 0.8) < 1e-9)
        #expect(abs(score.below - 0.1) < 1e-9 && abs(score.above - 0.1) < 1e-9)
        #expect(score.within == score.expectedWithin && score.within >= 0.8)
        #expect(abs(score.brier - score.baseRateBrier) < 1e-12 && score.bins.count == 1)
    }

    @Test("Nights that cost more than was foreseen lie above, and cheaper ones below")
    func wrong() {
        let forecast = Self.forecast(1)
        func score(_ change: Money) -> CalibrationScore {
            let nights = forecast.samples.map { sample in
                var sample = sample
                sample.cost = change
                return sample
            }
            return CalibrationScore([
                CalibrationCase(
                    trace: "t", shape: "s", forecast: forecast, nights: nights, shares: 0.99...1,
                    climatology: 0.5)
            ])
        }
        #expect(score(Money(microdollars: 1_000_000_000)).above == 1)
        #expect(score(.zero).below == 1)
        #expect(score(.zero).coverage == 0 && score(.zero).sharesWithin == 0)
    }

    @Test("The picture and the table are the same bytes for the same cases, and name each of them")
    func views() {
        let forecast = Self.forecast(1)
        let one = CalibrationCase(
            trace: "a<b", shape: "s", forecast: forecast, nights: Self.forecast(2, nights: 60).samples,
            shares: 0.25...0.75, climatology: 0.5)
        #expect(CalibrationSVG([one]).text == CalibrationSVG([one]).text)
        #expect(CalibrationSVG([one]).text.contains("a&lt;b, s: said"))
        let text = CalibrationView([one]).text
        #expect(text.contains(" a<b ") && text.contains("1 forecasts from first halves, 60 nights"))
    }
}

@Suite struct NightForecastTests {
    private static func terms(spot: Bool = true) -> NightTerms {
        var terms = Fixtures.terms()
        if !spot { terms.offers.removeAll { $0.offer.purchase == .spot } }
        return terms
    }

    @Test("The same seed draws the same nights, another seed others, and none is late")
    func seeds() throws {
        let terms = Self.terms()
        let forecast = try #require(NightForecast(of: terms, nights: 300, seed: 1))
        #expect(forecast == NightForecast(of: terms, nights: 300, seed: 1))
        #expect(forecast != NightForecast(of: terms, nights: 300, seed: 2))
        #expect(forecast.onTime == 1)
        #expect(forecast.cost(percentile: 10) <= forecast.cost(percentile: 90))
        #expect(forecast.onTimeOnSpotAlone < 1 && forecast.onTimeOnSpotAlone > 0)
    }

    @Test("A pool that is hardly ever lost makes a night of Spot, one that hardly ever comes a night of on-demand")
    func extremes() throws {
        func forecast(loss: Double, recovery: Double) throws -> NightForecast {
            var terms = Self.terms()
            var model = MarketModel(
                loss: .shipped, recovery: .shipped, samples: MarketModel.Samples(endedUp: 5000, endedDown: 5000))
            model.loss.factor = loss
            model.recovery.factor = recovery
            terms.marketModels = terms.offers.filter { $0.offer.purchase == .spot }.map {
                OfferModel(instanceType: $0.offer.instanceType, zone: $0.offer.zone, model: model)
            }
            return try #require(NightForecast(of: terms, nights: 200, seed: 1))
        }
        let rich = try forecast(loss: 0.02, recovery: 5)
        #expect(rich.onTimeOnSpotAlone > 0.99 && rich.meanOnDemand < .minutes(2))
        let poor = try forecast(loss: 5, recovery: 0.02)
        #expect(poor.onTimeOnSpotAlone < 0.01 && poor.fallback > 0.99)
        #expect(poor.meanCost > rich.meanCost)
    }

    @Test("Without Spot nothing is left to chance, and nothing is forecast")
    func noSpot() {
        #expect(NightForecast(of: Self.terms(spot: false), nights: 10, seed: 1) == nil)
    }

    @Test("A drawn market is as often up at its begin as at its end, and as often as its spells are long")
    func stationary() {
        var model = MarketModel(
            loss: .shipped, recovery: .shipped, samples: MarketModel.Samples(endedUp: 100_000, endedDown: 100_000))
        model.recovery.factor = 1.2
        let market = DrawnMarkets([model], in: ["r"], MarketTightness(spread: 0, shared: 0.64))
        var random = SplitMix64(seed: 7)
        var ticks = [[Bool](repeating: false, count: 97)]
        var (first, last) = (0, 0)
        let markets = 20000
        for _ in 0..<markets {
            market.draw(into: &ticks, tickHours: 0.125, &random)
            first += ticks[0][0] ? 1 : 0
            last += ticks[0][96] ? 1 : 0
        }
        let (up, down) = (model.loss.meanSpellHours, model.recovery.meanSpellHours)
        let share = up / (up + down)
        #expect(abs(Double(first) / Double(markets) - share) < 0.015)
        #expect(abs(Double(last) / Double(markets) - share) < 0.015)
    }

    private static func drawn(
        _ regions: [String], _ tightness: MarketTightness, markets: Int = 4000
    ) -> (one: Double, both: Double, shares: [Double]) {
        let model = MarketModel(
            loss: .shipped, recovery: .shipped, samples: MarketModel.Samples(endedUp: 100_000, endedDown: 100_000))
        let market = DrawnMarkets(regions.map { _ in model }, in: regions, tightness)
        var random = SplitMix64(seed: 7)
        var ticks = regions.map { _ in [Bool](repeating: false, count: 33) }
        var (one, both, shares) = (0, 0, [Double]())
        for _ in 0..<markets {
            market.draw(into: &ticks, tickHours: 0.25, &random)
            one += ticks[0][0] ? 1 : 0
            both += ticks.allSatisfy { $0[0] } ? 1 : 0
            shares.append(Double(ticks[0].count { $0 }) / 33)
        }
        return (Double(one) / Double(markets), Double(both) / Double(markets), shares)
    }

    @Test("Pools of one region are up together more often than apart, pools of two regions are not")
    func regions() {
        let tightness = MarketTightness(spread: 0, shared: 0.64)
        let together = Self.drawn(["r", "r"], tightness)
        // Each is up half the time, so the quadrant of a correlation of 0.64 is 1/4 + asin(0.64) / 2π.
        #expect(abs(together.one - 0.5) < 0.025)
        #expect(abs(together.both - 0.3605) < 0.025)
        #expect(abs(Self.drawn(["r", "s"], tightness).both - 0.25) < 0.025)
    }

    @Test("A spread of tightness makes no pool better on the whole, but more of them very good or very bad")
    func spread() {
        let (calm, drifting) = (
            Self.drawn(["r"], MarketTightness(spread: 0, shared: 0.64)),
            Self.drawn(["r"], MarketTightness(spread: 0.8, shared: 0.64))
        )
        func extreme(_ shares: [Double]) -> Double { Double(shares.count { $0 < 0.02 || $0 > 0.98 }) / 4000 }
        #expect(abs(drifting.one - 0.5) < 0.025)
        #expect(extreme(drifting.shares) > extreme(calm.shares) + 0.03)
    }

    @Test("Pools that are met anew keep their factors and the share of time that they are up")
    func renewal() {
        let model = MarketModel(
            loss: .shipped, recovery: .shipped, samples: MarketModel.Samples(endedUp: 100_000, endedDown: 100_000))
        let market = DrawnMarkets([model, model], in: ["r", "r"], MarketTightness(spread: 0, shared: 0.64))
        var random = SplitMix64(seed: 7)
        var ticks = [[Bool]](repeating: [Bool](repeating: false, count: 20000), count: 2)
        market.draw(into: &ticks, tickHours: 12, renewal: 1, &random)
        let both = (0..<20000).count { ticks[0][$0] && ticks[1][$0] }
        #expect(abs(Double(ticks[0].count { $0 }) / 20000 - 0.5) < 0.02)
        #expect(abs(Double(both) / 20000 - 0.3605) < 0.02)
    }

    @Test("The normal distribution is that of the tables")
    func normal() {
        #expect(abs(NormalDistribution.cumulative(1.959964) - 0.975) < 1e-6)
        #expect(abs(NormalDistribution.quantile(0.1) + 1.281552) < 1e-6)
        #expect(abs(NormalDistribution.cumulative(0, 0, correlation: 0.5) - 1.0 / 3) < 1e-6)
        let both = NormalDistribution.cumulative(-0.5, 0.3, correlation: 0.7)
        let found = NormalDistribution.correlation(
            NormalDistribution.cumulative(-0.5), NormalDistribution.cumulative(0.3), both: both)
        #expect(abs((found ?? 0) - 0.7) < 1e-6)
        #expect(NormalDistribution.correlation(0, 0.5, both: 0) == nil)
    }

    @Test("Gamma draws have the distribution's quantiles", arguments: [1.0, 2.5, 24, 400])
    func gamma(shape: Double) {
        let distribution = GammaDistribution(shape: shape, rate: shape / 2)
        var random = SplitMix64(seed: 3)
        let draws = (0..<20000).map { _ in distribution.draw(&random) }
        for probability in [0.1, 0.5, 0.9] {
            let value = distribution.quantile(probability)
            #expect(abs(Double(draws.count { $0 <= value }) / 20000 - probability) < 0.012)
        }
    }

    @Test("Spot alone pays each restart, loses what was not saved, and waits while nothing is up")
    func spotAlone() {
        var night = TickNight(
            tick: 60000, work: 5 * 60000, deadline: 10 * 60000, restartOverhead: 60000, spotRates: [1],
            onDemandRate: 3)
        func isOnTime(_ ticks: String) -> Bool { SpotAlone.isOnTime(night, [ticks.map { $0 == "1" }], from: 0) }
        #expect(isOnTime("1111110000") && !isOnTime("1111100000"))
        #expect(isOnTime("0000111111") && !isOnTime("0000011111"))
        #expect(isOnTime("1110111100"), "two restarts and five minutes")
        #expect(!isOnTime("1110111000"))
        night.checkpointInterval = 3 * 60000
        #expect(!isOnTime("1110111100") && isOnTime("1110111111"), "two minutes were not saved")
    }
}
