// SPDX-License-Identifier: Apache-2.0

/// Something that happened in a night. The journal is a sequence of these; state, timeline, bill and every view are
/// folds over them.
package struct NightEvent: Codable, Hashable, Sendable {
    /// 1, 2, 3 … without gaps. Order is this, never time.
    package var sequence: Int
    /// When it was recorded. What a machine tells carries its own time inside.
    package var at: Instant
    package var kind: Kind

    package init(sequence: Int, at: Instant, kind: Kind) {
        self.sequence = sequence
        self.at = at
        self.kind = kind
    }

    package enum Kind: Codable, Hashable, Sendable {
        case opened(NightTerms)
        /// Recorded when the choice or its reason changes.
        case decided(Decision)
        /// An offer's price changed.
        case priced(PricedOffer)
        /// The intent, recorded before the backend is called.
        case launchRequested(LaunchOrder)
        case launchAnswered(key: String, LaunchOutcome)
        case machineRunning(key: String, since: Instant)
        /// The platform took the machine and waits for another one, within the same launch; it is not billed meanwhile.
        case waitingAgain(key: String, since: Instant)
        case trainingStarted(key: String, TrainingStart)
        case progressed(key: String, ProgressPoint)
        case committed(key: String, CommittedGeneration)
        case noticed(key: String, InterruptionNotice)
        case trainerFailed(key: String, String)
        /// A tripwire fired on the machine.
        case alarmed(key: String, Alarm)
        case modelReady(key: String, ModelArtifact)
        /// The intent, recorded before the backend is called.
        case stopRequested(key: String, StopReason)
        case launchEnded(key: String, EndReason, at: Instant, usage: [Usage])
        /// The intent, recorded before the model is checked and put into service.
        case publicationRequested(PublicationOrder)
        case publicationAnswered(PublicationAnswer)
        /// What the night will end as, once no machine is left.
        case concluding(NightOutcome)
        /// The last event: the night is over and nothing of it runs.
        case finished(NightOutcome)
    }
}

package enum StopReason: String, Codable, Hashable, Sendable {
    /// Another machine has taken over.
    case superseded
    /// The policy wants no machine.
    case notNeeded = "not-needed"
    case budget
    case maxRun = "max-run"
    case nightOver = "night-over"
    case person
}

package enum NightOutcome: Codable, Hashable, Sendable {
    /// The model is in service; `late` when that was after the deadline.
    case completed(ModelArtifact, late: Bool)
    /// No new model in service: yesterday's stays.
    case keptPrevious(KeptReason)
    case failed(FailureReason)
}

package enum KeptReason: String, Codable, Hashable, Sendable {
    case budget
    case maxRun = "max-run"
    case outOfTime = "out-of-time"
    case stoppedByPerson = "stopped-by-person"
    /// A tripwire fired whose choice is to stop; the alarm says which.
    case tripwire
    /// The model did not pass the gate.
    case gate
    /// The model came after the deadline.
    case late
    /// The model could not be put into service.
    case notPublished = "not-published"
}

package enum FailureReason: Codable, Hashable, Sendable {
    case training(String)
    case checkpointsLost(String)
    /// Every offer was refused for good (quota, permissions).
    case refused(String)
}
