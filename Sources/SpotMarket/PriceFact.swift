// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What is sold. AWS sells the same hardware under several names at different prices, and one is never another's.
package enum PriceProduct: String, Codable, Hashable, Sendable, CaseIterable {
    case ec2
    case sageMakerTraining = "sagemaker-training"
    /// A node of a HyperPod cluster, paid while it exists.
    case sageMakerHyperPod = "sagemaker-hyperpod"
    /// A Studio space; kept because it is published, never used for training.
    case sageMakerJupyterLab = "sagemaker-jupyterlab"

    /// SageMaker's instance types are EC2's with a prefix, and so are told apart by name alone.
    package func sells(_ instanceType: String) -> Bool { instanceType.hasPrefix("ml.") != (self == .ec2) }
}

/// Where a fact comes from, other than by hand.
package enum PriceOrigin: String, Codable, Hashable, Sendable {
    /// A list that anybody can ask: never in the place of a price that was written by hand.
    case list
}

/// One price that was published: what, where, how much an hour, when it held, and who said so.
///
/// Linux without licences, one instance, US dollars. On-demand holds in a whole region; Spot in one zone.
package struct PriceFact: Codable, Hashable, Sendable {
    package var product: PriceProduct
    package var instanceType: String
    package var region: String
    /// As the account that asked names it, `us-east-1a`: another account may give the name to another zone.
    package var zone: String?
    /// The same for every account: `use1-az6`.
    package var zoneId: String?
    package var purchase: PurchaseOption
    package var pricePerHour: Money
    /// The last day on which it is known to have held, UTC.
    package var asOf: LocalDate
    package var source: String
    /// Absent for a price that somebody wrote into the book, a negotiated one for instance.
    package var origin: PriceOrigin?

    package init(
        product: PriceProduct, instanceType: String, region: String, zone: String?, zoneId: String?,
        purchase: PurchaseOption, pricePerHour: Money, asOf: LocalDate, source: String,
        origin: PriceOrigin? = nil
    ) {
        self.product = product
        self.instanceType = instanceType
        self.region = region
        self.zone = zone
        self.zoneId = zoneId
        self.purchase = purchase
        self.pricePerHour = pricePerHour
        self.asOf = asOf
        self.source = source
        self.origin = origin
    }

    /// A million dollars an hour: no machine costs that, and sums stay far from their limits.
    package static let most = Money(microdollars: 1_000_000_000_000)

    package var rate: HourlyRate { HourlyRate(microdollars: pricePerHour.roundedMicrodollars) }

    /// Days since the price is known to have held; negative for a date to come.
    package func ageDays(on today: LocalDate) -> Int { today.dayNumber - asOf.dayNumber }

    /// `ec2 p4d.24xlarge us-east-1 use1-az6 spot`
    package var name: String {
        [product.rawValue, instanceType, region, zone ?? zoneId, purchase.rawValue].compactMap { $0 }
            .joined(separator: " ")
    }

    /// What is wrong with it, if anything.
    var problem: String? {
        if !(pricePerHour > .zero) {
            return "pricePerHour: must be above 0, not \(pricePerHour.dollars); a price that is not known is left out"
        }
        if pricePerHour > Self.most {
            return "pricePerHour: \(pricePerHour.dollars) is more than a million dollars an hour; is it a slip?"
        }
        if !product.sells(instanceType) {
            return "instanceType: \(instanceType) is not sold as \(product.rawValue): SageMaker's types begin with ml."
        }
        if purchase == .spot, product != .ec2 {
            return "purchase: SageMaker has no Spot price; it bills fewer seconds at the on-demand price"
        }
        if purchase == .spot, zone == nil, zoneId == nil { return "zone: a Spot price belongs to a zone" }
        if purchase == .onDemand, zone != nil || zoneId != nil { return "zone: an on-demand price holds in a region" }
        if instanceType.isEmpty || region.isEmpty { return "instanceType: it and region must not be empty" }
        if source.isEmpty { return "source: a price without one is a rumour" }
        return nil
    }
}

extension LocalDate: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let date = LocalDate(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a date as 2026-11-24: \(text)")
        }
        self = date
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
