// SPDX-License-Identifier: Apache-2.0

extension SageMaker {
    /// A status that a job had, from when to when.
    package struct SecondaryStatusTransition: Codable, Hashable, Sendable {
        package var status: SecondaryStatus
        package var startTime: EpochSeconds
        package var endTime: EpochSeconds?
        package var statusMessage: String?

        package init(
            status: SecondaryStatus, startTime: EpochSeconds, endTime: EpochSeconds? = nil, statusMessage: String? = nil
        ) {
            self.status = status
            self.startTime = startTime
            self.endTime = endTime
            self.statusMessage = statusMessage
        }

        private enum CodingKeys: String, CodingKey {
            case status = "Status"
            case startTime = "StartTime"
            case endTime = "EndTime"
            case statusMessage = "StatusMessage"
        }
    }

    /// The last value of a metric.
    package struct MetricData: Codable, Hashable, Sendable {
        package var metricName: String
        package var value: Double
        package var timestamp: EpochSeconds

        package init(metricName: String, value: Double, timestamp: EpochSeconds) {
            self.metricName = metricName
            self.value = value
            self.timestamp = timestamp
        }

        private enum CodingKeys: String, CodingKey {
            case metricName = "MetricName"
            case value = "Value"
            case timestamp = "Timestamp"
        }
    }
}
