// SPDX-License-Identifier: Apache-2.0

/// Everything an agent has to say about its stay, always whole: a reader that missed earlier ones misses nothing.
package struct AgentReport: Codable, Hashable, Sendable {
    /// Set once the training process has been started.
    package var training: TrainingStart?
    /// The newest progress the log or a checkpoint's name told.
    package var progress: ProgressPoint?
    /// The first progress told in this stay: with `progress` it gives the pace without the start-up.
    package var firstProgress: ProgressPoint?
    /// Every generation this stay has committed, oldest first.
    package var commits: [CommittedGeneration] = []
    package var notice: InterruptionNotice?
    /// How often the training process ended by itself and was started again.
    package var trainerFailures: [String] = []
    /// Tripwires that fired, oldest first.
    package var alarms: [Alarm] = []
    package var model: ModelArtifact?
    /// Set when the agent gives up.
    package var end: EndReason?

    package init() {}
}

package struct TrainingStart: Codable, Hashable, Sendable {
    package var at: Instant
    /// The generation that was restored; `nil` for a start from zero.
    package var generation: Int?
    /// Progress inside that generation.
    package var units: Double
    /// Newer generations that were not whole, and why, in words.
    package var passedOver: [String]

    package init(at: Instant, generation: Int?, units: Double, passedOver: [String]) {
        self.at = at
        self.generation = generation
        self.units = units
        self.passedOver = passedOver
    }
}

package struct ProgressPoint: Codable, Hashable, Sendable {
    package var at: Instant
    package var units: Double

    package init(at: Instant, units: Double) {
        self.at = at
        self.units = units
    }
}

package struct CommittedGeneration: Codable, Hashable, Sendable {
    package var generation: Int
    package var units: Double
    package var bytes: Int64
    package var at: Instant
    /// The loss that the log had told last when the checkpoint was written; `nil` when it told none.
    package var loss: Double?

    package init(generation: Int, units: Double, bytes: Int64, at: Instant, loss: Double? = nil) {
        self.generation = generation
        self.units = units
        self.bytes = bytes
        self.at = at
        self.loss = loss
    }
}

package struct InterruptionNotice: Codable, Hashable, Sendable {
    package var seenAt: Instant
    /// When the platform says that the machine goes.
    package var interruptionAt: Instant

    package init(seenAt: Instant, interruptionAt: Instant) {
        self.seenAt = seenAt
        self.interruptionAt = interruptionAt
    }
}

package struct ModelArtifact: Codable, Hashable, Sendable {
    package var at: Instant
    /// SHA-256 over the sorted (path, size, SHA-256) lines of its files.
    package var digest: String
    package var bytes: Int64
    /// An absolute directory.
    package var path: String

    package init(at: Instant, digest: String, bytes: Int64, path: String) {
        self.at = at
        self.digest = digest
        self.bytes = bytes
        self.path = path
    }
}
