// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension PolicyName {
    /// The policy for nights that begin like this. Those with a model solve it here, so who plays many nights of one
    /// shape asks once. `models` are those of the outlook's Spot pools, in their order; what is missing is believed to
    /// follow the shipped law.
    package func policy(for start: Outlook, believing models: [MarketModel] = []) -> any Policy {
        switch self {
        case .nightshift: NightshiftPolicy(for: start, believing: models)
        case .onDemandOnly: OnDemandOnly()
        case .greedy: Greedy()
        case .uniformProgress: UniformProgress()
        case .uniformProgressWithoutHysteresis: UniformProgress(hysteresis: false)
        case .switchPoint: SwitchPoint()
        case .timeSliced: TimeSliced()
        case .spotUntil(let time): SpotUntil(end: time.milliseconds)
        }
    }
}

extension NightTerms {
    /// The policy that the terms name, solved for this night, behind the net.
    package var safetyNet: SafetyNet {
        let models = pools(.spot).map { marketModel(of: $0.offer) }
        return SafetyNet(policy.policy(for: Outlook(opening: self), believing: models))
    }

    /// In the order of an outlook.
    func pools(_ purchase: PurchaseOption) -> [PricedOffer] {
        offers.filter { $0.offer.purchase == purchase }.sorted(by: PricedOffer.cheaperFirst)
    }
}

extension Outlook {
    /// A night before its first look: nothing is refused, nothing is known.
    package init(opening terms: NightTerms) {
        func pools(_ purchase: PurchaseOption) -> [Pool] {
            terms.pools(purchase).map { Pool(rate: $0.rate.microdollars, isUp: true, age: 0) }
        }
        let trainingEnd = terms.promisedBy - terms.uploadTime - terms.safetyMargin
        self.init(
            window: (trainingEnd - terms.start).milliseconds, totalWork: terms.expectedRuntime.milliseconds,
            restartOverhead: terms.restartOverhead.milliseconds, onDemandWait: terms.onDemandWait.milliseconds,
            tick: terms.tick.milliseconds, checkpointInterval: max(1, terms.checkpointInterval.milliseconds),
            spot: pools(.spot), onDemand: pools(.onDemand))
    }
}

extension PricedOffer {
    /// The order of an outlook's pools.
    static func cheaperFirst(_ one: PricedOffer, _ other: PricedOffer) -> Bool {
        one.rate == other.rate ? one.offer.name < other.offer.name : one.rate < other.rate
    }
}
