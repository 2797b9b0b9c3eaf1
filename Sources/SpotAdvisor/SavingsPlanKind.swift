// SPDX-License-Identifier: Apache-2.0

/// A plan by AWS's own type. None of them covers Spot.
package enum SavingsPlanKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// SageMaker's own; EC2, Fargate and Lambda are none of its business.
    case sageMaker = "SageMaker"
    /// EC2, Fargate and Lambda, in any region; not SageMaker.
    case compute = "Compute"
    /// EC2 instances of one family in one region.
    case ec2Instance = "EC2Instance"

    /// Those that would cover a job's on-demand hours, the more general first.
    package static func covering(instanceType: String) -> [SavingsPlanKind] {
        instanceType.hasPrefix("ml.") ? [.sageMaker] : [.compute, .ec2Instance]
    }

    /// `an EC2Instance`, `a Compute`
    package var withArticle: String { (self == .ec2Instance ? "an " : "a ") + rawValue }

    /// The most that is published as a discount for any type and term (AWS, read 2026-11). What a plan gives for one
    /// instance type is less, and must be looked up.
    package var mostPublished: SavingsPlanDiscount {
        switch self {
        case .sageMaker: SavingsPlanDiscount(partsPerMillion: 640_000)
        case .compute: SavingsPlanDiscount(partsPerMillion: 660_000)
        case .ec2Instance: SavingsPlanDiscount(partsPerMillion: 720_000)
        }
    }
}

/// What a plan takes off the on-demand rate, above 0 and below 1.
package struct SavingsPlanDiscount: Hashable, Comparable, Sendable {
    package var partsPerMillion: Int64

    package init(partsPerMillion: Int64) {
        precondition((1..<1_000_000).contains(partsPerMillion), "a discount of \(partsPerMillion) millionths")
        self.partsPerMillion = partsPerMillion
    }

    package static func < (left: Self, right: Self) -> Bool { left.partsPerMillion < right.partsPerMillion }

    package var share: Double { Double(partsPerMillion) / 1e6 }

    /// What is paid of a million.
    var paid: Int64 { 1_000_000 - partsPerMillion }

    /// Hours a day that one machine must run for a plan of its own to pay.
    package var breakEvenHours: Double { 24 * (1 - share) }
}
