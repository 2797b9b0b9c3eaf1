// SPDX-License-Identifier: Apache-2.0

extension SageMaker {
    /// The machines.
    package struct ResourceConfig: Codable, Hashable, Sendable {
        package var instanceType: String?
        package var instanceCount: Int?
        package var volumeSizeInGB: Int?
        package var volumeKmsKeyId: String?
        package var keepAlivePeriodInSeconds: Int?

        package init(
            instanceType: String? = nil, instanceCount: Int? = nil, volumeSizeInGB: Int? = nil,
            volumeKmsKeyId: String? = nil, keepAlivePeriodInSeconds: Int? = nil
        ) {
            self.instanceType = instanceType
            self.instanceCount = instanceCount
            self.volumeSizeInGB = volumeSizeInGB
            self.volumeKmsKeyId = volumeKmsKeyId
            self.keepAlivePeriodInSeconds = keepAlivePeriodInSeconds
        }

        private enum CodingKeys: String, CodingKey {
            case instanceType = "InstanceType"
            case instanceCount = "InstanceCount"
            case volumeSizeInGB = "VolumeSizeInGB"
            case volumeKmsKeyId = "VolumeKmsKeyId"
            case keepAlivePeriodInSeconds = "KeepAlivePeriodInSeconds"
        }
    }

    /// The network.
    package struct VpcConfig: Codable, Hashable, Sendable {
        package var securityGroupIds: [String]
        package var subnets: [String]

        package init(securityGroupIds: [String], subnets: [String]) {
            self.securityGroupIds = securityGroupIds
            self.subnets = subnets
        }

        private enum CodingKeys: String, CodingKey {
            case securityGroupIds = "SecurityGroupIds"
            case subnets = "Subnets"
        }
    }

    /// The limits that hold without us.
    package struct StoppingCondition: Codable, Hashable, Sendable {
        package var maxRuntimeInSeconds: Int?
        /// Of managed Spot, the run included.
        package var maxWaitTimeInSeconds: Int?
        /// 7200 at least.
        package var maxPendingTimeInSeconds: Int?

        package init(
            maxRuntimeInSeconds: Int? = nil, maxWaitTimeInSeconds: Int? = nil, maxPendingTimeInSeconds: Int? = nil
        ) {
            self.maxRuntimeInSeconds = maxRuntimeInSeconds
            self.maxWaitTimeInSeconds = maxWaitTimeInSeconds
            self.maxPendingTimeInSeconds = maxPendingTimeInSeconds
        }

        private enum CodingKeys: String, CodingKey {
            case maxRuntimeInSeconds = "MaxRuntimeInSeconds"
            case maxWaitTimeInSeconds = "MaxWaitTimeInSeconds"
            case maxPendingTimeInSeconds = "MaxPendingTimeInSeconds"
        }
    }

    /// How often the platform starts a failed job again.
    package struct RetryStrategy: Codable, Hashable, Sendable {
        package var maximumRetryAttempts: Int

        package init(maximumRetryAttempts: Int) {
            self.maximumRetryAttempts = maximumRetryAttempts
        }

        private enum CodingKeys: String, CodingKey {
            case maximumRetryAttempts = "MaximumRetryAttempts"
        }
    }
}
