// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import SpotMarket
import Testing
import TrainingJobs

@testable import CapacityBackends

extension EndToEnd {
    /// How machines end, with and without anybody who looks.
    @Suite(.timeLimit(.minutes(2)))
    struct LocalEndTests {
        private static let always = [Market.Spell(from: .zero, until: .hours(100), notice: nil)]
        private static var longJob: TestJob {
            var job = TestJob()
            job.epochs = 2000
            return job
        }

        private func training(_ machines: LocalMachines, _ order: LaunchOrder) async throws {
            #expect(try await machines.backend.launch(order) == .launched)
            try await eventually("it trains") { machines.process(.training) != nil }
        }

        @Test func `a killed host takes its machine along: lost at its last sign, nothing runs, the disk is gone`()
            async throws
        {
            let project = try TestProject(Self.longJob)
            let machines = try LocalMachines(project, spells: Self.always)
            let order = machines.order(machines.spot)
            try await training(machines, order)
            // A child that the kernel does not end with the agent.
            let straggler = try SpawnRequest(
                executable: "/bin/sleep", arguments: ["1000"],
                environment: ["NIGHTSHIFT_MACHINE": machines.files(order).directory], directory: nil, output: nil,
                tie: .detached
            ).spawn()
            kill(try #require(machines.process(.host)).pid, SIGKILL)
            try await eventually("the host is dead") { machines.process(.host) == nil }
            let before = machines.clock.night(at: SystemClock.now())
            let (reason, at) = try await machines.end(of: order)
            #expect(reason == .lost)
            #expect(at <= before)
            #expect(ProcessIdentity(pid: straggler) == nil)
            #expect(project.processes.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: machines.files(order).disk))
            // Whoever looks again sees the same.
            #expect(try await machines.end(of: order) == (reason, at))
            let usage = try #require(try await machines.backend.observe(order.key)).usage
            #expect(usage.last?.until == at)
            project.delete()
        }

        @Test(arguments: [false, true])
        func `the lease ends a machine that nobody watches`(agentIsStopped: Bool) async throws {
            let project = try TestProject(Self.longJob)
            let machines = try LocalMachines(project, spells: Self.always)
            let order = machines.order(machines.spot, lease: .minutes(90))
            try await training(machines, order)
            if agentIsStopped { kill(try #require(machines.process(.agent)).pid, SIGSTOP) }
            // An agent that lives ends its training first, which may take its grace of two seconds.
            try await eventually("nothing of it runs", within: .seconds(8)) { project.processes.isEmpty }
            #expect(try await machines.end(of: order).0 == .leaseExpired)
            #expect(!FileManager.default.fileExists(atPath: machines.files(order).disk))
            project.delete()
        }

        @Test func `a machine whose agent is stopped can still be stopped`() async throws {
            let project = try TestProject(Self.longJob)
            let machines = try LocalMachines(project, spells: Self.always)
            let order = machines.order(machines.spot)
            try await training(machines, order)
            kill(try #require(machines.process(.agent)).pid, SIGSTOP)
            try await machines.backend.stop(order.key)
            #expect(try await machines.end(of: order, within: .seconds(10)).0 == .stopped)
            #expect(project.processes.isEmpty || machines.process(.training) == nil)
            project.delete()
        }

        /// The notice comes 20 night minutes before; a machine that takes no heed is taken at the announced second.
        @Test func `a machine that takes no heed of its notice is killed when it said`() async throws {
            let project = try TestProject(Self.longJob)
            let spells = [Market.Spell(from: .zero, until: .minutes(60), notice: .minutes(20))]
            let machines = try LocalMachines(project, scale: 1200, spells: spells)
            let order = machines.order(machines.spot)
            try await training(machines, order)
            kill(try #require(machines.process(.agent)).pid, SIGSTOP)
            let (reason, at) = try await machines.end(of: order)
            #expect(reason == .interrupted(noticed: true))
            #expect(at >= machines.start + .minutes(60))
            #expect(at < machines.start + .minutes(70), "killed late: \(at.iso8601)")
            project.delete()
        }

        @Test func `an agent that heeds its notice saves once more and goes before it is killed`() async throws {
            let project = try TestProject(Self.longJob)
            let spells = [Market.Spell(from: .zero, until: .minutes(60), notice: .minutes(20))]
            let machines = try LocalMachines(project, scale: 1200, spells: spells)
            let order = machines.order(machines.spot)
            try await training(machines, order)
            let (reason, at) = try await machines.end(of: order)
            #expect(reason == .interrupted(noticed: true))
            #expect(at < machines.start + .minutes(60), "it did not go by itself: \(at.iso8601)")
            let report = try #require(try await machines.backend.observe(order.key)).report
            #expect(report.notice?.interruptionAt == machines.start + .minutes(60))
            #expect(try #require(report.commits.last).at >= #require(report.notice).seenAt)
            project.delete()
        }

        @Test func `without a notice the machine is gone from one moment to the next`() async throws {
            let project = try TestProject(Self.longJob)
            let spells = [Market.Spell(from: .zero, until: .minutes(60), notice: nil)]
            let machines = try LocalMachines(project, spells: spells)
            let order = machines.order(machines.spot)
            try await training(machines, order)
            #expect(try await machines.end(of: order).0 == .interrupted(noticed: false))
            #expect(try await machines.backend.observe(order.key)?.report.notice == nil)
            project.delete()
        }
    }
}
