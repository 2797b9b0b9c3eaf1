// SPDX-License-Identifier: Apache-2.0

/// The shapes that SageMaker's calls share, by AWS's names.
package enum SageMaker {
    /// Where a job is, in one word. A word that AWS adds later stays as it is.
    package struct TrainingJobStatus: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let inProgress = TrainingJobStatus(rawValue: "InProgress")
        package static let completed = TrainingJobStatus(rawValue: "Completed")
        package static let failed = TrainingJobStatus(rawValue: "Failed")
        package static let stopping = TrainingJobStatus(rawValue: "Stopping")
        package static let stopped = TrainingJobStatus(rawValue: "Stopped")
        package static let deleting = TrainingJobStatus(rawValue: "Deleting")

        /// Nothing of it runs any more, nor will. An unknown word is not an end.
        package var isEnd: Bool { [.completed, .failed, .stopped].contains(self) }
        package var description: String { rawValue }
    }

    /// Where a job is, in detail. A word that AWS adds later stays as it is.
    package struct SecondaryStatus: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let starting = SecondaryStatus(rawValue: "Starting")
        package static let launchingMLInstances = SecondaryStatus(rawValue: "LaunchingMLInstances")
        package static let preparingTrainingStack = SecondaryStatus(rawValue: "PreparingTrainingStack")
        package static let pending = SecondaryStatus(rawValue: "Pending")
        package static let downloading = SecondaryStatus(rawValue: "Downloading")
        package static let downloadingTrainingImage = SecondaryStatus(rawValue: "DownloadingTrainingImage")
        package static let training = SecondaryStatus(rawValue: "Training")
        package static let interrupted = SecondaryStatus(rawValue: "Interrupted")
        package static let restarting = SecondaryStatus(rawValue: "Restarting")
        package static let updating = SecondaryStatus(rawValue: "Updating")
        package static let uploading = SecondaryStatus(rawValue: "Uploading")
        package static let stopping = SecondaryStatus(rawValue: "Stopping")
        package static let stopped = SecondaryStatus(rawValue: "Stopped")
        package static let completed = SecondaryStatus(rawValue: "Completed")
        package static let failed = SecondaryStatus(rawValue: "Failed")
        package static let maxRuntimeExceeded = SecondaryStatus(rawValue: "MaxRuntimeExceeded")
        package static let maxWaitTimeExceeded = SecondaryStatus(rawValue: "MaxWaitTimeExceeded")

        package var description: String { rawValue }
    }
}
