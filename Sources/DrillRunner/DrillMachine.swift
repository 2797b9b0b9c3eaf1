// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import FlyingFox
import FlyingSocks
import Foundation
import Glibc
import ProcessSupervision
import TrainingAgent
import TrainingJobs

/// One agent with its training process and a metadata service, for one stay of a drill.
struct DrillMachine: Sendable {
    /// Marks every process of a machine, so that all of them can be found and ended.
    private static let tagName = "NIGHTSHIFT_DRILL_MACHINE"

    let order: AgentOrder
    let agent: ChildProcess
    let started: ContinuousClock.Instant
    private let metadata: MetadataService
    private let server: HTTPServer
    private let serving: Task<Void, any Error>

    /// Starts the agent of `order`; its directories are made.
    static func start(
        _ order: AgentOrder, executable: String, environment: [String: String]
    ) async throws -> DrillMachine {
        for directory in [order.root, order.reportDirectory] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let path = order.reportDirectory + "/" + AgentOrder.fileName
        try JSONEncoder().encode(order).write(to: URL(filePath: path), options: .atomic)
        let metadata = MetadataService(offer: order.launch.offer, instance: order.launch.key)
        let server = try metadata.server()
        let serving = Task { try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(let host, port: let port)? = await server.listeningAddress else {
            serving.cancel()
            throw CocoaError(.featureUnsupported)
        }
        var variables = environment
        variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://\(host):\(port)"
        variables[tagName] = order.root
        let started = ContinuousClock.now
        let agent = try await ChildProcess.start(
            SpawnRequest(
                executable: executable, arguments: [path], environment: variables, directory: order.root, output: nil,
                tie: .diesWithParent))
        return DrillMachine(
            order: order, agent: agent, started: started, metadata: metadata, server: server,
            serving: serving)
    }

    /// Where the script saves, as this computer sees it.
    var checkpoints: String {
        TrainingLayout.checkpointDirectory(root: order.root, localPath: order.job.checkpoint.localPath)
    }

    var report: AgentReport? {
        // Not there yet, or just being replaced: the next look tells.
        FileManager.default.contents(atPath: order.reportDirectory + "/" + AgentOrder.reportName)
            .flatMap { try? JSONDecoder().decode(AgentReport.self, from: $0) }
    }

    /// Real time since the start, of an instant that the agent tells.
    func elapsed(at instant: Instant) -> Duration {
        .milliseconds(max(0, (instant - order.clock.nightOrigin).milliseconds / Int64(order.clock.factor)))
    }

    func announceInterruption(in time: Duration) async {
        let now = order.clock.night(at: SystemClock.now())
        await metadata.announceInterruption(at: now + time * order.clock.factor, noticedAt: now)
    }

    /// SIGKILL to everything of the machine, until nothing is left.
    func kill() {
        while true {
            let left = ProcessTable.processes(withEnvironment: Self.tagName, order.root)
            if left.isEmpty { return }
            for pid in left { Glibc.kill(pid, SIGKILL) }
            usleep(2000)
        }
    }

    /// Ends what serves the machine; after the agent has ended.
    func close() async {
        kill()
        serving.cancel()
        await server.stop()
    }
}
