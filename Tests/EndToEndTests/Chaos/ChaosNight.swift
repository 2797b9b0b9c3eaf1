// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision

/// Runs one night while processes of it are killed, and starts the runner again with the same command until it ends.
struct ChaosNight {
    var project: TestProject
    private(set) var result = CommandResult(status: .exited(-1), output: "", complaints: "")
    /// What was really killed, for the report of a failure.
    private(set) var killed: [String] = []
    private(set) var restarts = 0
    /// The most agents ever seen alive at once for one machine.
    private(set) var mostAgents = 0

    init(_ job: TestJob) throws { project = try TestProject(job, named: "nightshift-chaos") }

    /// Kills on the plan's clock. A victim that does not live at its time is waited for.
    mutating func run(_ plan: ChaosPlan) async throws {
        let begin = ContinuousClock.now
        var blows = plan.blows[...]
        let project = project
        try await steer(absence: plan.absence) { run in
            guard let blow = blows.first, ContinuousClock.now - begin >= blow.at else { return [] }
            let victims = Self.victims(blow.victim, run, project)
            if !victims.isEmpty { blows.removeFirst() }
            return victims.isEmpty ? [] : victims + [.label("\(blow)")]
        }
    }

    enum Stroke: Sendable { case process(Int32), label(String) }

    /// `strokes` is asked every few milliseconds whom to kill now.
    mutating func steer(absence: Duration, _ strokes: (CommandRun) throws -> [Stroke]) async throws {
        var run = try await project.run()
        var sampled = ContinuousClock.now
        let patience = ContinuousClock.now + .seconds(120)
        while true {
            guard ContinuousClock.now < patience else { throw GaveUp() }
            if !run.isRunning {
                result = await run.result()
                guard result.wasKilled else { return }
                restarts += 1
                try await Task.sleep(for: absence)
                run = try await project.run()
            }
            for stroke in try strokes(run) {
                switch stroke {
                case .process(let pid): kill(pid, SIGKILL)
                case .label(let text): killed.append(text)
                }
            }
            if ContinuousClock.now - sampled > .milliseconds(80) {
                sampled = .now
                let agents = project.processes.filter { $0.role == .agent }
                // A child between fork and exec still looks like the agent that it comes from.
                let pids = Set(agents.map(\.pid))
                let own = agents.filter { !pids.contains($0.parent) }
                mostAgents = max(mostAgents, Dictionary(grouping: own, by: \.machine).values.map(\.count).max() ?? 0)
            }
            try await Task.sleep(for: .milliseconds(4))
        }
    }

    static func victims(_ victim: ChaosPlan.Victim, _ run: CommandRun, _ project: TestProject) -> [Stroke] {
        let runner: [Stroke] = run.isRunning ? [.process(run.pid)] : []
        func machines(_ role: ProjectProcess.Role?) -> [Stroke] {
            project.processes.filter { role == nil || $0.role == role }.map { .process($0.pid) }
        }
        switch victim {
        case .runner: return runner
        case .agent: return machines(.agent)
        case .training: return machines(.training)
        case .host: return machines(.host)
        case .everything: return runner + machines(nil)
        }
    }
}
