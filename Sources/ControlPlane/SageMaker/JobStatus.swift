// SPDX-License-Identifier: Apache-2.0

/// Source: the enum `TrainingJobStatus` of the service's description.
package enum TrainingJobStatus: String, Codable, Hashable, Sendable, CaseIterable {
    case inProgress = "InProgress"
    case completed = "Completed"
    case failed = "Failed"
    case stopping = "Stopping"
    case stopped = "Stopped"
    case deleting = "Deleting"
}

/// The statuses that a job of the stage passes through; AWS knows a few more.
package enum SecondaryStatus: String, Codable, Hashable, Sendable {
    case starting = "Starting"
    case launchingMLInstances = "LaunchingMLInstances"
    case preparingTrainingStack = "PreparingTrainingStack"
    case downloading = "Downloading"
    case training = "Training"
    case uploading = "Uploading"
    case stopping = "Stopping"
    case stopped = "Stopped"
    case maxRuntimeExceeded = "MaxRuntimeExceeded"
    case completed = "Completed"
    case failed = "Failed"
    case interrupted = "Interrupted"
    case maxWaitTimeExceeded = "MaxWaitTimeExceeded"
    case restarting = "Restarting"

    /// Source: the `StatusMessage` texts in the service's documentation and in logs that users publish.
    var message: String {
        switch self {
        case .starting: "Starting the training job"
        case .launchingMLInstances: "Launching requested ML instances"
        case .preparingTrainingStack: "Preparing the instances for training"
        case .downloading: "Downloading input data"
        case .training: "Training image download completed. Training in progress."
        case .uploading: "Uploading generated training model"
        case .stopping: "Stopping the training job"
        case .stopped: "Training job stopped"
        case .maxRuntimeExceeded: "Training job runtime exceeded MaxRuntimeInSeconds provided"
        case .completed: "Training job completed"
        case .failed: "Training job failed"
        case .interrupted: "Training job interrupted: the Spot capacity was taken back"
        case .maxWaitTimeExceeded: "Training job exceeded MaxWaitTimeInSeconds provided"
        case .restarting: "Restarting the training job after an internal error"
        }
    }
}
