// SPDX-License-Identifier: Apache-2.0

import NightEngine

/// The safety rules of the published simulator, in place of our own net: for published policies only.
///
/// The last rule (added after the paper, applied to every policy there) looks at the machine of the last tick. When Spot
/// was taken away just now and only one launch still fits, it asks for Spot, which is not there, and the night is one
/// tick late. Our own policies never run behind it.
struct PublishedRules {
    /// A last machine on Spot, even if it has just been taken away.
    var lastWasSpot: Bool

    func placement(_ wish: Placement, in outlook: Outlook, ticksLeft: Int64) -> Placement {
        let afterLines = lines(wish, in: outlook, ticksLeft)
        guard outlook.workLeft > 0, needs(1, outlook, ticksLeft) else { return afterLines }
        if lastWasSpot, outlook.overheadLeft == 0 {
            if outlook.current.isSpot { return outlook.current }
            return outlook.spotToAsk.map(Placement.spot) ?? .none
        }
        return onDemand(outlook)
    }

    /// On-demand when only two launches fit, and Spot is not there; when only one fits, Spot only if it trains.
    private func lines(_ wish: Placement, in outlook: Outlook, _ ticksLeft: Int64) -> Placement {
        if outlook.restartOverhead == 0, let pool = outlook.spotToAsk, !wish.isOnDemand { return .spot(pool) }
        if needs(1, outlook, ticksLeft) {
            return outlook.current.isSpot && outlook.overheadLeft == 0 ? outlook.current : onDemand(outlook)
        }
        if needs(2, outlook, ticksLeft), !outlook.current.isSpot { return onDemand(outlook) }
        return wish
    }

    private func onDemand(_ outlook: Outlook) -> Placement {
        outlook.current.isOnDemand ? outlook.current : .onDemand(0)
    }

    /// ⌈(work left + launches × overhead) / tick⌉ ≥ ticks left, without a division.
    private func needs(_ launches: Int64, _ outlook: Outlook, _ ticksLeft: Int64) -> Bool {
        outlook.workLeft + launches * outlook.restartOverhead > (ticksLeft - 1) * outlook.tick
    }
}
