// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightRunner
import ProcessSupervision
import SpotMarket
import Testing
import TrainingJobs

@testable import CapacityBackends

/// A local backend without a runner: the test gives the orders itself.
struct LocalMachines {
    let project: TestProject
    let backend: LocalBackend
    let spot: Offer
    let onDemand: Offer
    let start: Instant
    let clock: ClockScale

    init(
        _ project: TestProject, scale: Int = 3600, spells: [Market.Spell], waits: [Duration] = [.zero],
        host: String = Binaries.nightshift
    ) throws {
        self.project = project
        let job = try JobFile.read(path: project.directory + "/job.yaml").job
        spot = try #require(job.offers.first { $0.purchase == .spot })
        onDemand = try #require(job.offers.first { $0.purchase == .onDemand })
        start = try #require(Instant(iso8601: "2026-11-23T22:00:00Z"))
        clock = ClockScale(wallOrigin: SystemClock.now(), nightOrigin: start, factor: scale)
        let market = Market(
            priceAsOf: "2026-09-01", priceSource: "a test",
            listings: [spot, onDemand].map { offer in
                Market.Listing(
                    offer: offer, prices: [Market.PriceStep(from: .zero, rate: HourlyRate(microdollars: 3_000_000))],
                    supply: offer.purchase == .spot ? .spells(spells) : .waits(waits))
            })
        let prices = [spot, onDemand].compactMap { market.price(of: $0, at: .zero) }
        let terms = NightOpening.terms(
            for: job, id: project.night, start: start, deadline: start + .hours(20), prices: prices, clock: clock)
        try FileManager.default.createDirectory(atPath: project.machines, withIntermediateDirectories: true)
        backend = LocalBackend(
            job: job, terms: terms, market: market, clock: clock, sourceDirectory: project.directory + "/code",
            directory: project.machines, hostExecutable: host, agentExecutable: Binaries.agent,
            environment: project.environment)
    }

    func order(_ offer: Offer, epoch: Int = 1, lease: Duration = .hours(20)) -> LaunchOrder {
        LaunchOrder(
            key: "\(project.night)-a\(epoch)", night: project.night, epoch: epoch, offer: offer,
            rate: HourlyRate(microdollars: 3_000_000), notAfter: clock.night(at: SystemClock.now()) + lease,
            expectedGeneration: nil)
    }

    func files(_ order: LaunchOrder) -> MachineFiles { MachineFiles(directory: project.machines + "/" + order.key) }

    func process(_ role: ProjectProcess.Role) -> ProjectProcess? { project.processes.first { $0.role == role } }

    /// Waits for the machine's end as the backend shows it.
    func end(of order: LaunchOrder, within patience: Duration = .seconds(20)) async throws -> (EndReason, at: Instant) {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if case .ended(let reason, let at)? = try await backend.observe(order.key)?.state { return (reason, at) }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("\(order.key) did not end within \(patience)")
        throw GaveUp()
    }
}
