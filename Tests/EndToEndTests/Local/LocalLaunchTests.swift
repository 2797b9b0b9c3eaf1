// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

@testable import CapacityBackends

extension EndToEnd {
    @Suite(.timeLimit(.minutes(2)))
    struct LocalLaunchTests {
        private static let always = [Market.Spell(from: .zero, until: .hours(100), notice: nil)]

        @Test(arguments: ["nightshift-test", "night shift ünï—日本 'q' $HOME", String(repeating: "long-", count: 40)])
        func `a launch said twice is one machine, whatever its directory is called`(name: String) async throws {
            let project = try TestProject(TestJob(), named: name)
            let machines = try LocalMachines(project, spells: Self.always)
            let order = machines.order(machines.spot)
            async let first = machines.backend.launch(order)
            async let second = machines.backend.launch(order)
            // One of the two may meet the other's host in the middle of its start: that answer is unclear.
            let answers = [try? await first, try? await second].compactMap { $0 }
            #expect(!answers.isEmpty && answers.allSatisfy { $0 == .launched })
            #expect(try await machines.backend.launch(order) == .launched)
            try await eventually("it trains") { machines.process(.training) != nil }
            #expect(project.processes.filter { $0.role == .host }.count == 1)
            #expect(try await machines.backend.findAll() == [order.key])
            try await machines.backend.stop(order.key)
            #expect(try await machines.end(of: order).0 == .stopped)
            #expect(try await machines.backend.launch(order) == .launched)
            try await eventually("no host lives on") { project.processes.isEmpty }
            project.delete()
        }

        @Test func `an order whose host was never started is no machine, and a repeated launch makes it one`()
            async throws
        {
            let project = try TestProject(TestJob())
            let dead = try LocalMachines(project, spells: Self.always, host: "/nonexistent/nightshift")
            let order = dead.order(dead.spot)
            await #expect(throws: (any Error).self) { try await dead.backend.launch(order) }
            #expect(FileManager.default.fileExists(atPath: dead.files(order).order))
            #expect(try await dead.backend.observe(order.key) == nil)

            let machines = try LocalMachines(project, spells: Self.always)
            #expect(try await machines.backend.launch(order) == .launched)
            try await eventually("it trains") { machines.process(.training) != nil }
            try await machines.backend.stop(order.key)
            _ = try await machines.end(of: order)
            project.delete()
        }

        @Test func `a host that dies before it has begun does not count as one`() async throws {
            let project = try TestProject(TestJob())
            let dying = try LocalMachines(project, spells: Self.always, host: "/bin/false")
            let order = dying.order(dying.spot)
            await #expect(throws: HostDidNotStart.self) { try await dying.backend.launch(order) }
            // What such a host may have left.
            try Data("{\"pid\":1,\"startTicks\":1}".utf8).write(to: URL(filePath: dying.files(order).host))
            let machines = try LocalMachines(project, spells: Self.always)
            #expect(try await machines.backend.launch(order) == .launched)
            try await machines.backend.stop(order.key)
            _ = try await machines.end(of: order)
            project.delete()
        }

        @Test func `a stop that came before the host ends the machine unbilled`() async throws {
            let project = try TestProject(TestJob())
            let dead = try LocalMachines(project, spells: Self.always, host: "/nonexistent/nightshift")
            let order = dead.order(dead.spot)
            await #expect(throws: (any Error).self) { try await dead.backend.launch(order) }
            try await dead.backend.stop(order.key)
            let machines = try LocalMachines(project, spells: Self.always)
            #expect(try await machines.backend.launch(order) == .launched)
            #expect(try await machines.end(of: order).0 == .stopped)
            #expect(try await machines.backend.observe(order.key)?.usage == [])
            project.delete()
        }

        @Test func `without capacity nothing is written`() async throws {
            let project = try TestProject(TestJob())
            let later = [Market.Spell(from: .hours(50), until: .hours(60), notice: nil)]
            let machines = try LocalMachines(project, spells: later)
            #expect(try await machines.backend.launch(machines.order(machines.spot)) == .noCapacity)
            #expect(try project.machineKeys().isEmpty)
            #expect(try await machines.backend.findAll().isEmpty)
            try await machines.backend.stop("never-launched")
            project.delete()
        }

        @Test func `on-demand launches wait the first, the second and from then on the last wait`() async throws {
            let project = try TestProject(TestJob())
            let machines = try LocalMachines(
                project, scale: 1, spells: [], waits: [.hours(1), .hours(2), .hours(3)])
            var waits: [Duration] = []
            for epoch in 1...4 {
                let order = machines.order(machines.onDemand, epoch: epoch)
                #expect(try await machines.backend.launch(order) == .launched)
                #expect(try await machines.backend.observe(order.key)?.state == .pending)
                let written: MachineOrder = try #require(try machines.files(order).read(machines.files(order).order))
                waits.append(written.grantedAt - written.requestedAt)
                try await machines.backend.stop(order.key)
                #expect(try await machines.end(of: order).0 == .stopped)
                #expect(try await machines.backend.observe(order.key)?.usage == [])
            }
            #expect(waits == [.hours(1), .hours(2), .hours(3), .hours(3)])
            project.delete()
        }
    }
}
