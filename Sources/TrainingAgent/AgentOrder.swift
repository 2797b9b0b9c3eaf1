// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Everything an agent is told, in one file beside it. Who launched the machine, and where, is none of its business.
package struct AgentOrder: Codable, Hashable, Sendable {
    package static let fileName = "order.json"
    package static let reportName = "report.json"
    package static let logName = "log.jsonl"

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
}
