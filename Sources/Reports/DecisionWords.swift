// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Decisions, their reasons and the rejections in words: the one place that has them.
package enum DecisionWords {
    /// Completes "decided to …".
    package static func action(_ decision: Decision) -> String {
        guard case .use(let offer) = decision.choice else { return "wait without a machine" }
        let name = OutcomeWords.offer(offer)
        switch decision.reason {
        case .spotHolds, .onDemandHolds: return "stay on \(name)"
        case .latestSafeSwitch: return "move to \(name)"
        case .hysteresisPassed: return "move back to \(name)"
        case .spotWorthTrying, .roomToWait, .noRoomForSpot, .onDemandOnly, .behindProgressLine, .aheadOfProgressLine,
            .spotTimeOver, .leastExpectedCost, .onDemandRefused, .everythingRefused:
            return "ask for \(name)"
        }
    }

    /// Completes "because …".
    package static func reason(_ reason: DecisionReason) -> String {
        switch reason {
        case .spotWorthTrying: "Spot may be had and there is room to try it"
        case .roomToWait: "no Spot offer can be asked now and there is time left to wait"
        case .spotHolds: "the deadline holds even if this machine is lost before the next look"
        case .latestSafeSwitch: "one more look without on-demand would break the promise"
        case .noRoomForSpot: "Spot could make nothing durable before the latest safe switch"
        case .onDemandHolds: "on-demand is not taken away, and a change would cost a restart"
        case .onDemandOnly: "the policy buys on-demand only"
        case .behindProgressLine: "progress is behind the needed line and Spot is absent"
        case .aheadOfProgressLine: "progress is ahead of the needed line: waiting costs nothing"
        case .hysteresisPassed: "progress is ahead of the needed line by more than two restarts"
        case .spotTimeOver: "the time that the policy gives Spot is over"
        case .leastExpectedCost: "by the market model nothing else that could be done costs less"
        case .onDemandRefused: "on-demand was refused and time is short: any machine is better than none"
        case .everythingRefused: "every offer was refused; the first one that may be asked again will be"
        }
    }

    /// `wait for Spot`, or the offer.
    package static func choice(_ choice: Choice) -> String {
        switch choice {
        case .wait: "wait for Spot"
        case .use(let offer): OutcomeWords.offer(offer)
        }
    }

    /// Completes "rejected: …" in the light of the decision: on-demand at the price of another on-demand offer, whose
    /// cost in all was looked at, is dearer for the same reason.
    package static func rejection(
        _ alternative: Alternative, of decision: Decision, in terms: NightTerms, clock: ClockText
    ) -> String {
        guard case .dearer = alternative.rejected, case .use(let offer) = alternative.choice,
            offer.purchase == .onDemand, let rate = terms.rate(of: offer)
        else { return rejection(alternative.rejected, clock: clock) }
        let twin = decision.alternatives.first { other in
            guard case .dearerInAll = other.rejected, case .use(let twin) = other.choice else { return false }
            return twin.purchase == .onDemand && terms.rate(of: twin) == rate
        }
        return rejection(twin?.rejected ?? alternative.rejected, clock: clock)
    }

    private static func dearer(_ dollars: String) -> String {
        dollars == "$0.00" ? "costs as much per hour" : "\(dollars)/h dearer"
    }

    /// Completes "rejected: …".
    package static func rejection(_ rejection: Rejection, clock: ClockText) -> String {
        switch rejection {
        case .refusedUntil(let instant): "no capacity; not asked again before \(clock.seconds(instant))"
        case .noSlack: "no slack"
        case .dearer(let rate): dearer(Money(microdollars: rate.microdollars).text)
        case .dearerInAll(let money):
            money.text == "$0.00"
                ? "expected to cost as much by the end of the night"
                : "expected to cost \(money.text) more by the end of the night"
        case .behindProgressLine: "waiting is free, but progress is behind the needed line"
        case .costsRestart: "the machine in use holds; a change costs a restart"
        case .policy: "the policy does not use it"
        }
    }
}

extension NightTerms {
    fileprivate func rate(of offer: Offer) -> HourlyRate? { offers.first { $0.offer == offer }?.rate }
}
