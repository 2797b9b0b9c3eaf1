// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// From a finished model to the one that is in service.
extension Night {
    /// Once for a night: the answer, whenever it comes, ends it.
    mutating func orderPublication(at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        guard state.publication == nil, let order = state.publicationOrder(at: now) else { return }
        try record(.publicationRequested(order), at: now, in: &step)
        if let action = publicationAction { step.actions.append(action) }
    }

    mutating func publicationAnswered(
        _ answer: PublicationAnswer, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        // A second answer, of an order that was repeated meanwhile, is no news.
        if state.isPublishing { try record(.publicationAnswered(answer), at: now, in: &step) }
    }

    /// What is to be asked for while there is no answer.
    var publicationAction: NightStep.Action? {
        guard let order = state.publication, state.isPublishing else { return nil }
        return state.concluding == .keptPrevious(.stoppedByPerson) ? .withdraw(order) : .publish(order)
    }

    /// What the night ends as by its publication; `nil` before the answer.
    var outcomeOfPublication: NightOutcome? {
        guard let answer = state.publicationAnswer, let model = state.model else { return nil }
        switch answer {
        case .published(let at, _): return .completed(model, late: at > state.terms.deadline)
        case .keptBack(.gate, _): return .keptPrevious(.gate)
        case .keptBack(.late, _): return .keptPrevious(.late)
        case .keptBack(.stoppedByPerson, _), .keptBack(.rolledBack, _): return .keptPrevious(.stoppedByPerson)
        case .failed: return .keptPrevious(.notPublished)
        }
    }
}

extension NightState {
    /// The order for the night's model as of now; `nil` when it has none. Also for a model whose night an earlier
    /// version ended.
    package func publicationOrder(at now: Instant) -> PublicationOrder? {
        guard let model, let maker = modelMaker else { return nil }
        // As the journal keeps them: the order that is repeated after a crash must be this one.
        func kept(_ money: Money) -> Money { Money(microdollars: money.roundedMicrodollars) }
        return PublicationOrder(
            night: terms.night, job: terms.job, key: maker.key, epoch: maker.epoch, model: model,
            deadline: terms.deadline, lineage: lineage, cost: kept(bill.total(at: now)),
            baseline: (bill.baseline?.amount).map(kept),
            baselineMeasured: bill.baseline?.isMeasured ?? false)
    }
}
