// SPDX-License-Identifier: Apache-2.0

/// What is believed of one pool's Spot capacity: how it is lost, how it returns, and how much was seen of it.
package struct MarketModel: Codable, Hashable, Sendable {
    /// What was seen. Zero says: nothing yet, this is the shipped law.
    package struct Samples: Codable, Hashable, Sendable {
        /// Spells with capacity that ended by losing it.
        package var endedUp: Int
        /// Spells without capacity that ended by its return.
        package var endedDown: Int
        package var hoursUp: Double
        package var hoursDown: Double

        package init(endedUp: Int = 0, endedDown: Int = 0, hoursUp: Double = 0, hoursDown: Double = 0) {
            self.endedUp = endedUp
            self.endedDown = endedDown
            self.hoursUp = hoursUp
            self.hoursDown = hoursDown
        }
    }

    package var loss: HazardLaw
    package var recovery: HazardLaw
    package var samples: Samples

    package init(loss: HazardLaw, recovery: HazardLaw, samples: Samples) {
        self.loss = loss
        self.recovery = recovery
        self.samples = samples
    }

    package static let shipped = MarketModel(loss: .shipped, recovery: .shipped, samples: Samples())

    /// How many times the shipped hazard capacity is lost at.
    package var lossFactor: Double { loss.factor }
    /// How many times the shipped hazard capacity returns at.
    package var returnFactor: Double { recovery.factor }
}

/// A model of one Spot offer's capacity, by instance type and zone.
package struct OfferModel: Codable, Hashable, Sendable {
    package var instanceType: String
    package var zone: String
    package var model: MarketModel

    package init(instanceType: String, zone: String, model: MarketModel) {
        self.instanceType = instanceType
        self.zone = zone
        self.model = model
    }
}
