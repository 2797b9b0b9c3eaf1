// SPDX-License-Identifier: Apache-2.0

import SpotMarket
package import TrainingJobs

/// How deep one Spot pool is believed to be, and what the belief rests on.
package struct PoolDepth: Hashable, Sendable {
    package enum Evidence: Hashable, Sendable {
        /// Nothing was seen of this pool: the shipped law, fitted on public traces of other GPU types.
        case shippedLaw
        case traces(Int)
        case ownNights(Int)
    }

    package let offer: PricedOffer
    package let evidence: Evidence
    /// The part that was seen of this very pool, from 0 to 1; the rest is the shipped law's.
    package let ownShare: Double
    /// That the pool has capacity at a random moment.
    package let available: Double
    package let meanSpellHours: Double
    /// Over all that the factor of its hazard may be, as everything here.
    private let losses: [HazardLaw]

    package init(_ offer: PricedOffer, believing model: MarketModel, evidence: Evidence, ownShare: Double) {
        self.offer = offer
        self.evidence = evidence
        self.ownShare = ownShare
        let belief = MarketBelief(model)
        losses = belief.loss.laws
        let spells = losses.map(\.meanSpellHours)
        meanSpellHours = spells.reduce(0, +) / Double(spells.count)
        available = belief.availability
    }

    /// Under a quarter of what is believed was seen of this pool.
    package var isWeak: Bool { ownShare < 0.25 }

    /// That a machine which is had at a random moment with capacity is kept for so long.
    ///
    /// Such a moment lies in a long spell more often than in a short one, so this is more than the share of spells that
    /// last as long.
    package func uninterrupted(hours: Double) -> Double {
        guard hours > 0 else { return 1 }
        let within = losses.reduce(0) { $0 + $1.meanHours(within: hours) } / Double(losses.count)
        return max(0, 1 - within / meanSpellHours)
    }
}

extension MarketBelief {
    /// That there is capacity at a random moment, over all that the two factors may be.
    ///
    /// A mean spell grows with about the fourth power of its factor, so this is far from what the mean factors give where
    /// the two differ.
    var availability: Double {
        let (up, down) = (loss.meanSpells, recovery.meanSpells)
        let shares = up.flatMap { up in down.map { down in up / (up + down) } }
        // Sums of a hundred quotients: to twelve places, so that a half is a half.
        return (shares.reduce(0, +) / Double(shares.count) * 1e12).rounded() / 1e12
    }
}

extension FactorBelief {
    /// At eleven equally likely factors.
    fileprivate var laws: [HazardLaw] {
        (0..<11).map { number in
            var law = law
            law.factor = distribution.quantile((Double(number) + 0.5) / 11)
            return law
        }
    }

    /// Hours.
    fileprivate var meanSpells: [Double] { laws.map(\.meanSpellHours) }
}

extension HazardLaw {
    /// How long spells last in the mean when none is followed for longer than this: the integral of the survival.
    func meanHours(within hours: Double) -> Double {
        let intervals = 600
        let step = hours / Double(intervals)
        var sum = 0.0
        for index in 0...intervals {
            let weight = index == 0 || index == intervals ? 1.0 : index % 2 == 1 ? 4 : 2
            sum += weight * survival(ageHours: Double(index) * step)
        }
        return sum * step / 3
    }
}
