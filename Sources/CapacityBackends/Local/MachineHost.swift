// SPDX-License-Identifier: Apache-2.0

import FlyingFox
import FlyingSocks
import Foundation
import ProcessSupervision
import TrainingAgent
import TrainingJobs

/// Plays one machine and the platform under it, in a process of its own: grants it, runs the agent on it, gives the
/// notice, takes it away, holds its lease, keeps its bill.
package struct MachineHost: Sendable {
    private static let pause = Duration.milliseconds(25)

    private let files: MachineFiles
    private let order: MachineOrder
    private let clock: ClockScale

    package init(directory: String) throws {
        files = MachineFiles(directory: directory)
        guard let order: MachineOrder = try files.read(files.order) else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: files.order])
        }
        self.order = order
        clock = order.agent.clock
    }

    /// Plays the machine to its end. A second host of the same machine, at the same time or later, returns at once; one
    /// that died before it had begun is no first host.
    package func run(environment: [String: String]) async throws {
        let lock = open(files.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0, !files.isPlayed
        else { return }
        becomeSubreaper()
        guard let identity = ProcessIdentity(pid: getpid()) else { return }
        try files.write(identity, to: files.host)
        var state = PlatformState(runningSince: nil, aliveAt: now, ended: nil)
        try files.write(state, to: files.platform)

        if let reason = try await endBeforeGrant(&state) { return try end(&state, reason, at: now) }
        state.runningSince = now
        state.aliveAt = now
        try files.write(state, to: files.platform)
        let reason = try await play(&state, environment)
        killEverything()
        let moment = now
        // The machine's disk goes with the machine, before its end is told: nothing of it is left then. What cannot be
        // removed is no reason to play on.
        try? FileManager.default.removeItem(atPath: files.disk)
        try end(&state, reason, at: moment)
    }

    private var now: Instant { clock.night(at: SystemClock.now()) }
    private var stopOrdered: Bool { FileManager.default.fileExists(atPath: files.stop) }

    /// Waits for the grant; answers a reason when the machine was stopped, or its lease ran out, before it came.
    private func endBeforeGrant(_ state: inout PlatformState) async throws -> EndReason? {
        while true {
            if stopOrdered { return .stopped }
            if now >= order.agent.launch.notAfter { return .leaseExpired }
            if now >= order.grantedAt { return nil }
            try await breathe(&state)
        }
    }

    private func play(_ state: inout PlatformState, _ environment: [String: String]) async throws -> EndReason {
        try FileManager.default.createDirectory(
            atPath: files.disk, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let metadata = MetadataService(offer: order.agent.launch.offer, instance: files.key)
        let server = try metadata.server()
        let serving = Task { try await server.run() }
        defer { serving.cancel() }
        try await server.waitUntilListening()
        let address = await server.listeningAddress
        guard case .ip4(let host, let port)? = address else {
            throw CocoaError(.featureUnsupported)
        }
        var variables = environment
        variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://\(host):\(port)"
        let agent = try await ChildProcess.start(
            SpawnRequest(
                executable: order.agentExecutable, arguments: [files.agentOrder], environment: variables,
                directory: files.disk, output: nil, tie: .diesWithParent))
        let ended = Task { await agent.exitStatus() }
        return try await watch(agent, ended, metadata, &state)
    }

    private func watch(
        _ agent: ChildProcess, _ ended: Task<ExitStatus, Never>, _ metadata: MetadataService,
        _ state: inout PlatformState
    ) async throws -> EndReason {
        var noticed = false
        var killAt: Instant?
        while true {
            if ProcessIdentity(pid: agent.pid) == nil {
                _ = await ended.value
                // An agent that died without a word leaves a report without an end. One that was stopped before it could
                // hear it died of the stop.
                let report: AgentReport? = try files.read(files.report)
                return report?.end ?? (killAt == nil ? .lost : .stopped)
            }
            if let interruption = order.interruptionAt, now >= interruption { return .interrupted(noticed: noticed) }
            if let notice = order.noticeAt, let interruption = order.interruptionAt, now >= notice, !noticed {
                noticed = true
                await metadata.announceInterruption(at: interruption, noticedAt: now)
            }
            // The agent ends itself at the lease's end; this is for one that does not.
            if now >= order.agent.launch.notAfter + .seconds(120) { return .leaseExpired }
            if stopOrdered, killAt == nil {
                kill(agent.pid, SIGTERM)
                killAt = clock.night(
                    at: SystemClock.now() + max(.seconds(4), clock.wallDuration(.seconds(120), atLeast: .zero)))
            }
            if let killAt, now >= killAt { return .stopped }
            try await breathe(&state)
        }
    }

    /// Waits a moment and shows that the platform still plays this machine.
    private func breathe(_ state: inout PlatformState) async throws {
        try await Task.sleep(for: Self.pause)
        let moment = now
        if moment - state.aliveAt >= clock.night(at: Instant(milliseconds: 200))
            - clock.night(at: Instant(milliseconds: 0))
        {
            state.aliveAt = moment
            try files.write(state, to: files.platform)
        }
    }

    private func end(_ state: inout PlatformState, _ reason: EndReason, at moment: Instant) throws {
        state.aliveAt = moment
        state.ended = PlatformState.End(reason: reason, at: moment)
        try files.write(state, to: files.platform)
    }

    /// SIGKILL to every process of the machine, until none is left. Orphans are ours: this process is their subreaper.
    private func killEverything() {
        while true {
            let left = ProcessTable.descendants(of: getpid())
            if left.isEmpty { return }
            for pid in left { kill(pid, SIGKILL) }
            usleep(1000)
        }
    }
}
