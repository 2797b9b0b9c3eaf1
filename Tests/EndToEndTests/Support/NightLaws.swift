// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import TrainingAgent
import TrainingJobs

@testable import CapacityBackends

/// What must hold after any night, whatever was killed. Machines are judged by the platform's own files, not by the
/// runner's journal.
struct NightLaws {
    struct Machine {
        var key: String
        var order: MachineOrder
        var platform: PlatformState?
        var report: AgentReport
        var log: [LogEntry]
    }

    let project: TestProject
    let events: [NightEvent]
    let machines: [Machine]

    init(_ project: TestProject) throws {
        self.project = project
        events = try project.events
        machines = try project.machineKeys().compactMap { key in
            let files = MachineFiles(directory: project.machines + "/" + key)
            guard let order: MachineOrder = try files.read(files.order) else { return nil }
            let lines = FileManager.default.contents(atPath: files.directory + "/log.jsonl") ?? Data()
            return Machine(
                key: key, order: order, platform: try files.read(files.platform),
                report: try files.read(files.report) ?? AgentReport(),
                // A line torn by a kill is no line.
                log: lines.split(separator: 10).compactMap { try? JSONDecoder().decode(LogEntry.self, from: $0) })
        }
    }

    /// Every law that does not hold, in words.
    func violations() throws -> [String] {
        let left = project.processes.map { "\($0.role.rawValue) \($0.pid) of \($0.machine) was left behind" }
        return left + launches() + ends() + restores() + redoneWork() + idleness() + service() + (try money())
    }

    private var orders: [(order: LaunchOrder, at: Instant)] {
        events.compactMap { event in
            if case .launchRequested(let order) = event.kind { (order, event.at) } else { nil }
        }
    }

    /// Each machine has an intent older than itself; each key has one machine; each epoch one key.
    private func launches() -> [String] {
        let intents = Dictionary(orders.map { ($0.order.key, $0.at) }) { first, _ in first }
        var found: [String] = []
        if Set(orders.map(\.order.epoch)).count != orders.count { found.append("an epoch was used twice") }
        for machine in machines {
            if machine.order.agent.launch.key != machine.key {
                found.append("\(machine.key) has another machine's order")
            }
            guard let intent = intents[machine.key] else {
                found.append("\(machine.key) was launched without an intent")
                continue
            }
            if intent > machine.order.requestedAt { found.append("\(machine.key) is older than its intent") }
        }
        return found
    }

    private func ends() -> [String] {
        machines.compactMap { machine in
            guard let platform = machine.platform else { return "\(machine.key) was ordered and never played" }
            guard platform.ended != nil else { return "\(machine.key) has not ended" }
            let disk = project.machines + "/" + machine.key + "/disk"
            return FileManager.default.fileExists(atPath: disk) ? "\(machine.key) left its disk" : nil
        }
    }

    /// The model that is in service is the night's own, whole, if the night says so, and not its own otherwise.
    private func service() -> [String] {
        let path = project.directory + "/models/latest"
        // No link: nothing is in service.
        let isOwn = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == project.night + "/model"
        guard case .completed(let model, _)? = events.outcome else {
            return isOwn ? ["the night did not complete, and its model is in service"] : []
        }
        guard isOwn else { return ["the night completed, and its model is not in service"] }
        let digest = try? TreeDigest.of(directory: path)  // a model that cannot be read is not whole
        return digest == model.digest ? [] : ["the model in service is not the one that the night made"]
    }

    /// Each restart restores the newest generation that was acknowledged before it, or a newer one.
    private func restores() -> [String] {
        var newest = 0
        var found: [String] = []
        for machine in machines {
            if let start = machine.report.training, start.generation ?? 0 < newest {
                found.append("\(machine.key) restored \(start.generation ?? 0) although \(newest) was acknowledged")
            }
            newest = max(newest, machine.report.commits.map(\.generation).max() ?? 0)
        }
        return found
    }

    /// Work done twice, in epochs: what a broken stay loses is the epochs that no checkpoint held yet. The script saves
    /// each epoch in less time than a commit takes under load, so a break costs the epoch that runs, the one that was
    /// saved and not committed, and the one whose commit had not been acknowledged.
    private func redoneWork() -> [String] {
        let told = machines.flatMap(\.log).filter { $0.source == .training && $0.line.hasPrefix("epoch=") }.count
        let starts = machines.flatMap(\.log).filter { $0.line.hasPrefix("the training process ended") }.count
        let stays = machines.count { $0.report.training != nil }
        let breaks = max(0, max(stays, starts) + machines.flatMap(\.report.trainerFailures).count)
        let most = project.job.epochs + 3 * breaks
        return told <= most ? [] : ["\(told) epochs were trained; \(breaks) breaks explain \(most) at most"]
    }

    /// No machine is paid for without a sign of work for longer than three seconds on the wall: with the law above,
    /// billed time is an undisturbed night's, the redone epochs, and a restart for each stay.
    private func idleness() -> [String] {
        machines.compactMap { machine in
            guard let since = machine.platform?.runningSince, let end = machine.platform?.ended?.at else { return nil }
            let signs = ([since, end] + machine.log.map(\.at)).sorted()
            let longest = zip(signs, signs.dropFirst()).map { $1 - $0 }.max() ?? .zero
            let most = Duration.seconds(3) * machine.order.agent.clock.factor
            return longest <= most ? nil : "\(machine.key) was billed for \(longest) without a sign of work"
        }
    }

    /// The night's bill is the platform's own account, to the microdollar.
    private func money() throws -> [String] {
        var account = Money.zero
        for machine in machines {
            guard let since = machine.platform?.runningSince, let end = machine.platform?.ended?.at, end > since else {
                continue
            }
            let changes = machine.order.prices
            for index in changes.indices {
                let from = index == 0 ? since : max(since, changes[index].from)
                let until = index + 1 < changes.count ? min(end, changes[index + 1].from) : end
                if until > from { account = account + changes[index].rate.cost(of: until - from) }
            }
        }
        guard let last = events.last else { return ["the night has no events"] }
        let bill = Bill(events).total(at: last.at)
        return bill == account ? [] : ["the bill says \(bill), the platform \(account)"]
    }
}
