// SPDX-License-Identifier: Apache-2.0

extension SageMaker {
    /// What runs.
    package struct AlgorithmSpecification: Codable, Hashable, Sendable {
        package var trainingImage: String?
        package var algorithmName: String?
        /// `File`, `FastFile` or `Pipe`.
        package var trainingInputMode: String
        package var metricDefinitions: [MetricDefinition]?
        package var enableSageMakerMetricsTimeSeries: Bool?
        package var containerEntrypoint: [String]?
        package var containerArguments: [String]?

        package init(
            trainingImage: String? = nil, algorithmName: String? = nil, trainingInputMode: String,
            metricDefinitions: [MetricDefinition]? = nil, enableSageMakerMetricsTimeSeries: Bool? = nil,
            containerEntrypoint: [String]? = nil, containerArguments: [String]? = nil
        ) {
            self.trainingImage = trainingImage
            self.algorithmName = algorithmName
            self.trainingInputMode = trainingInputMode
            self.metricDefinitions = metricDefinitions
            self.enableSageMakerMetricsTimeSeries = enableSageMakerMetricsTimeSeries
            self.containerEntrypoint = containerEntrypoint
            self.containerArguments = containerArguments
        }

        private enum CodingKeys: String, CodingKey {
            case trainingImage = "TrainingImage"
            case algorithmName = "AlgorithmName"
            case trainingInputMode = "TrainingInputMode"
            case metricDefinitions = "MetricDefinitions"
            case enableSageMakerMetricsTimeSeries = "EnableSageMakerMetricsTimeSeries"
            case containerEntrypoint = "ContainerEntrypoint"
            case containerArguments = "ContainerArguments"
        }
    }

    /// A metric and the regular expression that finds it in the log.
    package struct MetricDefinition: Codable, Hashable, Sendable {
        package var name: String
        package var regex: String

        package init(name: String, regex: String) {
            self.name = name
            self.regex = regex
        }

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case regex = "Regex"
        }
    }

    /// A tag.
    package struct Tag: Codable, Hashable, Sendable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }

        private enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
        }
    }
}
