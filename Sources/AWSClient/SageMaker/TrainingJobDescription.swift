// SPDX-License-Identifier: Apache-2.0

/// The answer to `DescribeTrainingJob`, with AWS's own member names in JSON.
package struct TrainingJobDescription: Codable, Hashable, Sendable {
    package var trainingJobName: String
    package var trainingJobArn: String?
    package var trainingJobStatus: SageMaker.TrainingJobStatus
    package var secondaryStatus: SageMaker.SecondaryStatus?
    package var failureReason: String?
    package var modelArtifacts: SageMaker.ModelArtifacts?
    package var hyperParameters: [String: String]?
    package var algorithmSpecification: SageMaker.AlgorithmSpecification?
    package var roleArn: String?
    package var inputDataConfig: [SageMaker.Channel]?
    package var outputDataConfig: SageMaker.OutputDataConfig?
    package var resourceConfig: SageMaker.ResourceConfig?
    package var vpcConfig: SageMaker.VpcConfig?
    package var stoppingCondition: SageMaker.StoppingCondition?
    package var creationTime: EpochSeconds?
    package var trainingStartTime: EpochSeconds?
    package var trainingEndTime: EpochSeconds?
    package var lastModifiedTime: EpochSeconds?
    package var secondaryStatusTransitions: [SageMaker.SecondaryStatusTransition]?
    package var finalMetricDataList: [SageMaker.MetricData]?
    package var enableNetworkIsolation: Bool?
    package var enableInterContainerTrafficEncryption: Bool?
    package var enableManagedSpotTraining: Bool?
    package var checkpointConfig: SageMaker.CheckpointConfig?
    /// At least 1, or absent.
    package var trainingTimeInSeconds: Int?
    /// Of one instance, as AWS bills it; it lags behind and is absent until it is known.
    package var billableTimeInSeconds: Int?
    package var environment: [String: String]?
    package var retryStrategy: SageMaker.RetryStrategy?

    package init(
        trainingJobName: String, trainingJobArn: String? = nil, trainingJobStatus: SageMaker.TrainingJobStatus,
        secondaryStatus: SageMaker.SecondaryStatus? = nil, failureReason: String? = nil,
        modelArtifacts: SageMaker.ModelArtifacts? = nil, hyperParameters: [String: String]? = nil,
        algorithmSpecification: SageMaker.AlgorithmSpecification? = nil, roleArn: String? = nil,
        inputDataConfig: [SageMaker.Channel]? = nil, outputDataConfig: SageMaker.OutputDataConfig? = nil,
        resourceConfig: SageMaker.ResourceConfig? = nil, vpcConfig: SageMaker.VpcConfig? = nil,
        stoppingCondition: SageMaker.StoppingCondition? = nil, creationTime: EpochSeconds? = nil,
        trainingStartTime: EpochSeconds? = nil, trainingEndTime: EpochSeconds? = nil,
        lastModifiedTime: EpochSeconds? = nil, secondaryStatusTransitions: [SageMaker.SecondaryStatusTransition]? = nil,
        finalMetricDataList: [SageMaker.MetricData]? = nil, enableNetworkIsolation: Bool? = nil,
        enableInterContainerTrafficEncryption: Bool? = nil, enableManagedSpotTraining: Bool? = nil,
        checkpointConfig: SageMaker.CheckpointConfig? = nil, trainingTimeInSeconds: Int? = nil,
        billableTimeInSeconds: Int? = nil, environment: [String: String]? = nil,
        retryStrategy: SageMaker.RetryStrategy? = nil
    ) {
        self.trainingJobName = trainingJobName
        self.trainingJobArn = trainingJobArn
        self.trainingJobStatus = trainingJobStatus
        self.secondaryStatus = secondaryStatus
        self.failureReason = failureReason
        self.modelArtifacts = modelArtifacts
        self.hyperParameters = hyperParameters
        self.algorithmSpecification = algorithmSpecification
        self.roleArn = roleArn
        self.inputDataConfig = inputDataConfig
        self.outputDataConfig = outputDataConfig
        self.resourceConfig = resourceConfig
        self.vpcConfig = vpcConfig
        self.stoppingCondition = stoppingCondition
        self.creationTime = creationTime
        self.trainingStartTime = trainingStartTime
        self.trainingEndTime = trainingEndTime
        self.lastModifiedTime = lastModifiedTime
        self.secondaryStatusTransitions = secondaryStatusTransitions
        self.finalMetricDataList = finalMetricDataList
        self.enableNetworkIsolation = enableNetworkIsolation
        self.enableInterContainerTrafficEncryption = enableInterContainerTrafficEncryption
        self.enableManagedSpotTraining = enableManagedSpotTraining
        self.checkpointConfig = checkpointConfig
        self.trainingTimeInSeconds = trainingTimeInSeconds
        self.billableTimeInSeconds = billableTimeInSeconds
        self.environment = environment
        self.retryStrategy = retryStrategy
    }

    private enum CodingKeys: String, CodingKey {
        case trainingJobName = "TrainingJobName"
        case trainingJobArn = "TrainingJobArn"
        case trainingJobStatus = "TrainingJobStatus"
        case secondaryStatus = "SecondaryStatus"
        case failureReason = "FailureReason"
        case modelArtifacts = "ModelArtifacts"
        case hyperParameters = "HyperParameters"
        case algorithmSpecification = "AlgorithmSpecification"
        case roleArn = "RoleArn"
        case inputDataConfig = "InputDataConfig"
        case outputDataConfig = "OutputDataConfig"
        case resourceConfig = "ResourceConfig"
        case vpcConfig = "VpcConfig"
        case stoppingCondition = "StoppingCondition"
        case creationTime = "CreationTime"
        case trainingStartTime = "TrainingStartTime"
        case trainingEndTime = "TrainingEndTime"
        case lastModifiedTime = "LastModifiedTime"
        case secondaryStatusTransitions = "SecondaryStatusTransitions"
        case finalMetricDataList = "FinalMetricDataList"
        case enableNetworkIsolation = "EnableNetworkIsolation"
        case enableInterContainerTrafficEncryption = "EnableInterContainerTrafficEncryption"
        case enableManagedSpotTraining = "EnableManagedSpotTraining"
        case checkpointConfig = "CheckpointConfig"
        case trainingTimeInSeconds = "TrainingTimeInSeconds"
        case billableTimeInSeconds = "BillableTimeInSeconds"
        case environment = "Environment"
        case retryStrategy = "RetryStrategy"
    }
}

extension TrainingJobDescription {
    /// It failed because there were no machines: the one failure that says nothing against the job.
    package var failedForCapacity: Bool {
        trainingJobStatus == .failed && failureReason?.contains("CapacityError") == true
    }
}
