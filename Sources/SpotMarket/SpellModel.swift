// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Draws spells of availability from a seed.
///
/// The hazard of a change falls with the age of a spell: 0.55 per hour × (age / 1 h)^−0.75, at most 3 per hour, both
/// for losing capacity and for its return. Fitted on public Spot availability traces of GPU types (2022 and 2023);
/// other types may differ. `upScale` and `downScale` stretch the two kinds of spell.
package struct SpellModel: Hashable, Sendable {
    package var seed: UInt64
    package var upScale: Double
    package var downScale: Double
    /// The share of interruptions that come with the two minutes' notice.
    package var noticeShare: Double
    package var notice: Duration

    package init(seed: UInt64, upScale: Double, downScale: Double, noticeShare: Double, notice: Duration) {
        self.seed = seed
        self.upScale = upScale
        self.downScale = downScale
        self.noticeShare = noticeShare
        self.notice = notice
    }

    /// Spells from zero to past `length`. The night begins up or down in proportion to the two scales.
    package func spells(through length: Duration) -> [Market.Spell] {
        var random = SplitMix64(seed: seed)
        var up = random.uniform() < upScale / (upScale + downScale)
        var time = Duration.zero
        var spells: [Market.Spell] = []
        while time < length {
            let hours = Self.age(atHazard: -log(1 - random.uniform())) * (up ? upScale : downScale)
            let end = time + .milliseconds(max(1, Int64((hours * 3_600_000).rounded())))
            if up {
                spells.append(
                    Market.Spell(from: time, until: end, notice: random.uniform() < noticeShare ? notice : nil))
            }
            time = end
            up.toggle()
        }
        return spells
    }

    /// The age in hours at which the cumulative hazard reaches a value: the inverse of its integral.
    private static func age(atHazard total: Double) -> Double {
        let cap = 3.0
        let scale = 0.55
        let exponent = 0.75
        let capAge = pow(scale / cap, 1 / exponent)
        if total < cap * capAge { return total / cap }
        let rest = 1 - exponent
        return pow((total - cap * capAge) * rest / scale + pow(capAge, rest), 1 / rest)
    }
}
