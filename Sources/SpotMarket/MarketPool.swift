// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What shares one supply of Spot capacity: an instance type in a zone, on a backend.
package struct MarketPool: Codable, Hashable, Sendable, Comparable {
    /// `nil` for a public trace, which speaks of any backend. What a rehearsal on this computer taught is `local` and
    /// says nothing about a cloud.
    package var backend: String?
    package var instanceType: String
    package var zone: String

    package init(backend: String?, instanceType: String, zone: String) {
        self.backend = backend
        self.instanceType = instanceType
        self.zone = zone
    }

    package init(_ offer: Offer) {
        self.init(backend: offer.backend, instanceType: offer.instanceType, zone: offer.zone)
    }

    /// `ml.p4d.24xlarge us-west-2a`
    package var name: String { "\(instanceType) \(zone)" }

    package static func < (left: MarketPool, right: MarketPool) -> Bool {
        (left.instanceType, left.zone, left.backend ?? "") < (right.instanceType, right.zone, right.backend ?? "")
    }
}
