// SPDX-License-Identifier: Apache-2.0

/// One job as `ListTrainingJobs` tells it.
package struct TrainingJobSummary: Codable, Hashable, Sendable {
    package var trainingJobName: String
    package var trainingJobArn: String
    package var creationTime: EpochSeconds?
    package var trainingEndTime: EpochSeconds?
    package var lastModifiedTime: EpochSeconds?
    package var trainingJobStatus: SageMaker.TrainingJobStatus
    package var secondaryStatus: SageMaker.SecondaryStatus?

    package init(
        trainingJobName: String, trainingJobArn: String, creationTime: EpochSeconds? = nil,
        trainingEndTime: EpochSeconds? = nil, lastModifiedTime: EpochSeconds? = nil,
        trainingJobStatus: SageMaker.TrainingJobStatus, secondaryStatus: SageMaker.SecondaryStatus? = nil
    ) {
        self.trainingJobName = trainingJobName
        self.trainingJobArn = trainingJobArn
        self.creationTime = creationTime
        self.trainingEndTime = trainingEndTime
        self.lastModifiedTime = lastModifiedTime
        self.trainingJobStatus = trainingJobStatus
        self.secondaryStatus = secondaryStatus
    }

    private enum CodingKeys: String, CodingKey {
        case trainingJobName = "TrainingJobName"
        case trainingJobArn = "TrainingJobArn"
        case creationTime = "CreationTime"
        case trainingEndTime = "TrainingEndTime"
        case lastModifiedTime = "LastModifiedTime"
        case trainingJobStatus = "TrainingJobStatus"
        case secondaryStatus = "SecondaryStatus"
    }
}
