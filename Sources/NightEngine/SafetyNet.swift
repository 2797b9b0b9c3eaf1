// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Stands between a policy and the night: whatever the policy believes, a deadline that on-demand can keep is kept.
///
/// The sum is exact and outside any model: work left since the newest committed generation + restart overhead +
/// on-demand's promised launch wait + upload + margin. The night looks at least once a tick, so:
/// - waiting, or staying on Spot, is allowed only while the switch is still safe one tick from now;
/// - Spot is entered only if it could make something durable before the latest safe switch, otherwise on-demand is
///   bought at once: waiting longer would gain nothing;
/// - on-demand is not left for nothing, and for Spot only with that room and on-demand's wait besides.
///
/// It assumes what the promise names: on-demand comes within its promised wait, a restart takes no longer than its
/// overhead, and training is no slower than the estimate. Without an on-demand offer there is no promise and the
/// policy's wish stands. The proof is in `docs/safety.md`.
package struct SafetyNet: Sendable {
    package let policy: any Policy

    package init(_ policy: any Policy) { self.policy = policy }

    package func verdict(in outlook: Outlook) -> Verdict {
        var wish = policy.verdict(in: outlook)
        // Asking for what is not there is waiting.
        if case .spot(let pool) = wish.placement, wish.placement != outlook.current, !outlook.spot[pool].isUp {
            wish = wish.overruled(.none, .roomToWait)
        }
        guard !outlook.onDemand.isEmpty else { return wish }
        switch outlook.current {
        case .onDemand:
            if wish.placement == outlook.current { return wish }
            if wish.placement.isSpot, outlook.hasRoomToLeaveOnDemand { return wish }
            return wish.overruled(outlook.current, .onDemandHolds)
        case .spot:
            guard outlook.canStayOnSpot else { return switching(wish, outlook, because: .latestSafeSwitch) }
            let isSafe =
                switch wish.placement {
                case outlook.current, .onDemand: true
                case .spot: outlook.hasRoomToEnterSpot
                case .none: outlook.canWait
                }
            return isSafe ? wish : wish.overruled(outlook.current, .spotHolds)
        case .none:
            if wish.placement.isOnDemand { return wish }
            if outlook.hasRoomToEnterSpot, wish.placement.isSpot || outlook.canWait { return wish }
            return switching(wish, outlook, because: outlook.canWait ? .noRoomForSpot : .latestSafeSwitch)
        }
    }

    /// On-demand now; if that was refused a moment ago, whatever else can be had.
    private func switching(_ wish: Verdict, _ outlook: Outlook, because reason: DecisionReason) -> Verdict {
        if let pool = outlook.onDemandToAsk { return wish.overruled(.onDemand(pool), reason) }
        if outlook.current != .none { return wish.overruled(outlook.current, .onDemandRefused) }
        if let pool = outlook.spotToAsk { return wish.overruled(.spot(pool), .onDemandRefused) }
        return wish.overruled(.none, .everythingRefused)
    }
}

extension Verdict {
    fileprivate func overruled(_ placement: Placement, _ reason: DecisionReason) -> Verdict {
        var verdict = Verdict(placement, reason)
        verdict.lineStart = lineStart
        return verdict
    }
}

/// The net's inequalities; all of them compare the slack, which is exact.
extension Outlook {
    /// The switch is still safe at the next look when nothing is done until then.
    package var canWait: Bool { slack >= tick }

    /// The switch is still safe at the next look, also when the machine is lost just before it.
    package var canStayOnSpot: Bool { slack >= tick - gainUntilNextLook && limitSlack >= tick }

    /// Spot makes something durable only after a restart and a checkpoint interval, which is seen at the look after.
    /// Entering it is worth it only when that still fits before the latest safe switch.
    package var hasRoomToEnterSpot: Bool { slack >= roomForSpot }

    /// A machine on on-demand was waited for, and after it was given away the same wait may come again.
    package var hasRoomToLeaveOnDemand: Bool { slack >= roomForSpot + onDemandWait }

    /// Where training saves now and then, what it does until the next look may be lost; where it is durable at once, a
    /// tick on Spot has moved the work by then, whatever comes.
    private var gainUntilNextLook: Int64 { checkpointInterval > 0 ? 0 : max(0, tick - overheadLeft) }

    /// With progress that is durable at once, two launches must fit: Spot's and, if it is lost, on-demand's. That also
    /// covers a tick: of it, all but the restart was training.
    private var roomForSpot: Int64 {
        checkpointInterval > 0 ? restartOverhead + checkpointInterval + tick * 2 : restartOverhead
    }
}
