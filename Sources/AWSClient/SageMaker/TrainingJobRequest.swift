// SPDX-License-Identifier: Apache-2.0

/// The body of `CreateTrainingJob`, with AWS's own member names in JSON. The name is the idempotency key.
///
/// Members that are not here are not sent; who receives a request and wants to keep them keeps its bytes.
package struct TrainingJobRequest: Codable, Hashable, Sendable {
    package var trainingJobName: String
    package var roleArn: String
    package var algorithmSpecification: SageMaker.AlgorithmSpecification?
    package var hyperParameters: [String: String]?
    package var inputDataConfig: [SageMaker.Channel]?
    package var outputDataConfig: SageMaker.OutputDataConfig
    package var resourceConfig: SageMaker.ResourceConfig?
    package var vpcConfig: SageMaker.VpcConfig?
    package var stoppingCondition: SageMaker.StoppingCondition?
    package var tags: [SageMaker.Tag]?
    package var enableNetworkIsolation: Bool?
    package var enableInterContainerTrafficEncryption: Bool?
    package var enableManagedSpotTraining: Bool?
    package var checkpointConfig: SageMaker.CheckpointConfig?
    package var environment: [String: String]?
    package var retryStrategy: SageMaker.RetryStrategy?

    package init(
        trainingJobName: String, roleArn: String, algorithmSpecification: SageMaker.AlgorithmSpecification? = nil,
        hyperParameters: [String: String]? = nil, inputDataConfig: [SageMaker.Channel]? = nil,
        outputDataConfig: SageMaker.OutputDataConfig, resourceConfig: SageMaker.ResourceConfig? = nil,
        vpcConfig: SageMaker.VpcConfig? = nil, stoppingCondition: SageMaker.StoppingCondition? = nil,
        tags: [SageMaker.Tag]? = nil, enableNetworkIsolation: Bool? = nil,
        enableInterContainerTrafficEncryption: Bool? = nil, enableManagedSpotTraining: Bool? = nil,
        checkpointConfig: SageMaker.CheckpointConfig? = nil, environment: [String: String]? = nil,
        retryStrategy: SageMaker.RetryStrategy? = nil
    ) {
        self.trainingJobName = trainingJobName
        self.roleArn = roleArn
        self.algorithmSpecification = algorithmSpecification
        self.hyperParameters = hyperParameters
        self.inputDataConfig = inputDataConfig
        self.outputDataConfig = outputDataConfig
        self.resourceConfig = resourceConfig
        self.vpcConfig = vpcConfig
        self.stoppingCondition = stoppingCondition
        self.tags = tags
        self.enableNetworkIsolation = enableNetworkIsolation
        self.enableInterContainerTrafficEncryption = enableInterContainerTrafficEncryption
        self.enableManagedSpotTraining = enableManagedSpotTraining
        self.checkpointConfig = checkpointConfig
        self.environment = environment
        self.retryStrategy = retryStrategy
    }

    private enum CodingKeys: String, CodingKey {
        case trainingJobName = "TrainingJobName"
        case roleArn = "RoleArn"
        case algorithmSpecification = "AlgorithmSpecification"
        case hyperParameters = "HyperParameters"
        case inputDataConfig = "InputDataConfig"
        case outputDataConfig = "OutputDataConfig"
        case resourceConfig = "ResourceConfig"
        case vpcConfig = "VpcConfig"
        case stoppingCondition = "StoppingCondition"
        case tags = "Tags"
        case enableNetworkIsolation = "EnableNetworkIsolation"
        case enableInterContainerTrafficEncryption = "EnableInterContainerTrafficEncryption"
        case enableManagedSpotTraining = "EnableManagedSpotTraining"
        case checkpointConfig = "CheckpointConfig"
        case environment = "Environment"
        case retryStrategy = "RetryStrategy"
    }
}
