// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a policy wants, and why. It may want anything: the safety net stands behind it.
package struct Verdict: Hashable, Sendable {
    package var choice: Choice
    package var reason: DecisionReason
    package var alternatives: [Alternative]

    package init(_ choice: Choice, _ reason: DecisionReason, instead alternatives: [Alternative] = []) {
        self.choice = choice
        self.reason = reason
        self.alternatives = alternatives
    }
}

/// Decides what a night should be on. A pure function: the same situation always gives the same verdict.
package protocol Policy: Sendable {
    func verdict(in situation: Situation) -> Verdict
}

extension PolicyName {
    package var policy: any Policy {
        switch self {
        case .onDemandOnly: OnDemandOnly()
        case .greedy: Greedy()
        case .uniformProgress: UniformProgress()
        }
    }
}

extension Situation {
    /// Stay where we are, if we are anywhere.
    func stay(_ reason: DecisionReason, instead alternatives: [Alternative] = []) -> Verdict? {
        current.offer.map { Verdict(.use($0), reason, instead: alternatives) }
    }

    /// Spot offers that were passed over because they were refused a moment ago.
    var refusedSpot: [Alternative] {
        spot.filter { !canAsk($0) }.compactMap { candidate in
            candidate.refusedUntil.map { Alternative(choice: .use(candidate.offer), rejected: .refusedUntil($0)) }
        }
    }

    /// On-demand as an alternative that costs more than `offer`.
    func onDemandDearer(than offer: Offer?) -> [Alternative] {
        guard let dear = onDemand.first else { return [] }
        let cheap = spot.first { $0.offer == offer }?.priced.rate ?? HourlyRate(microdollars: 0)
        let difference = HourlyRate(microdollars: dear.priced.rate.microdollars - cheap.microdollars)
        return [Alternative(choice: .use(dear.offer), rejected: .dearer(difference))]
    }
}
