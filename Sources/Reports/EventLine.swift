// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One plain line an event, for logs and for terminals without cursor control.
package enum EventLine {
    /// `nil` for events that a reader of a log doesn't miss: mere progress.
    /// `copiesUnverified` is the night's.
    package static func text(for event: NightEvent, clock: ClockText, copiesUnverified: Bool = false) -> String? {
        words(for: event.kind, clock: clock, copiesUnverified: copiesUnverified).map {
            "\(clock.seconds(event.at)) \($0)"
        }
    }

    static func words(
        for kind: NightEvent.Kind, clock: ClockText, copiesUnverified: Bool = false
    ) -> String? {
        switch kind {
        case .opened(let terms):
            return "night \(terms.title) opened: ready before \(clock.withZone(terms.deadline)), baseline "
                + MoneyText.amount(terms.baseline)
        case .decided(let decision):
            return "decided to \(DecisionWords.action(decision)) because \(DecisionWords.reason(decision.reason)); "
                + "latest safe switch \(clock.minutes(decision.latestSafeSwitch))"
        case .priced(let priced):
            return "price of \(OutcomeWords.offer(priced.offer)) is now \(MoneyText.rate(priced.rate)) (as of "
                + TerminalText.sanitized("\(priced.priceAsOf), \(priced.priceSource)") + ")"
        case .launchRequested(let order):
            return
                "asking for \(OutcomeWords.offer(order.offer)) at \(MoneyText.rate(order.rate)) as \(name(order.key))"
        case .launchAnswered(let key, let outcome):
            return "\(name(key)): \(OutcomeWords.refusal(outcome) ?? "accepted, waiting for capacity")"
        case .machineRunning(let key, let since):
            return "\(name(key)): machine granted, billed since \(clock.seconds(since))"
        case .waitingAgain(let key, let since):
            return
                "\(name(key)): the platform took the machine at \(clock.seconds(since)) and waits for another one by itself"
        case .trainingStarted(let key, let start):
            return "\(name(key)): \(started(start))"
        case .progressed:
            return nil
        case .committed(let key, let generation):
            return
                "\(name(key)): checkpoint \(generation.generation) is \(copiesUnverified ? "there, unverified" : "whole"), "
                + "\(NumberText.units(generation.units)) units durable (\(NumberText.bytes(generation.bytes)))"
        case .noticed(let key, let notice):
            return "\(name(key)): interruption notice, the machine goes at \(clock.seconds(notice.interruptionAt))"
        case .trainerFailed(let key, let text):
            return
                "\(name(key)): the training process ended by itself and is started again: "
                + TerminalText.sanitized(text)
        case .alarmed(let key, let alarm):
            return "\(name(key)): tripwire \(alarm.tripwire.rawValue): \(AlarmWords.sentence(alarm))"
        case .modelReady(let key, let model):
            return "\(name(key)): model in place, sha256 \(TerminalText.sanitized(String(model.digest.prefix(16)))), "
                + "\(NumberText.bytes(model.bytes)) at \(TerminalText.sanitized(model.path))"
        case .stopRequested(let key, let reason):
            return "\(name(key)): stopping, because \(OutcomeWords.stop(reason))"
        case .launchEnded(let key, let reason, let at, let usage):
            let cost = usage.reduce(Money.zero) { $0 + $1.cost }
            return "\(name(key)): ended at \(clock.seconds(at)), \(OutcomeWords.end(reason)); cost \(cost.text)"
        case .publicationRequested:
            return "checking the model, to put it into service"
        case .publicationAnswered(let answer):
            return PublicationWords.line(answer)
        case .concluding(let outcome):
            return "the night ends as: \(OutcomeWords.outcome(outcome)); stopping what still runs"
        case .finished(let outcome):
            return "the night is over: \(OutcomeWords.outcome(outcome))"
        }
    }

    private static func name(_ key: String) -> String { "launch \(LaunchName.short(key))" }

    private static func started(_ start: TrainingStart) -> String {
        guard let generation = start.generation else { return "training started from zero" }
        let resumed = "training resumed from checkpoint \(generation) at \(NumberText.units(start.units)) units"
        let passed = start.passedOver.map(TerminalText.sanitized)
        return passed.isEmpty ? resumed : resumed + "; passed over: \(passed.joined(separator: ", "))"
    }
}
