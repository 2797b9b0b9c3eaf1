// SPDX-License-Identifier: Apache-2.0

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
    }

    package enum Keeper: String, Codable, Hashable, Sendable {
        case platform
        case team
        case nobody
    }

    package var product: Product {
        switch self {
        case .managedSpot, .sagemakerOnDemand, .savingsPlan: .sagemaker
        case .ec2Spot, .batchSpot, .ec2OnDemand: .ec2
        case .hyperPod: .hyperPod
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
    /// Dollars an hour; `nil` is a price that was not found.
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

/// What a Savings Plan for this job alone costs.
package enum SavingsPlanAlone {
    /// The largest discount that is advertised for SageMaker (three years, all upfront): the case that speaks most for a
    /// plan.
    package static let largestDiscount = 0.64

    /// A commitment is paid every hour, used or not.
    package static func perMonth(onDemand rate: HourlyRate, discount: Double = largestDiscount, days: Int = 30) -> Money
    {
        let committed = Double(rate.microdollars) * (1 - discount)
        return HourlyRate(microdollars: Int64(committed.rounded())).cost(of: .hours(24 * days))
    }
}
