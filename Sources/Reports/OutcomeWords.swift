// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Offers, ends and outcomes in words. Texts from outside are sanitised here.
package enum OutcomeWords {
    package static func purchase(_ purchase: PurchaseOption) -> String {
        switch purchase {
        case .spot: "Spot"
        case .onDemand: "on-demand"
        }
    }

    /// `Spot ml.p4d.24xlarge eu-west-1c`
    package static func offer(_ offer: Offer) -> String {
        TerminalText.sanitized("\(purchase(offer.purchase)) \(offer.instanceType) \(offer.zone)")
    }

    package static func end(_ reason: EndReason) -> String {
        switch reason {
        case .completed: "completed"
        case .interrupted(noticed: true): "interrupted, with notice"
        case .interrupted(noticed: false): "interrupted, without notice"
        case .stopped: "stopped by us"
        case .leaseExpired: "its lease ran out"
        case .fenced: "fenced: a newer machine took over its checkpoints"
        case .noCapacity: "the platform found no capacity"
        case .lost: "died without a word"
        case .trainingFailed(let text): "training failed: \(TerminalText.sanitized(text))"
        case .checkpointsLost(let text): "checkpoints could not be restored: \(TerminalText.sanitized(text))"
        case .tripped(let sighting): "a tripwire stopped it: \(AlarmWords.seen(sighting))"
        }
    }

    package static func stop(_ reason: StopReason) -> String {
        switch reason {
        case .superseded: "another machine has taken over"
        case .notNeeded: "no machine is wanted"
        case .budget: "the budget is used up"
        case .maxRun: "maxRun is used up"
        case .nightOver: "the night is over"
        case .person: "a person asked for it"
        }
    }

    /// `nil` for a launch that was accepted.
    package static func refusal(_ outcome: LaunchOutcome) -> String? {
        switch outcome {
        case .launched: nil
        case .noCapacity: "no capacity"
        case .quota(let text): "quota reached: \(TerminalText.sanitized(text))"
        case .throttled: "throttled by the platform; asked again soon"
        case .refused(let text): "refused: \(TerminalText.sanitized(text))"
        }
    }

    package static func kept(_ reason: KeptReason) -> String {
        switch reason {
        case .budget: "the budget is used up"
        case .maxRun: "maxRun is used up"
        case .outOfTime: "the night's time is over (maxWait)"
        case .stoppedByPerson: "it was stopped by a person"
        case .tripwire: "a tripwire stopped it"
        case .gate: "the new one did not pass the gate"
        case .late: "the new one came after the deadline"
        case .notPublished: "the new one could not be put into service"
        }
    }

    package static func failure(_ reason: FailureReason) -> String {
        switch reason {
        case .training(let text): "the training code fails: \(TerminalText.sanitized(text))"
        case .checkpointsLost(let text): "committed checkpoints could not be restored: \(TerminalText.sanitized(text))"
        case .refused(let text): "every offer was refused for good: \(TerminalText.sanitized(text))"
        }
    }

    /// `ready in time`, for lines and documents.
    package static func outcome(_ outcome: NightOutcome) -> String {
        switch outcome {
        case .completed(_, late: false): "ready in time"
        case .completed(_, late: true): "ready, but late"
        case .keptPrevious(let reason): "kept the previous model: \(kept(reason))"
        case .failed(let reason): "failed: \(failure(reason))"
        }
    }

    package static func phase(_ summary: NightSummary) -> String {
        switch summary.phase {
        case .notOpened: "not opened"
        case .beforeStart: "not started yet"
        case .waiting: summary.terms.policy == .onDemandOnly ? "waiting for on-demand" : "waiting for Spot"
        case .launching(let offer): "launching \(purchase(offer.purchase))"
        case .restarting(let offer): "restarting on \(purchase(offer.purchase))"
        case .training(let offer): "training on \(purchase(offer.purchase))"
        case .moving(let old, let new): "training on \(purchase(old.purchase)), moving to \(purchase(new.purchase))"
        case .publishing: "putting the model into service"
        case .concluding: "stopping the last machines"
        case .finished(let end): outcome(end)
        }
    }
}
