// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension ScriptedNights {
    /// The cheap night, with what came of putting its model into service.
    package static func publication(_ answer: PublicationAnswer) -> [NightEvent] {
        var events: [NightEvent] = []
        for event in cheap {
            switch event.kind {
            case .concluding, .finished: break
            default: events.append(NightEvent(sequence: events.count + 1, at: event.at, kind: event.kind))
            }
        }
        guard case .opened(let terms)? = events.first?.kind, case .finished(let completed)? = cheap.last?.kind,
            case .completed(let model, _) = completed, let at = events.last?.at, let key = events.lastModelKey
        else { preconditionFailure("the cheap night has no model") }
        let outcome: NightOutcome =
            switch answer {
            case .published(let at, _): .completed(model, late: at > terms.deadline)
            case .keptBack(.gate, _): .keptPrevious(.gate)
            case .keptBack(.late, _): .keptPrevious(.late)
            case .keptBack: .keptPrevious(.stoppedByPerson)
            case .failed: .keptPrevious(.notPublished)
            }
        let order = PublicationOrder(
            night: terms.night, job: terms.job, key: key, epoch: 2, model: model, deadline: terms.deadline,
            lineage: ModelLineage(), cost: .zero, baseline: nil, baselineMeasured: false)
        let kinds: [NightEvent.Kind] = [
            .publicationRequested(order), .publicationAnswered(answer), .concluding(outcome), .finished(outcome),
        ]
        for kind in kinds { events.append(NightEvent(sequence: events.count + 1, at: at + .minutes(1), kind: kind)) }
        return events
    }
}

extension [NightEvent] {
    fileprivate var lastModelKey: String? {
        reversed().lazy.compactMap { if case .modelReady(let key, _) = $0.kind { key } else { nil } }.first
    }
}
