// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Explains the decision that held at a time.
package struct WhyView: Sendable {
    private let terms: NightTerms
    private let recorded: RecordedDecision
    private let clock: ClockText
    /// When something else was decided, or the night ended.
    private let until: Instant?

    /// The newest decision at or before `instant`; `nil` when the night had decided nothing by then.
    package init?(_ timeline: Timeline, at instant: Instant) {
        guard let terms = timeline.terms, let recorded = timeline.decisions.last(where: { $0.at <= instant }) else {
            return nil
        }
        self.terms = terms
        self.recorded = recorded
        until = timeline.decisions.first { $0.sequence > recorded.sequence }?.at ?? timeline.finishedAt
        clock = terms.clock
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }

    package var lines: [String] {
        let decision = recorded.decision
        var lines =
            [
                "\(clock.seconds(recorded.at)) \(clock.zoneName) (\(clock.utc(recorded.at))) decided to "
                    + DecisionWords.action(decision),
                "  because  \(DecisionWords.reason(decision.reason))",
            ] + (sum + expectation + unproven).map { "           \($0)" }
        for (index, alternative) in decision.alternatives.enumerated() {
            let head = index == 0 ? "  instead  " : "           "
            let why = DecisionWords.rejection(alternative, of: decision, in: terms, clock: clock)
            lines.append("\(head)\(DecisionWords.choice(alternative.choice)) – rejected: \(why)")
        }
        if decision.alternatives.isEmpty { lines.append("  instead  no alternative was recorded") }
        lines.append(
            "  data     journal event \(recorded.sequence), policy \(terms.policy.rawValue), spent by then "
                + decision.spent.text + (until.map { ", in force until \(clock.seconds($0))" } ?? ""))
        return lines
    }

    private var sum: [String] {
        switch recorded.decision.reason {
        case .onDemandHolds, .onDemandOnly:
            // Nothing is left to switch to: what counts is whether this machine is done in time.
            let (work, upload) = (recorded.decision.workLeft, terms.uploadTime)
            let left = DurationText.exact(terms.deadline - recorded.at)
            return [
                "work left \(DurationText.exact(work)) + upload \(DurationText.exact(upload)) = "
                    + "\(DurationText.exact(work + upload)); time left to \(clock.minutes(terms.deadline)) was \(left)"
            ]
        case .spotWorthTrying, .roomToWait, .spotHolds, .latestSafeSwitch, .noRoomForSpot, .behindProgressLine,
            .aheadOfProgressLine, .hysteresisPassed, .spotTimeOver, .leastExpectedCost, .onDemandRefused,
            .everythingRefused:
            return [SwitchSum(terms, latest: recorded.decision.latestSafeSwitch).words, timeLeft] + ifItLives
        }
    }

    private var expectation: [String] {
        guard let cost = recorded.decision.expectedCost else { return [] }
        return ["expected cost from here to the night's end: \(cost.text), by the policy's market model (a forecast)"]
    }

    private var unproven: [String] {
        guard recorded.decision.reason == .onDemandOnly, let refused = terms.spotRefused else { return [] }
        return ["Spot was left alone (requireDrill): \(TerminalText.sanitized(refused))"]
    }

    private var ifItLives: [String] {
        let decision = recorded.decision
        guard decision.workLeft != decision.durableWorkLeft else { return [] }
        let left = DurationText.short(decision.workLeft)
        return ["(work left counts from the last checkpoint; if the machine lives it is \(left))"]
    }

    /// The decision's own slack beside what it is made of.
    private var timeLeft: String {
        let decision = recorded.decision
        let left = DurationText.exact(terms.deadline - recorded.at)
        let switchTime = clock.seconds(decision.latestSafeSwitch)
        let head = "time left to \(clock.minutes(terms.deadline)) was \(left); latest safe switch \(switchTime), "
        guard decision.slack >= .zero else {
            return head + "passed \(DurationText.exact(.zero - decision.slack)) ago"
        }
        let tick = DurationText.exact(terms.tick)
        return head + "slack \(DurationText.exact(decision.slack))"
            + (decision.slack < terms.tick ? ", less than one look (\(tick))" : "")
    }
}
