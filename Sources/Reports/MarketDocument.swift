// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// The models in force for other programs (`docs/json.md`).
package struct MarketDocument: Codable, Hashable, Sendable {
    package struct Pool: Codable, Hashable, Sendable {
        package var backend: String?
        package var instanceType: String
        package var zone: String
        package var nights: Int
        package var traces: Int
        package var loss: Side
        package var recovery: Side
    }

    package struct Side: Codable, Hashable, Sendable {
        package var spells: Int
        package var ended: Int
        package var seconds: Double
        package var expectedEnds: Double
        package var factor: Double
        package var factorLow: Double
        package var factorHigh: Double
        package var hazard: Hazard
        package var meanSpellSeconds: Double
        package var evidence: String
        package var ownShare: Double
        package var ages: [Age]
    }

    /// Per hour.
    package struct Hazard: Codable, Hashable, Sendable {
        package var at10Minutes: Double
        package var at1Hour: Double
        package var at4Hours: Double
    }

    package struct Age: Codable, Hashable, Sendable {
        package var fromSeconds: Double
        package var untilSeconds: Double
        package var ended: Int
        package var seconds: Double
    }

    package struct Law: Codable, Hashable, Sendable {
        package var scale: Double
        package var exponent: Double
        package var cap: Double
        package var hazard: Hazard
        package var meanSpellSeconds: Double
    }

    package var schemaVersion = NightJSON.schemaVersion
    /// `shipped` or `fitted`.
    package var inForce: String
    package var fittedAt: Instant?
    package var priorEnds = HazardFit.priorEnds
    package var shipped: Law
    package var pools: [Pool]

    package init(_ file: MarketModelFile?) {
        inForce = file == nil ? "shipped" : "fitted"
        fittedAt = file?.fittedAt
        let law = HazardLaw.shipped
        shipped = Law(
            scale: law.scale, exponent: law.exponent, cap: law.cap, hazard: Hazard(law),
            meanSpellSeconds: Self.seconds(law.meanSpellHours))
        pools = (file?.pools ?? []).map { fit in
            Pool(
                backend: fit.pool.backend, instanceType: fit.pool.instanceType, zone: fit.pool.zone,
                nights: fit.nights, traces: fit.traces, loss: Side(fit.loss), recovery: Side(fit.recovery))
        }
    }

    /// Whole milliseconds, so that the same night gives the same bytes everywhere.
    fileprivate static func seconds(_ hours: Double) -> Double { (hours * 3_600_000).rounded() / 1000 }
    /// Six places are more than is known.
    fileprivate static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

extension MarketDocument.Hazard {
    fileprivate init(_ law: HazardLaw) {
        at10Minutes = MarketDocument.rounded(law.hazard(ageHours: 1.0 / 6))
        at1Hour = MarketDocument.rounded(law.hazard(ageHours: 1))
        at4Hours = MarketDocument.rounded(law.hazard(ageHours: 4))
    }
}

extension MarketDocument.Side {
    fileprivate init(_ fit: HazardFit) {
        spells = fit.spells
        ended = fit.ends
        seconds = MarketDocument.seconds(fit.hours)
        expectedEnds = MarketDocument.rounded(fit.expectedEnds)
        factor = MarketDocument.rounded(fit.law.factor)
        factorLow = MarketDocument.rounded(fit.factorLow)
        factorHigh = MarketDocument.rounded(fit.factorHigh)
        hazard = MarketDocument.Hazard(fit.law)
        meanSpellSeconds = MarketDocument.seconds(fit.law.meanSpellHours)
        evidence = fit.evidence.rawValue
        ownShare = MarketDocument.rounded(fit.ownShare)
        ages = fit.ages.map { bin in
            MarketDocument.Age(
                fromSeconds: MarketDocument.seconds(bin.fromHours),
                untilSeconds: MarketDocument.seconds(bin.untilHours),
                ended: bin.ends, seconds: MarketDocument.seconds(bin.hours))
        }
    }
}
