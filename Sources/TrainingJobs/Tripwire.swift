// SPDX-License-Identifier: Apache-2.0

/// Something that goes wrong in a night without any process ending. The raw values are the keys of the job file.
package enum Tripwire: String, Codable, Hashable, Sendable, CaseIterable {
    /// No progress for a given time while the training process lives.
    case stalled
    /// No generation was committed for some checkpoint intervals although progress was made.
    case noCheckpoint
    /// The loss is NaN, infinite or exploding.
    case badLoss
    /// After a resume the loss is higher than it was when the restored generation was committed.
    case lossJump
    /// A generation was restored, and the script began again below it.
    case startedOver
    /// There will soon be no room for a checkpoint or a model.
    case diskFilling
    /// The training process ended as if it were done and left no model.
    case noModel
    /// Committed generations were expected and none can be restored.
    case nothingToResume
}

/// What a job wants to be done about a tripwire. The raw values are those of the job file.
package enum TripwireChoice: String, Codable, Hashable, Sendable, CaseIterable {
    /// Start the training process again from the newest whole generation.
    case restart
    /// End the night; the previous model stays.
    case stop
    /// Tell it and go on.
    case goOn
    /// Do not watch.
    case off
}
