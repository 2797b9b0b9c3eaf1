// SPDX-License-Identifier: Apache-2.0

/// What a finished model must pass before it is put into service, and what else is made of it.
package struct PublishSettings: Codable, Hashable, Sendable {
    package enum WhenLate: String, Codable, Hashable, Sendable {
        /// A model that comes after the deadline stays beside the one in service.
        case keepPrevious
        case publish
    }

    /// Also as one archive, as SageMaker makes it.
    package var pack = false
    package var whenLate = WhenLate.keepPrevious
    package var gate: PublishGate?

    package init(pack: Bool, whenLate: WhenLate, gate: PublishGate?) {
        self.pack = pack
        self.whenLate = whenLate
        self.gate = gate
    }

    /// Of a job file that says nothing about it: whatever is whole and in time is put into service.
    package static let standard = PublishSettings(pack: false, whenLate: .keepPrevious, gate: nil)
}

package struct PublishGate: Codable, Hashable, Sendable {
    package var metric: MetricGate?
    /// A program and its arguments; empty for none.
    package var command: [String]
    /// The most time of the night that the command may take.
    @JSONSeconds package var timeout: Duration

    package init(metric: MetricGate?, command: [String], timeout: Duration) {
        self.metric = metric
        self.command = command
        self.timeout = timeout
    }
}

extension TrainingJob {
    package var publishing: PublishSettings { publish ?? .standard }
}
