// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Draws spells of availability from a seed.
///
/// Both kinds of spell end by the shipped hazard law; `upScale` and `downScale` stretch them.
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
            let hours =
                HazardLaw.shipped.ageHours(cumulativeHazard: -log(1 - random.uniform())) * (up ? upScale : downScale)
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
}
