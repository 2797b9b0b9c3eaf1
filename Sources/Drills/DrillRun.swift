// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One training run of a drill, from zero to its end, as its files and log told it.
package struct DrillRun: Codable, Hashable, Sendable {
    /// `control-1`, `control-2`, or the disturbance's name.
    package var name: String
    /// `nil` for an undisturbed run.
    package var disturbance: Disturbance?
    /// In order; each but the last was ended on purpose.
    package var stays: [DrillStay]
    /// Digest of the finished model; `nil` when there is none.
    package var model: ModelArtifact?
    /// What was being written when the run was killed inside a save.
    package var tornFile: TornFile?

    package init(
        name: String, disturbance: Disturbance?, stays: [DrillStay], model: ModelArtifact?, tornFile: TornFile?
    ) {
        self.name = name
        self.disturbance = disturbance
        self.stays = stays
        self.model = model
        self.tornFile = tornFile
    }

    /// Whether the disturbance happened, all of it: a run may be over before the moment for it has come.
    package var wasDisturbed: Bool { stays.count > (disturbance == .killTwice ? 2 : 1) }
}

/// A file that was cut in the middle by a kill.
package struct TornFile: Codable, Hashable, Sendable {
    /// Below the checkpoint directory.
    package var path: String
    /// A whole checkpoint had this file before: it was being overwritten.
    package var replacedWholeFile: Bool

    package init(path: String, replacedWholeFile: Bool) {
        self.path = path
        self.replacedWholeFile = replacedWholeFile
    }
}

/// A stay of the run on one machine. Times are real ones, counted from its start.
package struct DrillStay: Codable, Hashable, Sendable {
    package enum End: Codable, Hashable, Sendable {
        case completed
        /// By the drill.
        case killed
        /// After a notice; `saved` when a checkpoint was committed between the notice and the end.
        case noticed(after: JSONSeconds, saved: Bool)
        /// By itself, without a model.
        case failed(String)
    }

    /// What it resumed from; `nil` for a start from zero.
    package var restored: RestoredPoint?
    /// When the training process was started.
    @JSONSeconds package var trainingAt: Duration
    package var progress: [ProgressMark]
    package var values: [LoggedValue]
    package var commits: [DrillCommit]
    package var saves: [SaveSpan]
    package var end: End
    /// Ends of the training process that nobody had ordered.
    package var crashes: [String]
    /// The last lines of the training process, when it crashed.
    package var lastWords: [String]

    package init(
        restored: RestoredPoint?, trainingAt: Duration, progress: [ProgressMark], values: [LoggedValue],
        commits: [DrillCommit], saves: [SaveSpan], end: End, crashes: [String], lastWords: [String]
    ) {
        self.restored = restored
        self.trainingAt = trainingAt
        self.progress = progress
        self.values = values
        self.commits = commits
        self.saves = saves
        self.end = end
        self.crashes = crashes
        self.lastWords = lastWords
    }
}

package struct RestoredPoint: Codable, Hashable, Sendable {
    package var generation: Int
    /// Progress that the generation holds at least: a script that saves before it prints holds one step more.
    package var units: Double

    package init(generation: Int, units: Double) {
        self.generation = generation
        self.units = units
    }
}

/// A progress that the log told.
package struct ProgressMark: Codable, Hashable, Sendable {
    @JSONSeconds package var at: Duration
    package var units: Double

    package init(at: Duration, units: Double) {
        self.at = at
        self.units = units
    }
}

/// A metric's value that the log told.
package struct LoggedValue: Codable, Hashable, Sendable {
    package var metric: String
    package var value: Double
    /// The progress on the same line, or the last one told before.
    package var units: Double
    /// The line itself told the progress.
    package var tellsProgress: Bool

    package init(metric: String, value: Double, units: Double, tellsProgress: Bool) {
        self.metric = metric
        self.value = value
        self.units = units
        self.tellsProgress = tellsProgress
    }
}

package struct DrillCommit: Codable, Hashable, Sendable {
    @JSONSeconds package var at: Duration
    package var units: Double
    package var bytes: Int64

    package init(at: Duration, units: Double, bytes: Int64) {
        self.at = at
        self.units = units
        self.bytes = bytes
    }
}
