// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Marks with a shape each: colour only repeats what the shape says.
extension TimelineSVG {
    var marks: [String] {
        let rows = [
            ("checkpoints", TimelineScale.checkpointRow), ("decisions", TimelineScale.decisionRow),
            ("events", TimelineScale.eventRow),
        ]
        var parts = rows.map { SVG.text(TimelineScale.left - 14, $0.1 + 4, $0.0, "ns-soft", anchor: "end") }
        let telling = Set(timeline.tellingDecisions.map(\.at))
        var choice: Choice?
        var lastRefusal = -Double.infinity
        for mark in timeline.marks {
            if case .decided(let decision) = mark.kind {
                defer { choice = decision.choice }
                if decision.choice == choice || !telling.contains(mark.at) { continue }
            }
            if case .refused = mark.kind {
                // Refusals that would lie on each other are one.
                if scale.x(mark.at) - lastRefusal < 12 { continue }
                lastRefusal = scale.x(mark.at)
            }
            guard let shape = shape(mark) else { continue }
            parts.append(SVG.group(tooltip(mark), shape))
        }
        return parts
    }

    private func shape(_ mark: TimelineMark) -> String? {
        let x = scale.x(mark.at)
        let y = TimelineScale.eventRow
        switch mark.kind {
        case .committed: return Self.triangle(x, TimelineScale.checkpointRow)
        case .noticed: return Self.diamond(x, y)
        case .ended(_, _, let reason):
            switch reason {
            case .interrupted, .lost, .leaseExpired, .trainingFailed, .checkpointsLost, .tripped:
                return SVG.line(
                    x, TimelineScale.curveTop, x, TimelineScale.lane(2) + TimelineScale.laneHeight, "ns-fall")
                    + Self.cross(x, y)
            case .completed, .stopped, .fenced, .noCapacity: return nil
            }
        case .trainerFailed, .alarmed: return Self.bang(x, y)
        case .refused: return Self.refusal(x, y)
        case .decided: return Self.decision(x, TimelineScale.decisionRow)
        case .modelReady: return Self.tick(x, y)
        case .launched, .training, .priced, .publication, .finished: return nil
        }
    }

    static func triangle(_ x: Double, _ y: Double) -> String {
        SVG.path("M\(n(x)) \(n(y - 5))l5 9h-10z", "ns-check")
    }

    static func diamond(_ x: Double, _ y: Double) -> String {
        SVG.path("M\(n(x)) \(n(y - 8))l8 8l-8 8l-8 -8z", "ns-warn")
            + SVG.text(x, y + 4, "!", "ns-strong", anchor: "middle")
    }

    static func cross(_ x: Double, _ y: Double) -> String {
        SVG.path("M\(n(x - 5)) \(n(y - 5))l10 10m0 -10l-10 10", "ns-bad")
    }

    static func bang(_ x: Double, _ y: Double) -> String {
        SVG.rect(x - 6, y - 6, 12, 12, "ns-warn") + SVG.text(x, y + 4, "!", "ns-strong", anchor: "middle")
    }

    static func refusal(_ x: Double, _ y: Double) -> String {
        SVG.path("M\(n(x - 5)) \(n(y - 4))h10l-5 9z", "ns-ink")
    }

    static func decision(_ x: Double, _ y: Double) -> String {
        "<circle class=\"ns-decision\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"5.5\"/>"
    }

    static func tick(_ x: Double, _ y: Double) -> String {
        "<circle class=\"ns-good\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"8\"/>"
            + SVG.path("M\(n(x - 4)) \(n(y))l3 3l5 -6", "ns-tick")
    }

    private static func n(_ value: Double) -> String { SVG.number(value) }

    private func tooltip(_ mark: TimelineMark) -> String {
        let words: String
        switch mark.kind {
        case .launched(let key, let offer): words = "launch \(LaunchName.short(key)): \(OutcomeWords.offer(offer))"
        case .refused(_, let offer, let outcome):
            words = "\(OutcomeWords.offer(offer)): \(OutcomeWords.refusal(outcome) ?? "accepted")"
        case .training(let key, let start):
            words = "launch \(LaunchName.short(key)): training from \(NumberText.units(start.units)) units"
        case .committed(_, let generation):
            words =
                "checkpoint \(generation.generation) is \(summary.terms.copiesUnverified ? "there, unverified" : "whole"), "
                + "\(NumberText.units(generation.units)) units durable"
        case .noticed(let key, let notice):
            words = "launch \(LaunchName.short(key)): interruption notice for \(clock.seconds(notice.interruptionAt))"
        case .trainerFailed(let key, let text):
            words = "launch \(LaunchName.short(key)): training process ended by itself: \(TerminalText.sanitized(text))"
        case .alarmed(let key, let alarm):
            words = "launch \(LaunchName.short(key)): \(AlarmWords.sentence(alarm))"
        case .ended(let key, _, let reason): words = "launch \(LaunchName.short(key)): \(OutcomeWords.end(reason))"
        case .decided(let decision):
            words =
                "decided to \(DecisionWords.action(decision)) because \(DecisionWords.reason(decision.reason)); "
                + "slack \(DurationText.exact(decision.slack))"
        case .priced(let priced): words = "\(OutcomeWords.offer(priced.offer)) is now \(MoneyText.rate(priced.rate))"
        case .modelReady: words = "model in place"
        case .publication(let answer): words = PublicationWords.line(answer)
        case .finished(let outcome): words = OutcomeWords.outcome(outcome)
        }
        return "\(clock.seconds(mark.at)) \(words)"
    }
}
