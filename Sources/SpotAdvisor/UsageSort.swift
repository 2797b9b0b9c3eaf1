// SPDX-License-Identifier: Apache-2.0

/// A plan and, for those that are bound to them, the family and region that it covers.
package struct UsageScope: Hashable, Sendable {
    package var kind: SavingsPlanKind
    /// `p4d`
    package var family: String
    package var region: String

    /// The plan that would cover a job's on-demand hours.
    package init(_ kind: SavingsPlanKind, instanceType: String, region: String) {
        self.kind = kind
        family = Self.family(instanceType)
        self.region = region
    }

    /// Whether a usage's type, `USW2-BoxUsage:p4d.24xlarge`, is of the family and region. `named` is the region by a
    /// column of its own, empty where there is none.
    func holds(usage: String, inRegion named: String) -> Bool {
        guard kind == .ec2Instance else { return true }
        guard let type = usage.split(separator: ":").last, usage.contains(":") else { return false }
        let region = named.isEmpty ? Self.region(ofUsage: usage) : named
        return Self.family(String(type)) == family && region == self.region
    }

    private static func family(_ type: String) -> String {
        String((type.hasPrefix("ml.") ? type.dropFirst(3) : type[...]).prefix { $0 != "." })
    }

    /// By the prefix of a usage's type; us-east-1 has none. `nil` for one that is not known.
    private static func region(ofUsage usage: String) -> String? {
        let name = usage.prefix { $0 != ":" }
        guard let dash = name.firstIndex(of: "-") else { return "us-east-1" }
        return prefixes[String(name[..<dash])]
    }

    /// As AWS's bills have them.
    private static let prefixes = [
        "USE1": "us-east-1", "USE2": "us-east-2", "USW1": "us-west-1", "USW2": "us-west-2", "CAN1": "ca-central-1",
        "SAE1": "sa-east-1", "EU": "eu-west-1", "EUW1": "eu-west-1", "EUW2": "eu-west-2", "EUW3": "eu-west-3",
        "EUC1": "eu-central-1", "EUC2": "eu-central-2", "EUN1": "eu-north-1", "EUS1": "eu-south-1",
        "EUS2": "eu-south-2", "APN1": "ap-northeast-1", "APN2": "ap-northeast-2", "APN3": "ap-northeast-3",
        "APS1": "ap-southeast-1", "APS2": "ap-southeast-2", "APS3": "ap-south-1", "APS4": "ap-southeast-3",
        "APS5": "ap-south-2", "APS6": "ap-southeast-4", "APE1": "ap-east-1", "AFS1": "af-south-1",
        "MES1": "me-south-1", "MEC1": "me-central-1", "ILC1": "il-central-1",
    ]
}

/// What a row is to a plan.
enum UsageSort {
    case counts
    case spot
    /// By a plan or a reservation that exists already.
    case covered
    /// Of a night of Nightshift's: the job is added by its own sum.
    case ownNight
    case other

    init(
        service: String, usage: String, kind: String, pricing: String, tags: String, region: String,
        _ form: UsageColumns.Form, under plan: UsageScope
    ) {
        guard Self.isCovered(service, usage, by: plan.kind), plan.holds(usage: usage, inRegion: region) else {
            self = .other
            return
        }
        let isSpot =
            usage.contains("SpotUsage") || usage.contains("Spot:") || usage.contains("-Spot") || pricing == "Dynamic"
        if isSpot {
            self = .spot
        } else if ["SavingsPlanCoveredUsage", "DiscountedUsage"].contains(kind) || pricing == "Committed" {
            self = .covered
        } else if kind != "Usage" {
            self = .other
        } else {
            self = tags.contains("nightshift:night") || tags.contains("nightshift_night") ? .ownNight : .counts
        }
    }

    /// Instance hours and their like: a plan covers no storage, no traffic and no licence.
    private static func isCovered(_ service: String, _ usage: String, by plan: SavingsPlanKind) -> Bool {
        let isInstance = ["BoxUsage", "DedicatedUsage", "HostUsage", "SpotUsage"].contains { usage.contains($0) }
        return switch (plan, service) {
        case (.sageMaker, "AmazonSageMaker"): usage.contains(":ml.")
        case (.compute, "AmazonEC2"), (.ec2Instance, "AmazonEC2"): isInstance
        case (.compute, "AmazonECS"), (.compute, "AmazonEKS"): usage.contains("Fargate")
        case (.compute, "AWSLambda"): usage.contains("Lambda-GB-Second")
        default: false
        }
    }
}
