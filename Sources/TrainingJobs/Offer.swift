// SPDX-License-Identifier: Apache-2.0

/// How capacity is bought. Spot is cheap and may be taken away; on-demand stays until it is stopped.
package enum PurchaseOption: String, Codable, Hashable, Sendable, CaseIterable {
    case spot
    case onDemand = "on-demand"
}

/// One thing that can be asked for: an instance type in a zone of a region under a purchase option.
///
/// The price is not part of it: prices change, an offer does not.
package struct Offer: Codable, Hashable, Sendable {
    package var backend: String
    package var instanceType: String
    package var region: String
    package var zone: String
    package var purchase: PurchaseOption

    package init(backend: String, instanceType: String, region: String, zone: String, purchase: PurchaseOption) {
        self.backend = backend
        self.instanceType = instanceType
        self.region = region
        self.zone = zone
        self.purchase = purchase
    }

    /// The platform copies checkpoint files by itself, and nobody checks that they belong together.
    package var copiesUnverified: Bool { backend == "sagemaker" }

    /// `ml.p4d.24xlarge eu-west-1a spot`, unique within a job.
    package var name: String { "\(instanceType) \(zone) \(purchase.rawValue)" }
}

/// An offer with its price now. A rate without date and source is a rumour, so both belong to it.
package struct PricedOffer: Codable, Hashable, Sendable {
    package var offer: Offer
    package var rate: HourlyRate
    package var priceAsOf: String
    package var priceSource: String

    package init(offer: Offer, rate: HourlyRate, priceAsOf: String, priceSource: String) {
        self.offer = offer
        self.rate = rate
        self.priceAsOf = priceAsOf
        self.priceSource = priceSource
    }
}
