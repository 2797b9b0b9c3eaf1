// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
import TrainingJobs

/// Sentences and figures about market models, made in one place.
package enum MarketWords {
    /// `in force: fitted 2026-11-24 03:20 UTC, 2 pools`
    static func title(_ file: MarketModelFile?) -> String {
        guard let file else { return "in force: the shipped law, for every pool; nothing was fitted yet" }
        let at = file.fittedAt.iso8601
        return "in force: fitted \(at.prefix(10)) \(at.dropFirst(11).prefix(5)) UTC for "
            + NumberText.count(file.pools.count, "pool")
    }

    static var shippedLaw: String {
        let law = HazardLaw.shipped
        return
            "The shipped law: \(NumberText.exact(law.scale)) per hour × (age / 1 h)^−\(NumberText.exact(law.exponent)), "
            + "at most \(NumberText.exact(law.cap)) per hour, for losing capacity and for its return alike (public traces "
            + "of GPU types, 2022 and 2023)."
    }

    static var prior: String {
        "A fit multiplies it. It begins at 1, which is worth \(NumberText.exact(HazardFit.priorEnds)) ends, so two "
            + "nights move it by less than a fifth; what has no fit has the shipped law."
    }

    static let rehearsals =
        "Nights on the backend local were rehearsals on a simulated market: they say nothing about a cloud, and only "
        + "local nights use them."

    /// `12 local nights`, `1 trace`
    static func seen(_ fit: PoolFit) -> String {
        var parts: [String] = []
        if fit.nights > 0 {
            let backend = fit.pool.backend.map { "\($0) " } ?? ""
            parts.append("\(fit.nights) \(backend)\(fit.nights == 1 ? "night" : "nights")")
        }
        if fit.traces > 0 { parts.append(NumberText.count(fit.traces, "trace")) }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }

    static func side(_ side: PoolSpell.Side) -> String {
        switch side {
        case .up: "loss"
        case .down: "return"
        }
    }

    /// `fair, 34 % own`
    static func evidence(_ fit: HazardFit) -> String {
        fit.evidence == .none ? "none" : "\(fit.evidence.rawValue), \(NumberText.percent(fit.ownShare)) own"
    }

    /// `0.92 (0.72–1.14)`
    static func factor(_ fit: HazardFit) -> String {
        "\(hundredths(fit.law.factor)) (\(hundredths(fit.factorLow))–\(hundredths(fit.factorHigh)))"
    }

    /// To two places: `0.90`, `12.34`.
    static func hundredths(_ value: Double) -> String {
        let hundredths = Int64((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Long spells carry most of a mean, so minutes say nothing beyond a day.
    static func duration(hours: Double) -> String {
        if hours >= 10_000 { return "over a year" }
        let rounded = hours >= 24 ? hours.rounded() : hours
        return DurationText.full(.milliseconds(Int64((rounded * 3_600_000).rounded())))
    }

    /// What the sides' tables have in common: from the spells to the evidence.
    static func figures(_ fit: HazardFit) -> [String] {
        [
            "\(fit.spells)", "\(fit.ends)", hundredths(fit.hours), factor(fit),
        ] + hazards(fit.law) + [duration(hours: fit.law.meanSpellHours), evidence(fit)]
    }

    static func hazards(_ law: HazardLaw) -> [String] {
        [1.0 / 6, 1, 4].map { hundredths(law.hazard(ageHours: $0)) }
    }

    /// What a fit from other sources leaves out that the file had.
    package static func dropped(_ pool: MarketPool) -> String {
        "\(pool.name): the earlier fit had it from a trace; name the trace again with --trace to keep it"
    }
}
