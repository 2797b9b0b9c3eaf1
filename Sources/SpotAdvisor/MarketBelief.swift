// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import TrainingJobs

/// A pool's model with how far off it may be.
struct MarketBelief: Hashable, Sendable {
    let loss: FactorBelief
    let recovery: FactorBelief

    init(_ model: MarketModel) {
        loss = FactorBelief(model.loss, ends: model.samples.endedUp)
        recovery = FactorBelief(model.recovery, ends: model.samples.endedDown)
    }
}

/// A hazard of which the shape is known and the factor is not quite: a gamma distribution, worth so many ends, around
/// the model's factor. That is what a fit is left with (`HazardFit`).
struct FactorBelief: Hashable, Sendable {
    let law: HazardLaw
    let distribution: GammaDistribution

    /// `ends` are those that were seen.
    init(_ law: HazardLaw, ends: Int) {
        self.law = law
        let shape = HazardFit.priorEnds + Double(ends)
        distribution = GammaDistribution(shape: shape, rate: shape / law.factor)
    }
}
