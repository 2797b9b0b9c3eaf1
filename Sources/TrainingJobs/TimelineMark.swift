// SPDX-License-Identifier: Apache-2.0

/// A moment worth a mark in a picture of the night.
package struct TimelineMark: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case launched(key: String, Offer)
        /// A request that gave no machine.
        case refused(key: String, Offer, LaunchOutcome)
        case training(key: String, TrainingStart)
        case committed(key: String, CommittedGeneration)
        case noticed(key: String, InterruptionNotice)
        case trainerFailed(key: String, String)
        case alarmed(key: String, Alarm)
        case ended(key: String, Offer, EndReason)
        case decided(Decision)
        case priced(PricedOffer)
        case modelReady(key: String, ModelArtifact)
        case publication(PublicationAnswer)
        case finished(NightOutcome)
    }

    /// The time of the thing itself: what a machine tells carries its own.
    package var at: Instant
    /// Of the event in the journal.
    package var sequence: Int
    package var kind: Kind

    package init(at: Instant, sequence: Int, kind: Kind) {
        self.at = at
        self.sequence = sequence
        self.kind = kind
    }
}

/// A decision with its place in the journal.
package struct RecordedDecision: Hashable, Sendable {
    package var sequence: Int
    package var at: Instant
    package var decision: Decision

    package init(sequence: Int, at: Instant, decision: Decision) {
        self.sequence = sequence
        self.at = at
        self.decision = decision
    }
}
