// SPDX-License-Identifier: Apache-2.0

/// Something that a disturbed run did and an undisturbed one does not. Each of them fails the run.
package enum DrillFinding: Codable, Hashable, Sendable {
    /// No generation existed when the moment for the disturbance came; so much work was lost.
    case nothingSaved(unitsLost: Double)
    /// A generation with `held` units was there, and the log went on from `first`.
    case startedOver(held: Double, first: Double)
    /// The log never told a unit that an undisturbed run tells.
    case skipped(unit: Double, next: Double)
    /// The log told a unit of work again that the restored generation holds.
    case repeated(unit: Double, held: Double)
    /// A metric lies further from the undisturbed run than it may.
    case metricDiffers(metric: String, unit: Double, expected: Double, seen: Double, limit: Double, count: Int)
    /// The same training gives other bytes.
    case modelDiffers
    /// The training process fell over when it resumed, in its own last words.
    case resumeCrashed(String)
    /// The run never came to a model.
    case unfinished(String)
    /// The moment for this disturbance did not come, so nothing is proven.
    case notDisturbed
    /// Two undisturbed runs do not agree on the model, and the resumed one told no metric that they told.
    case nothingToCompare
}

/// Why a resumed run goes another way, as far as the shape of the difference tells.
package enum ResumeCause: String, Codable, Hashable, Sendable, CaseIterable {
    /// It does not load its checkpoint.
    case startsFromZero = "starts-from-zero"
    case oneAhead = "one-ahead"
    case oneBehind = "one-behind"
    case learningRate = "learning-rate"
    case optimizerState = "optimizer-state"
    /// Random state: dropout, sampling, the order of the data.
    case randomState = "random-state"
    /// The position inside an epoch: right between epochs, wrong within one.
    case positionInEpoch = "position-in-epoch"
    /// A half-written checkpoint is taken for a whole one.
    case tornCheckpoint = "torn-checkpoint"
    /// The only whole copy is overwritten while it is needed.
    case overwritesInPlace = "overwrites-in-place"
    case savesAtTheEndOnly = "saves-at-the-end-only"
    case unknown
}

/// A cause with what speaks for it.
package struct Diagnosis: Codable, Hashable, Sendable {
    package enum Evidence: Codable, Hashable, Sendable {
        /// Values after the resume equal those of the undisturbed run so many units away.
        case shifted(units: Double, metric: String)
        /// The learning rate goes on from here, where an undisturbed run has that.
        case learningRate(seen: Double, expected: Double, unit: Double)
        /// First difference after the resume and the last one.
        case comesBack(metric: String, first: Double, last: Double)
        /// The difference, measured by how far the curve scatters from point to point by itself: far larger, of that
        /// size, far smaller.
        case aboveNoise(metric: String, ratio: Double)
        case withinNoise(metric: String, ratio: Double)
        case belowNoise(metric: String, ratio: Double)
        /// Nothing in the checkpoint's files is named like such a state.
        case noOptimizerInCheckpoint
        case noRandomStateInCheckpoint
        /// Kills between epochs are resumed rightly.
        case onlyWithinAnEpoch
        case tornFile(String)
        case otherSeed(seen: Double, expected: Double)
        case onlyModel
    }

    package var cause: ResumeCause
    package var evidence: [Evidence]

    package init(_ cause: ResumeCause, _ evidence: [Evidence] = []) {
        self.cause = cause
        self.evidence = evidence
    }
}

/// What the names inside a checkpoint tell about what it holds. Only a hint: a name is not a state.
package struct CheckpointHints: Codable, Hashable, Sendable {
    package var namesOptimizer: Bool
    package var namesRandomState: Bool

    package init(namesOptimizer: Bool, namesRandomState: Bool) {
        self.namesOptimizer = namesOptimizer
        self.namesRandomState = namesRandomState
    }
}
