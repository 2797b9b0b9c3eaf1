// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import TrainingJobs

/// Everything an agent is told, in one file beside it. Who launched the machine, and where, is none of its business.
/// The format of this file and of those that the agent writes: `docs/agent.md`.
package struct AgentOrder: Codable, Hashable, Sendable {
    package static let currentVersion = 1
    package static let fileName = "order.json"
    package static let reportName = "report.json"
    package static let logName = "log.jsonl"
    package static let metricsName = "metrics.jsonl"

    /// Of this file, and so of the files that the agent writes for it.
    package private(set) var version = Self.currentVersion
    package var launch: LaunchOrder
    package var job: TrainingJob
    package var deadline: Instant
    package var clock: ClockScale
    /// The source directory as it was when the night opened.
    package var sourceDirectory: String
    /// The machine's own disk: the `/opt/ml` layout is made below it. It goes with the machine.
    package var root: String
    /// Where the report and the log are written; it outlives the machine.
    package var reportDirectory: String

    package init(
        launch: LaunchOrder, job: TrainingJob, deadline: Instant, clock: ClockScale, sourceDirectory: String,
        root: String, reportDirectory: String
    ) {
        self.launch = launch
        self.job = job
        self.deadline = deadline
        self.clock = clock
        self.sourceDirectory = sourceDirectory
        self.root = root
        self.reportDirectory = reportDirectory
    }

    /// Refuses another version before it looks at the rest.
    package static func read(_ data: Data) throws -> AgentOrder {
        struct Head: Decodable { var version: Int }
        let head = try JSONDecoder().decode(Head.self, from: data)
        guard head.version == currentVersion else { throw UnknownOrder(version: head.version) }
        return try JSONDecoder().decode(AgentOrder.self, from: data)
    }
}

struct UnknownOrder: Error, CustomStringConvertible {
    var version: Int
    var description: String {
        "the order is of version \(version), and this agent knows version \(AgentOrder.currentVersion): "
            + "use the agent that belongs to the nightshift that wrote it"
    }
}
