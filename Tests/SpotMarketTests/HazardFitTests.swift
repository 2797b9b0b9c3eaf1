// SPDX-License-Identifier: Apache-2.0

import Foundation
import ScriptedNights
import SpotMarket
import Testing
import TrainingJobs

@Suite struct HazardFitTests {
    /// Spells of a law, each watched for a while only.
    private static func draw(_ law: HazardLaw, _ count: Int, seed: UInt64, watchedHours: Double) -> [PoolSpell] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let hours = law.ageHours(cumulativeHazard: -log(1 - random.uniform()))
            return PoolSpell(side: .up, hours: min(hours, watchedHours), ended: hours <= watchedHours)
        }
    }

    private static func law(_ factor: Double) -> HazardLaw {
        var law = HazardLaw.shipped
        law.factor = factor
        return law
    }

    /// 4000 spells: about 2500 ends, so three standard errors are 6 % of the factor.
    @Test(arguments: [0.4, 1, 2.5], [1.0, 12])
    func `the factor of a known law is recovered, also when most spells are cut off`(factor: Double, watched: Double) {
        let fit = HazardFit(Self.draw(Self.law(factor), 4000, seed: 5, watchedHours: watched))
        #expect(abs(fit.law.factor / factor - 1) < 0.07, "\(fit.law.factor) for \(factor)")
        #expect(fit.evidence == .strong)
    }

    /// The true factor is drawn from the prior, as the interval takes it to be.
    @Test func `four fifths of the intervals hold the true factor`() {
        var random = SplitMix64(seed: 9)
        var inside = 0
        for seed in UInt64(0)..<2000 {
            // A sum of 24 exponentials is a gamma of shape 24.
            let truth = (0..<24).reduce(0.0) { sum, _ in sum - log(1 - random.uniform()) } / 24
            let fit = HazardFit(Self.draw(Self.law(truth), 20, seed: 1000 + seed, watchedHours: 4))
            if fit.factorLow <= truth && truth <= fit.factorHigh { inside += 1 }
        }
        #expect(abs(Double(inside) / 2000 - 0.8) < 0.03, "\(inside) of 2000")
    }

    /// The exact likelihood: density where the end was seen, survival where it was not, times the prior's density.
    @Test func `the posterior is that of the exact likelihood, censored spells included`() {
        let spells = Self.draw(Self.law(1.6), 30, seed: 3, watchedHours: 2)
        #expect(spells.contains { !$0.ended } && spells.contains(where: \.ended))
        var (mass, first, below) = (0.0, 0.0, 0.0)
        let fit = HazardFit(spells)
        let (step, scale) = (0.0005, -170.0)
        for index in 1...20_000 {
            let factor = Double(index) * step
            var logDensity = (HazardFit.priorEnds - 1) * log(factor) - HazardFit.priorEnds * factor - scale
            for spell in spells {
                logDensity -= Self.law(factor).cumulativeHazard(ageHours: spell.hours)
                if spell.ended { logDensity += log(Self.law(factor).hazard(ageHours: spell.hours)) }
            }
            let density = exp(logDensity - 150)
            mass += density
            first += density * factor
            if factor <= fit.factorLow { below += density }
        }
        #expect(abs(first / mass - fit.law.factor) < 1e-3)
        #expect(abs(below / mass - 0.1) < 2e-3)
    }

    @Test func `to take a cut-off spell for an ended one would raise the hazard`() {
        let seen = Self.draw(Self.law(1), 500, seed: 8, watchedHours: 1)
        let fit = HazardFit(seen).law.factor
        #expect(HazardFit(seen.map { PoolSpell(side: .up, hours: $0.hours, ended: true) }).law.factor > fit * 1.3)
        #expect(HazardFit(seen.filter(\.ended)).law.factor > fit * 1.3)
    }

    @Test(arguments: [
        // Two quiet nights of eight hours; two with four interruptions an hour apart.
        [PoolSpell](repeating: PoolSpell(side: .up, hours: 8, ended: false), count: 2),
        [PoolSpell](repeating: PoolSpell(side: .up, hours: 1, ended: true), count: 8),
        [PoolSpell](repeating: PoolSpell(side: .up, hours: 0.1, ended: true), count: 4),
    ])
    func `two nights move a hazard by less than a fifth`(spells: [PoolSpell]) {
        let fit = HazardFit(spells)
        #expect(abs(fit.law.factor - 1) < 0.2 && fit.law.factor != 1, "\(fit.law.factor)")
        #expect(fit.evidence == .weak || fit.evidence == .fair)
    }

    @Test func `without spells the shipped law stays, and says so`() {
        let fit = HazardFit([])
        #expect(fit.law == .shipped && fit.evidence == .none && fit.ages.isEmpty && fit.ownShare == 0)
        #expect(fit.factorLow < 1 && fit.factorHigh > 1)
    }

    /// Gamma of shape 24 and rate 24: half of chi-square's quantiles with 48 degrees of freedom, 35.949 and 60.907.
    @Test func `the interval is that of published tables`() {
        let fit = HazardFit([])
        #expect(abs(fit.factorLow - 35.949 / 48) < 1e-4)
        #expect(abs(fit.factorHigh - 60.907 / 48) < 1e-4)
    }

    @Test func `each age has the ends and the hours that were spent at it`() throws {
        let fit = HazardFit([
            PoolSpell(side: .up, hours: 0.05, ended: true), PoolSpell(side: .up, hours: 0.2, ended: true),
            PoolSpell(side: .up, hours: 0.15, ended: false),
        ])
        #expect(fit.ages.map(\.fromHours) == [0, 0.05, 0.1])
        #expect(fit.ages.map(\.untilHours) == [0.05, 0.1, 0.2])
        #expect(fit.ages.map(\.ends) == [1, 0, 1])
        #expect(zip(fit.ages.map(\.hours), [0.15, 0.1, 0.15]).allSatisfy { abs($0 - $1) < 1e-12 })
        let bin = try #require(fit.ages.first)
        #expect(abs(bin.hazard - 1 / 0.15) < 1e-9 && bin.interval.contains(bin.hazard))
        #expect(fit.ages[1].interval.lowerBound < 0.1 && fit.ages[1].hazard == 0)
    }

    @Test func `ages below the first end are one bin with it`() {
        let fit = HazardFit([
            PoolSpell(side: .up, hours: 0.3, ended: true), PoolSpell(side: .up, hours: 0.5, ended: true),
            PoolSpell(side: .up, hours: 0.02, ended: false),
        ])
        #expect(fit.ages.map(\.fromHours) == [0, 0.4] && fit.ages.map(\.untilHours) == [0.4, 0.8])
        #expect(fit.ages.map(\.ends) == [1, 1])
        #expect(HazardFit([PoolSpell(side: .up, hours: 0.15, ended: false)]).ages.map(\.ends) == [0, 0, 0])
    }

    @Test func `hours and ends of the bins add up to those of the spells`() {
        let spells = Self.draw(Self.law(1), 800, seed: 2, watchedHours: 300)
        let fit = HazardFit(spells)
        #expect(fit.ages.reduce(0) { $0 + $1.ends } == fit.ends)
        #expect(abs(fit.ages.reduce(0) { $0 + $1.hours } - fit.hours) < 1e-6)
        #expect(fit.spells == 800 && fit.ends == spells.count(where: \.ended))
    }
}

@Suite struct MarketFitterTests {
    private static func night(_ minutes: Double) -> [NightEvent] {
        var night = NightScript(ScriptedNights.terms())
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 1)
        night.end(key, 1 + minutes, .interrupted(noticed: false))
        night.launch(100, ScriptedNights.spotC, .noCapacity)
        night.launch(120, ScriptedNights.spotB, .noCapacity)
        night.launch(140, ScriptedNights.spotB, .noCapacity)
        return night.events
    }

    @Test func `each pool has its own nights, and a trace is another pool`() throws {
        var fitter = MarketFitter()
        fitter.add(night: Self.night(30))
        fitter.add(night: Self.night(60))
        let trace = try TraceText("a 1800 0111001".utf8, file: "t").trace(window: nil, nodes: 1)
        fitter.add(trace, of: MarketPool(backend: nil, instanceType: "ml.p4d.24xlarge", zone: "eu-west-1c"))
        let fits = fitter.fits
        #expect(fits.map(\.pool.zone) == ["eu-west-1b", "eu-west-1c", "eu-west-1c"])
        #expect(fits.map(\.pool.backend) == ["local", nil, "local"])
        #expect(fits.map(\.nights) == [2, 0, 2] && fits.map(\.traces) == [0, 1, 0])
        #expect(fits.map(\.loss.ends) == [0, 1, 2] && fits.map(\.recovery.spells) == [2, 2, 2])
        #expect(fits.last?.model.samples.hoursUp == 1.5 && fits.last?.model.samples.endedUp == 2)
    }

    @Test func `an offer's own nights come before a trace, and a trace before the shipped law`() throws {
        func fit(_ backend: String?, _ hours: Double) -> PoolFit {
            PoolFit(
                pool: MarketPool(backend: backend, instanceType: "ml.p4d.24xlarge", zone: "eu-west-1c"), nights: 1,
                traces: 0, spells: [PoolSpell(side: .up, hours: hours, ended: false)])
        }
        let (trace, own) = (fit(nil, 5), fit("local", 10))
        let now = ScriptedNights.terms().start
        let file = MarketModelFile(fittedAt: now, pools: [trace, own])
        #expect(file.model(of: ScriptedNights.spotC) == own.model)
        #expect(file.model(of: ScriptedNights.spotB) == .shipped)
        var elsewhere = ScriptedNights.spotC
        elsewhere.backend = "sagemaker"
        #expect(file.model(of: elsewhere) == trace.model)
        #expect(MarketModelFile(fittedAt: now, pools: [own]).model(of: elsewhere) == .shipped)
    }

    @Test func `the file travels as JSON, and each of its problems has a place`() throws {
        var fitter = MarketFitter()
        fitter.add(night: Self.night(30))
        var file = MarketModelFile(fittedAt: ScriptedNights.terms().start, pools: fitter.fits)
        #expect(file.problems.isEmpty)
        #expect(try JSONDecoder().decode(MarketModelFile.self, from: JSONEncoder().encode(file)) == file)
        file.pools.append(file.pools[0])
        file.pools[0].loss.law = HazardLaw(scale: 0, exponent: 1, cap: -1, factor: 0)
        file.pools[1].recovery.ends = -1
        file.pools[1].recovery.hours = -1
        file.pools[1].recovery.factorLow = 9
        file.pools[1].nights = -1
        file.pools[1].loss.ages[0].hours = 0
        #expect(
            file.problems == [
                "pools[0].loss.law.scale: must be above 0 and at most 1000 per hour",
                "pools[0].loss.law.exponent: must be at least 0 and below 1",
                "pools[0].loss.law.cap: must be above 0 and at most 1000 per hour",
                "pools[0].loss.law.factor: must be between 0.001 and 1000",
                "pools[1].nights: counts must not be negative",
                "pools[1].loss.ages: each needs hours above 0 between two ages",
                "pools[1].recovery.ends: must be between 0 and spells",
                "pools[1].recovery.hours: hours and expectedEnds must not be negative",
                "pools[1].recovery.factorLow: must be above 0 and not above factorHigh",
                "pools[2].pool: ml.p4d.24xlarge eu-west-1b is pools[0] too; keep one of them",
            ])
        file.version = 2
        #expect(
            file.problems == [
                "format: expected \"nightshift-market-model\" version 1, found \"nightshift-market-model\" version 2"
            ])
    }
}
