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
        if try files.read(files.platform) as PlatformState? == nil {
            _ = try SpawnRequest(
                executable: hostExecutable, arguments: ["local-machine", files.directory],
                environment: environment.merging([Self.marker: files.directory]) { $1 },
                directory: files.directory, output: nil, tie: .detached
            ).spawn()
        }
        return .launched
    }

    package func observe(_ key: String) async throws -> LaunchPicture? {
        let files = MachineFiles(directory: directory + "/" + key)
        guard let order: MachineOrder = try files.read(files.order) else { return nil }
        // A report that is not there yet is an empty one.
        let report: AgentReport = try files.read(files.report) ?? AgentReport()
        guard let platform: PlatformState = try files.read(files.platform) else {
            return LaunchPicture(key: key, state: .pending, usage: [], report: report)
        }
        if platform.ended == nil, let host: ProcessIdentity = try files.read(files.host), !host.isAlive {
            return try buryLost(key, files, order, platform, report)
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
        let until = platform.ended?.at ?? clock.night(at: SystemClock.now())
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

    /// The host was killed: the machine is gone with it. Whatever of it still runs is ended here.
    private func buryLost(
        _ key: String, _ files: MachineFiles, _ order: MachineOrder, _ platform: PlatformState, _ report: AgentReport
    ) throws -> LaunchPicture {
        for pid in ProcessTable.processes(withEnvironment: Self.marker, files.directory) { kill(pid, SIGKILL) }
        var buried = platform
        buried.ended = PlatformState.End(reason: report.end ?? .lost, at: platform.aliveAt)
        try files.write(buried, to: files.platform)
        return picture(key, order, buried, report)
    }
}
