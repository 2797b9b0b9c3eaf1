// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

extension EndToEnd {
    /// Nights that go wrong end with the exit code, the words and the money that were promised.
    @Suite(.timeLimit(.minutes(3)))
    struct BadNightTests {
        /// Ten hours, ten seconds.
        private static var overnight: TestJob {
            var job = TestJob()
            job.start = "22:00"
            job.deadline = "08:00"
            job.maxRun = "12 h"
            job.maxWait = "18 h"
            job.spot = "[]"
            return job
        }

        @Test
        func
            `without any Spot on-demand is bought when Spot could make nothing durable any more, and the night is on time`()
            async throws
        {
            let project = try TestProject(Self.overnight)
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            #expect(try NightLaws(project).violations() == [])

            let events = try project.events
            guard case .opened(let terms)? = events.first?.kind else { throw GaveUp() }
            let bought = try #require(
                events.first {
                    if case .launchRequested(let order) = $0.kind { order.offer.purchase == .onDemand } else { false }
                })
            #expect(bought.at <= terms.latestSafeSwitch)
            // Spot needs a restart, a checkpoint interval and two looks; one look more for a computer under load.
            let room = terms.restartOverhead + terms.checkpointInterval + terms.tick * 3
            #expect(bought.at >= terms.latestSafeSwitch - room)

            let minute = try await project.command("why", "--at", String(bought.at.iso8601.dropFirst(11).prefix(5)))
            #expect(minute.output.contains("on-demand ml.p4d.24xlarge eu-west-1a\n"), "\(minute.output)")
            let why = try await project.command("why", "--at", String(bought.at.iso8601.dropFirst(11).prefix(8)))
            #expect(why.code == 0)
            #expect(why.output.contains("decided to ask for on-demand ml.p4d.24xlarge eu-west-1a"), "\(why.output)")
            #expect(why.output.contains("because  Spot could make nothing durable before the latest safe switch"))
            project.delete()
        }

        @Test func `a deadline that cannot be kept is refused before anything starts`() async throws {
            var job = TestJob()
            let now = Int(Date().timeIntervalSince1970) / 60
            func time(_ minute: Int) -> String {
                let inDay = minute % 1440
                return "\(inDay / 60 < 10 ? "0" : "")\(inDay / 60):\(inDay % 60 < 10 ? "0" : "")\(inDay % 60)"
            }
            job.start = time(now - 600)
            job.deadline = time(now + 120)
            let project = try TestProject(job)
            let result = try await project.start(["run", "job.yaml"]).result()
            #expect(result.code == 6)
            #expect(result.complaints.contains("not started: even on-demand from now on would come too late"))
            #expect(
                result.complaints.contains(
                    "what to do: start earlier, move schedule.deadline, or correct expectedRuntime"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: project.state).allSatisfy {
                    $0.hasPrefix("journal.sqlite")
                })
            let status = try await project.command("status", "--all")
            #expect(status.output.isEmpty)
            project.delete()
        }

        @Test func `a night without its agent is refused before anything starts`() async throws {
            let project = try TestProject(TestJob())
            // A copy of the command alone.
            let alone = project.directory + "/nightshift"
            try FileManager.default.copyItem(atPath: Binaries.nightshift, toPath: alone)
            let result = try await project.run(program: alone).result()
            #expect(result.code == 6)
            #expect(
                result.complaints.contains("the agent is missing at \(project.directory)/nightshift-agent"),
                "\(result.complaints)")
            #expect(!FileManager.default.fileExists(atPath: project.machines))
            project.delete()
        }

        @Test func `a job that is known to break is refused before anything starts`() async throws {
            let project = try TestProject(TestJob())
            try FileManager.default.removeItem(atPath: project.directory + "/code/train.py")
            let result = try await project.run().result()
            #expect(result.code == 2)
            #expect(result.complaints.contains("there is no script"), "\(result.complaints)")
            #expect(result.complaints.contains("not started: nothing was bought; see: nightshift check job.yaml"))
            #expect(try await project.command("status", "--all").output.isEmpty)
            project.delete()
        }

        @Test func `a budget stops the night below it, and the previous model stays as it is`() async throws {
            var job = TestJob()
            // A dollar a minute. What a stop may take is kept back, so the night ends well below the limit.
            job.budget = "6 USD"
            job.restartOverhead = "1 min"
            job.spotPrice = "60.000000"
            job.onDemandPrice = "90.000000"
            job.epochs = 1000
            let project = try TestProject(job)
            let previous = project.directory + "/models/tiny-2026-11-23/model"
            try FileManager.default.createDirectory(atPath: previous, withIntermediateDirectories: true)
            try project.write("yesterday", to: "models/tiny-2026-11-23/model/model.json")
            let result = try await project.run(scale: 60).result()
            #expect(result.code == 4, "\(result.complaints)")
            #expect(
                result.output.contains("the previous one stays in service: the budget is used up"), "\(result.output)")
            let events = try project.events
            let bill = Bill(events).total(at: try #require(events.last).at)
            #expect(bill <= Money(microdollars: 6_000_000) && bill > .zero, "\(bill)")
            #expect(try NightLaws(project).violations() == [])
            #expect(!FileManager.default.fileExists(atPath: project.model))
            #expect(try Control.files(below: previous) == ["model.json": Data("yesterday".utf8)])
            project.delete()
        }

        @Test(arguments: ["publish", "keepPrevious"])
        func `on-demand that comes later than promised makes a late night, and it says so`(
            whenLate: String
        ) async throws {
            var job = Self.overnight
            job.onDemandWaitMinutes = "[360]"
            job.publish = "{whenLate: \(whenLate)}"
            let project = try TestProject(job)
            let result = try await project.run().result()
            #expect(result.code == (whenLate == "publish" ? 3 : 4), "\(result.output)")
            #expect(result.output.contains("after the deadline"))
            let latest = project.directory + "/models/latest/model.json"
            #expect(FileManager.default.fileExists(atPath: latest) == (whenLate == "publish"))
            #expect(FileManager.default.fileExists(atPath: project.model + "/model.json"), "a model is never lost")
            #expect(try NightLaws(project).violations() == [])
            project.delete()
        }

        @Test func `a night takes no name under which another project's model or checkpoints lie`() async throws {
            let project = try TestProject(TestJob())
            #expect(try await project.run().result().code == 0)
            let model = try Control.files(below: project.model)
            try FileManager.default.removeItem(atPath: project.state)
            let again = try await project.run().result()
            #expect(again.code == 0, "\(again.complaints)")
            #expect(again.complaints.contains("is there already and no night of this project"), "\(again.complaints)")
            #expect(again.output.contains("\(project.night).2"))
            #expect(try Control.files(below: project.model) == model)
            #expect(
                FileManager.default.fileExists(
                    atPath: project.model.replacing(project.night, with: project.night + ".2")))
            project.delete()
        }

        @Test func `training that ends far before the total is told: the promise was built on it`() async throws {
            let job = TestJob()
            let project = try TestProject(job)
            try project.write(job.yaml.replacing("total: 20}", with: "total: 200}"), to: "job.yaml")
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.output)")
            #expect(result.complaints.contains("training ended by itself at 20 of 200 units"), "\(result.complaints)")
            project.delete()
        }

        @Test func `code that always fails ends the night, with the end of its log and where to read on`() async throws
        {
            var job = TestJob()
            job.hyperparameters["fail-at"] = "2"
            job.epochs = 3
            let project = try TestProject(job)
            let result = try await project.run().result()
            #expect(result.code == 1)
            #expect(result.output.contains("the training code fails: exit code 1"), "\(result.output)")
            #expect(result.complaints.contains("ArithmeticError: loss is NaN in epoch 2"), "\(result.complaints)")
            #expect(result.complaints.contains("nightshift logs \(project.night)"))
            #expect(try NightLaws(project).violations() == [])
            project.delete()
        }
    }
}
