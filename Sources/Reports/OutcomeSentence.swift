// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// How a night ended, in two lines: the clock time, then the money.
struct OutcomeSentence {
    private let summary: NightSummary
    private let clock: ClockText

    init(_ summary: NightSummary) {
        self.summary = summary
        clock = summary.terms.clock
    }

    var time: String { "\(summary.terms.title): \(timeWithoutTitle)" }

    var timeWithoutTitle: String {
        let deadline = "the deadline \(clock.minutes(summary.terms.deadline))"
        switch summary.outcome {
        case .completed(let model, _):
            let readyAt = summary.readyAt ?? model.at
            let margin = summary.terms.deadline - readyAt
            let distance =
                margin >= .zero
                ? "\(DurationText.full(margin)) before \(deadline)"
                : "\(DurationText.full(.zero - margin)) after \(deadline)"
            return "ready \(clock.withZone(readyAt)), \(distance)"
        case .keptPrevious(let reason):
            let why = PublicationWords.objection(summary.publication) ?? kept(reason)
            let what = summary.publication == nil ? "no new model" : "the new model is kept back"
            return "\(what), \(PublicationWords.stays(summary.publication)): \(why); the night ended "
                + "\(ended), the deadline was \(clock.minutes(summary.terms.deadline))"
        case .failed(let reason):
            return "no new model, the previous one stays in service: \(OutcomeWords.failure(reason)); the night ended "
                + "\(ended), the deadline was \(clock.minutes(summary.terms.deadline))"
        case nil:
            let about = summary.readyAbout.map { "ready about \(clock.minutes($0)), " } ?? ""
            return
                "\(OutcomeWords.phase(summary)) at \(clock.withZone(summary.at)), \(about)deadline "
                + clock.minutes(summary.terms.deadline)
        }
    }

    var money: String {
        let baseline = "on-demand baseline \(MoneyText.amount(summary.baseline))"
        switch summary.outcome {
        case .completed: return "\(summary.spent.text); \(baseline); \(MoneyText.comparison(summary))"
        case .keptPrevious where summary.publication != nil:
            return "\(summary.spent.text) spent, and the new model is not in service; \(baseline)"
        case .keptPrevious, .failed: return "\(summary.spent.text) spent without a new model; \(baseline)"
        case nil: return "\(summary.spent.text) so far; \(baseline)"
        }
    }

    private func kept(_ reason: KeptReason) -> String {
        guard reason == .tripwire, let alarm = summary.stopping else { return OutcomeWords.kept(reason) }
        return "\(OutcomeWords.kept(reason)): \(AlarmWords.seen(alarm.sighting))"
    }

    private var ended: String { clock.withZone(summary.finishedAt ?? summary.at) }
}
