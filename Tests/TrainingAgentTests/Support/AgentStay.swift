// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

extension Tag {
    /// Real processes: slower, and run apart from the fast ring.
    @Tag static var realProcesses: Self
}

/// One stay of the real agent, with a real training script, on a machine that is a directory.
struct AgentStay {
    let scratch: Scratch
    let process: ChildProcess
    let directory: String
    let marker: String

    /// `script` is the training script, `hyperparameters` and `environment` the job's. A night's later stays share the
    /// scratch directory.
    static func begin(
        in scratch: Scratch, epoch: Int = 1, script: String, behaviour: String = "", steps: Int = 20,
        lease: Duration = .hours(9), expected: Int? = nil, metadata: String? = nil,
        progress: ProgressSource = .metric(name: "epoch", total: 20), localPath: String = "/opt/ml/checkpoints"
    ) async throws -> AgentStay {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        try scratch.write(script, to: "source/train.py")
        for name in ["control", "models", "stay-\(epoch)"] { try scratch.directory(name) }
        let directory = scratch.path + "/stay-\(epoch)"
        let clock = Orders.clock()
        let job = Orders.job(
            source: scratch.path + "/source", uri: scratch.path + "/store", output: scratch.path + "/models",
            hyperparameters: [
                Hyperparameter(name: "steps", json: String(steps)), Hyperparameter(name: "behaviour", json: behaviour),
            ], environment: ["CONTROL": scratch.path + "/control", "PYTHONPATH": package + "/Python"],
            progress: progress,
            localPath: localPath)
        let order = AgentOrder(
            launch: Orders.launch(epoch: epoch, notAfter: clock.nightOrigin + lease, expected: expected), job: job,
            deadline: clock.nightOrigin + .hours(8), clock: clock, sourceDirectory: scratch.path + "/source",
            root: directory + "/disk", reportDirectory: directory)
        try JSONEncoder().encode(order).write(to: URL(filePath: directory + "/order.json"))
        let marker = UUID().uuidString
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "AGENT_TEST": marker,
        ]
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata
        let process = try await ChildProcess.start(
            SpawnRequest(
                executable: Self.executable, arguments: [directory + "/order.json"], environment: environment,
                directory: directory, output: nil, tie: .diesWithParent))
        return AgentStay(scratch: scratch, process: process, directory: directory, marker: marker)
    }

    /// The agent lies beside the test binary.
    static var executable: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/nightshift-agent"
    }

    var report: AgentReport {
        get throws {
            guard let data = FileManager.default.contents(atPath: directory + "/report.json") else {
                return AgentReport()
            }
            return try JSONDecoder().decode(AgentReport.self, from: data)
        }
    }

    var log: [String] {
        (FileManager.default.contents(atPath: directory + "/log.jsonl") ?? Data()).split(separator: 10).compactMap {
            (try? JSONDecoder().decode(LogEntry.self, from: $0))?.line
        }
    }

    /// Lets the script train up to this step.
    func open(to step: Int) throws {
        try Data(String(step).utf8).write(to: URL(filePath: scratch.path + "/control/gate"), options: .atomic)
    }

    /// What the script said in the control directory, a line each time.
    func said(_ name: String) -> [String] {
        (scratch.text("control/" + name) ?? "").split(separator: "\n").map(String.init)
    }

    var trainerPid: Int32? { said("pid").last.flatMap { Int32($0) } }

    func waitForCommit(atStep step: Double) async throws {
        try await eventually("a commit of step \(step)") { try (report.commits.last?.units ?? -1) >= step }
    }

    func end() async throws -> AgentReport {
        let status = await process.exitStatus()
        #expect(status == .exited(0))
        return try report
    }

    /// Living processes of this stay, the agent included.
    var processes: [Int32] { ProcessTable.processes(withEnvironment: "AGENT_TEST", marker) }

    func lineage() throws -> Lineage {
        try #require(Lineage("recommender-2026-11-24", in: try DirectoryObjectStore(root: scratch.path + "/store")))
    }

    func generations() async throws -> [Generation] {
        try await lineage().list(trusting: .content).filter(\.isWhole).map(\.generation)
    }
}
