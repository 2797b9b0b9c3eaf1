// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// A pool's model with how far off it may be: each of its two factors has a gamma distribution.
package struct MarketBelief: Hashable, Sendable {
    /// The variance, in squared shares of the hazard, by which a pool's hazard tomorrow differs from the one it was
    /// fitted on, over and above what counting explains. Measured on the first halves of public availability traces
    /// (`docs/calibration.md`), the second halves of which it was then judged on.
    package static let overdispersion = 0.13

    package var loss: FactorBelief
    package var recovery: FactorBelief

    /// `overdispersion` widens what the fit says of itself.
    package init(_ model: MarketModel, overdispersion: Double = Self.overdispersion) {
        loss = FactorBelief(model.loss, ends: model.samples.endedUp, overdispersion: overdispersion)
        recovery = FactorBelief(model.recovery, ends: model.samples.endedDown, overdispersion: overdispersion)
    }
}

/// A hazard of which the shape is known and the factor is not quite: `law.factor` is its mean.
package struct FactorBelief: Hashable, Sendable {
    package var law: HazardLaw
    /// Ends that the belief is worth.
    package var shape: Double

    init(_ law: HazardLaw, ends: Int, overdispersion: Double) {
        self.law = law
        shape = max(1, 1 / (1 / (HazardFit.priorEnds + Double(ends)) + overdispersion))
    }

    var distribution: GammaDistribution { GammaDistribution(shape: shape, rate: shape / law.factor) }
}
