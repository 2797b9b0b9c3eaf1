// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// A way of buying the night. The raw values are codes that programs may branch on.
package enum AdviceOption: String, Codable, Hashable, Sendable, CaseIterable {
    case managedSpot = "sagemaker-managed-spot"
    case sagemakerOnDemand = "sagemaker-on-demand"
    case ec2Spot = "ec2-spot"
    case batchSpot = "batch-spot"
    case hyperPod = "hyperpod"
    case savingsPlan = "savings-plan"
    case ec2OnDemand = "ec2-on-demand"

    /// Whose prices count: `ml.p4d.24xlarge` and `p4d.24xlarge` are not the same price.
    package enum Product: String, Codable, Hashable, Sendable {
        case sagemaker
        case ec2
        case hyperPod = "hyperpod"

        package init(of offers: [Offer]) {
            self = offers.contains { $0.instanceType.hasPrefix("ml.") } ? .sagemaker : .ec2
        }
    }

    package enum Keeper: String, Codable, Hashable, Sendable {
        case platform
        case team
        case nobody
    }

    /// A plan lies under on-demand of the job's own product.
    package func product(of job: Product) -> Product {
        switch self {
        case .managedSpot, .sagemakerOnDemand: .sagemaker
        case .ec2Spot, .batchSpot, .ec2OnDemand: .ec2
        case .hyperPod: .hyperPod
        case .savingsPlan: job
        }
    }

    package var isSpot: Bool {
        switch self {
        case .managedSpot, .ec2Spot, .batchSpot, .hyperPod: true
        case .sagemakerOnDemand, .savingsPlan, .ec2OnDemand: false
        }
    }

    /// Who starts the training again after an interruption.
    package var restarts: Keeper {
        switch self {
        case .managedSpot, .batchSpot, .hyperPod: .platform
        case .ec2Spot: .team
        case .sagemakerOnDemand, .savingsPlan, .ec2OnDemand: .nobody
        }
    }

    /// Who brings the script's checkpoints to where they outlive the machine.
    package var savesCheckpoints: Keeper {
        switch self {
        case .managedSpot, .sagemakerOnDemand, .savingsPlan: .platform
        case .ec2Spot, .batchSpot, .ec2OnDemand, .hyperPod: .team
        }
    }

    /// EC2 charges nothing for a machine that it takes back within its first hour. Batch's machines are EC2's; for
    /// SageMaker nothing of the kind is documented.
    package var hasFreeFirstHour: Bool { self == .ec2Spot || self == .batchSpot }

    /// It goes to on-demand by itself when Spot is absent. Within managed Spot nothing does.
    package var hasOwnFallback: Bool { self == .hyperPod }
}

/// One option with its money and its odds for this job.
package struct OptionRow: Hashable, Sendable {
    package var option: AdviceOption
    package var product: AdviceOption.Product
    /// That its money rests on, the one of `rate` first.
    package var prices: [PricedOffer] = []
    /// Prices that it would need and that were not found.
    package var missing: [MissingPrice] = []
    /// Dollars an hour, of a plan the commitment; `nil` is a price that was not found.
    package var rate: HourlyRate?
    /// Below the on-demand price of the same product, as a share; negative when it is dearer.
    package var discount: Double?
    /// What one night costs: nearest ranks of the forecast.
    package var nights: Nights?
    package var perMonth: Money?
    package var odds: Odds?

    package struct Nights: Hashable, Sendable {
        package var mean: Money
        package var p10: Money
        package var p50: Money
        package var p90: Money
    }

    package struct Odds: Hashable, Sendable {
        /// With the switch to on-demand; longer waits than promised included.
        package var onTime: Double
        package var onTimeLow: Double
        package var onTimeHigh: Double
        /// With no on-demand at all; `nil` for what is none of Spot.
        package var onTimeAlone: Double?
        /// Interruptions in a night, in the mean.
        package var interruptions: Double
    }
}
