// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The night in one line, for a chat, a mail or a terminal.
package enum MorningLine {
    package static func text(_ summary: NightSummary) -> String {
        let clock = summary.terms.clock
        let job = summary.terms.jobText
        var parts: [String]
        switch summary.outcome {
        case .completed(let model, _):
            let readyAt = summary.readyAt ?? model.at
            let margin = summary.terms.deadline - readyAt
            let word = margin >= .zero ? "early" : "late"
            let distance = DurationText.short(margin >= .zero ? margin : .zero - margin)
            let change = summary.changePercent.map { " (\(NumberText.change($0)))" } ?? ""
            parts = ["\(job) ready \(clock.minutes(readyAt))", "\(distance) \(word)", summary.spent.text + change]
        case .keptPrevious(let reason):
            let why = PublicationWords.objection(summary.publication) ?? OutcomeWords.kept(reason)
            let keeps = summary.keepsNone ? "has no model in service" : "keeps the previous model"
            parts = ["\(job) \(keeps): \(why)", "\(summary.spent.text) spent"]
        case .failed(let reason):
            parts = ["\(job) failed: \(OutcomeWords.failure(reason))", "\(summary.spent.text) spent"]
        case nil:
            parts = ["\(job) is not done at \(clock.minutes(summary.at)): \(OutcomeWords.phase(summary))"]
            parts.append("\(summary.spent.text) so far")
        }
        parts.append(NumberText.count(summary.totals.interruptions, "interruption"))
        if summary.totals.redone > .zero { parts.append("\(DurationText.short(summary.totals.redone)) redone") }
        return parts.joined(separator: ", ") + "."
    }
}

extension NightSummary {
    /// The first model of all was kept back.
    fileprivate var keepsNone: Bool {
        switch publication {
        case .keptBack(_, let inService), .failed(_, let inService): inService == nil
        case .published, nil: false
        }
    }
}
