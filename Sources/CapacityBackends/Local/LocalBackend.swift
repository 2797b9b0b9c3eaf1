// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
package import SpotMarket
package import TrainingJobs
import TrainingAgent

/// This computer as a cloud: a simulated market decides what can be had, everything else is real.
///
/// Each machine is played by a host process of its own that lives on when the runner dies: it keeps the market's
/// promises and threats, the lease and the bill whether anybody looks or not.
package struct LocalBackend: CapacityBackend {
    package let job: TrainingJob
    package let terms: NightTerms
    package let market: Market
    package let clock: ClockScale
    /// The source directory as it was when the night opened.
    package let sourceDirectory: String
    /// `machines/` of the night.
    package let directory: String
    /// The program that plays a machine when it is called with `local-machine <directory>`.
    package let hostExecutable: String
    package let agentExecutable: String
    package let environment: [String: String]

    package init(
        job: TrainingJob, terms: NightTerms, market: Market, clock: ClockScale, sourceDirectory: String,
        directory: String, hostExecutable: String, agentExecutable: String, environment: [String: String]
    ) {
        self.job = job
        self.terms = terms
        self.market = market
        self.clock = clock
        self.sourceDirectory = sourceDirectory
        self.directory = directory
        self.hostExecutable = hostExecutable
        self.agentExecutable = agentExecutable
        self.environment = environment
    }

    package var properties: BackendProperties {
        BackendProperties(restartsByItself: false, agentSavesCheckpoints: true, canInjectInterruption: true)
    }

    package func launch(_ order: LaunchOrder) async throws -> LaunchOutcome {
        let files = MachineFiles(directory: directory + "/" + order.key)
        if try files.read(files.order) as MachineOrder? == nil {
            guard let machine = try await machineOrder(for: order, files) else { return .noCapacity }
            try FileManager.default.createDirectory(
                atPath: files.directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try files.write(machine.agent, to: files.agentOrder)
            try files.write(machine, to: files.order)
        }
        // The order is there; whether its host was ever started is another matter. A second host gives way to the first.
        if !files.isPlayed { try await startHost(files) }
        return .launched
    }

    package func observe(_ key: String) async throws -> LaunchPicture? {
        let files = MachineFiles(directory: directory + "/" + key)
        // Without a host an order is only an intent: the launch is to be made (again).
        guard let order: MachineOrder = try files.read(files.order), files.isPlayed else { return nil }
        // Asked before its account is read: a host that ends in between has written its end by then.
        let hostLives = (try files.read(files.host) as ProcessIdentity?)?.isAlive ?? false
        guard let platform: PlatformState = try files.read(files.platform) else { return nil }
        // A report that is not there yet is an empty one.
        let report: AgentReport = try files.read(files.report) ?? AgentReport()
        if !hostLives {
            clear(files)
            if platform.ended == nil { return try buryLost(key, files, order, platform, report) }
        }
        return picture(key, order, platform, report)
    }

    package func stop(_ key: String) async throws {
        let files = MachineFiles(directory: directory + "/" + key)
        guard FileManager.default.fileExists(atPath: files.directory) else { return }
        try Data().write(to: URL(filePath: files.stop))
    }

    package func findAll() async throws -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).filter {
            FileManager.default.fileExists(atPath: MachineFiles(directory: directory + "/" + $0).order)
        }.sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    }

    package func prices(at now: Instant) async throws -> [PricedOffer] {
        job.offers.compactMap { market.price(of: $0, at: now - terms.start) }
    }

    /// Every process of a machine carries this variable, so that none is missed when its host was killed.
    static let marker = "NIGHTSHIFT_MACHINE"

    /// A host takes a few hundredths of a second to start; this is for a computer that swaps.
    private static let hostPatience = Duration.seconds(30)

    /// `nil` is no capacity.
    private func machineOrder(for order: LaunchOrder, _ files: MachineFiles) async throws -> MachineOrder? {
        let now = clock.night(at: SystemClock.now())
        guard let listing = market.listing(of: order.offer) else { return nil }
        let agent = AgentOrder(
            launch: order, job: job, deadline: terms.deadline, clock: clock, sourceDirectory: sourceDirectory,
            root: files.disk, reportDirectory: files.directory)
        var machine = MachineOrder(
            agent: agent, nightStart: terms.start, requestedAt: now, grantedAt: now, interruptionAt: nil, noticeAt: nil,
            prices: listing.prices.map { MachineOrder.Price(from: terms.start + $0.from, rate: $0.rate) },
            agentExecutable: agentExecutable)
        switch order.offer.purchase {
        case .spot:
            guard let spell = listing.spell(at: now - terms.start) else { return nil }
            machine.interruptionAt = terms.start + spell.until
            machine.noticeAt = spell.notice.map { terms.start + spell.until - $0 }
        case .onDemand:
            let earlier = try await findAll().filter { key in
                let other = MachineFiles(directory: directory + "/" + key)
                return try (other.read(other.order) as MachineOrder?)?.agent.launch.offer.purchase == .onDemand
            }
            machine.grantedAt = now + listing.wait(ofLaunch: earlier.count)
        }
        return machine
    }

    private func picture(
        _ key: String, _ order: MachineOrder, _ platform: PlatformState, _ report: AgentReport
    ) -> LaunchPicture {
        // As far as the platform has counted; its end is never before that, so billed time only grows.
        let until = platform.ended?.at ?? platform.aliveAt
        let usage = platform.runningSince.map { order.usage(from: $0, until: until) } ?? []
        let state: LaunchPicture.State
        if let end = platform.ended {
            state = .ended(end.reason, at: end.at)
        } else if let since = platform.runningSince {
            state = .running(since: since)
        } else {
            state = .pending
        }
        return LaunchPicture(key: key, state: state, usage: usage, report: report)
    }

    /// Returns once a host plays the machine. One that ends first was killed, or gave way to another that is starting:
    /// an unclear answer, and the launch is repeated.
    private func startHost(_ files: MachineFiles) async throws {
        let pid = try SpawnRequest(
            executable: hostExecutable, arguments: ["local-machine", files.directory],
            environment: environment.merging([Self.marker: files.directory]) { $1 },
            directory: files.directory, output: nil, tie: .detached
        ).spawn()
        let deadline = ContinuousClock.now + Self.hostPatience
        while !files.isPlayed {
            let isGone = ProcessIdentity(pid: pid) == nil && !files.isPlayed
            if isGone || ContinuousClock.now > deadline { throw HostDidNotStart(directory: files.directory) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The host was killed: the machine is gone with it.
    private func buryLost(
        _ key: String, _ files: MachineFiles, _ order: MachineOrder, _ platform: PlatformState, _ report: AgentReport
    ) throws -> LaunchPicture {
        var buried = platform
        // What the machine has said, it said alive.
        let lastSign = max(platform.aliveAt, report.lastSign ?? platform.aliveAt)
        buried.ended = PlatformState.End(reason: report.end ?? .lost, at: lastSign)
        try files.write(buried, to: files.platform)
        return picture(key, order, buried, report)
    }

    /// Ends whatever a machine without a host has left: its processes, then its disk. May be repeated.
    private func clear(_ files: MachineFiles) {
        guard FileManager.default.fileExists(atPath: files.disk) else { return }
        while true {
            let left = ProcessTable.processes(withEnvironment: Self.marker, files.directory)
            if left.isEmpty { break }
            for pid in left { kill(pid, SIGKILL) }
            usleep(1000)
        }
        // What cannot be removed is looked at again the next time; the night does not wait for it.
        try? FileManager.default.removeItem(atPath: files.disk)
    }
}

extension AgentReport {
    /// The newest moment that the report names as its own.
    fileprivate var lastSign: Instant? {
        [training?.at, progress?.at, commits.last?.at, notice?.seenAt, model?.at].compactMap { $0 }.max()
    }
}

/// A host ended, or hung, before it played its machine.
struct HostDidNotStart: Error, CustomStringConvertible {
    var directory: String
    var description: String { "the machine in \(directory) was not started" }
}
