// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Stands between a policy and the night: whatever the policy believes, a deadline that on-demand can keep is kept.
///
/// The sum is exact and outside any model: work left since the newest committed generation + restart overhead +
/// on-demand's promised launch wait + upload + margin. The night looks at least once a tick, so:
/// - waiting, or staying on Spot, is allowed only while the switch is still safe one tick from now;
/// - Spot is entered only if it could commit something before the latest safe switch, otherwise on-demand is bought at
///   once: waiting longer would gain nothing;
/// - on-demand is not left for nothing, and for Spot only with that room and on-demand's wait besides.
///
/// It assumes what the promise names: on-demand comes within its promised wait, a restart takes no longer than its
/// overhead, and training is no slower than the estimate. Without an on-demand offer there is no promise and the
/// policy's wish stands.
package struct SafetyNet: Sendable {
    private let policy: any Policy

    package init(_ policy: any Policy) { self.policy = policy }

    package func verdict(in situation: Situation) -> Verdict {
        let wish = policy.verdict(in: situation)
        guard !situation.onDemand.isEmpty else { return wish }
        if situation.isOnOnDemand { return keepingOnDemand(wish, situation) }
        if situation.slack < situation.terms.tick { return switching(wish, situation, because: .latestSafeSwitch) }
        switch wish.choice {
        case .use(let offer) where offer.purchase == .spot && offer != situation.current.offer:
            guard situation.hasRoomToEnterSpot else {
                return situation.stay(.spotHolds) ?? switching(wish, situation, because: .noRoomForSpot)
            }
            return wish
        case .wait where !situation.isOnSpot && !situation.hasRoomToEnterSpot:
            return switching(wish, situation, because: .noRoomForSpot)
        case .wait, .use:
            return wish
        }
    }

    private func keepingOnDemand(_ wish: Verdict, _ situation: Situation) -> Verdict {
        switch wish.choice {
        case .use(let offer) where offer == situation.current.offer:
            return wish
        case .use(let offer) where offer.purchase == .spot && situation.hasRoomToLeaveOnDemand:
            return wish
        case .use, .wait:
            let rejected = Alternative(choice: wish.choice, rejected: .noSlack)
            return situation.stay(.onDemandHolds, instead: [rejected]) ?? wish
        }
    }

    /// On-demand now; if that was refused a moment ago, whatever else can be had.
    private func switching(_ wish: Verdict, _ situation: Situation, because reason: DecisionReason) -> Verdict {
        let tooLate = [wish.choice, .wait].filter { $0 != .use(situation.onDemand[0].offer) }
        var seen: [Choice] = []
        for choice in tooLate where !seen.contains(choice) { seen.append(choice) }
        let alternatives = seen.map { Alternative(choice: $0, rejected: .noSlack) } + situation.refusedSpot
        if let candidate = situation.onDemandToAsk {
            return Verdict(.use(candidate.offer), reason, instead: alternatives)
        }
        let refused = situation.onDemand.compactMap { candidate in
            candidate.refusedUntil.map { Alternative(choice: .use(candidate.offer), rejected: .refusedUntil($0)) }
        }
        if let stay = situation.stay(.onDemandRefused, instead: refused) { return stay }
        if let candidate = situation.spotToAsk {
            return Verdict(.use(candidate.offer), .onDemandRefused, instead: refused)
        }
        return Verdict(.wait, .everythingRefused, instead: refused + situation.refusedSpot)
    }
}
