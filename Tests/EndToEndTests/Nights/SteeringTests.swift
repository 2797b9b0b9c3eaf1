// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

extension EndToEnd {
    /// One night, one runner; whoever goes away, the night can be taken up, told again or stopped.
    @Suite(.timeLimit(.minutes(3)))
    struct SteeringTests {
        private func untilTraining(_ project: TestProject) async throws {
            try await eventually("training runs") { project.processes.contains { $0.role == .training } }
        }

        @Test func `a second runner is told who steers and how to watch`() async throws {
            let project = try TestProject(TestJob())
            let first = try await project.run()
            try await untilTraining(project)
            let second = try await project.run().result()
            #expect(second.code == 1)
            #expect(second.complaints.contains("\(project.night) is steered by another process (pid \(first.pid))"))
            #expect(second.complaints.contains("watch it with: nightshift status \(project.night)"))
            #expect(await first.result().code == 0)
            #expect(try NightLaws(project).violations() == [])
            project.delete()
        }

        @Test func `Ctrl-C leaves the machine training, and the same command finishes the night`() async throws {
            let project = try TestProject(TestJob())
            let first = try await project.run()
            try await untilTraining(project)
            first.signal(SIGINT)
            let result = await first.result()
            #expect(result.code == 130)
            #expect(result.complaints.contains("end it: nightshift stop \(project.night)"))
            let machine = try #require(project.processes.first { $0.role == .training })
            #expect(try await project.run().result().code == 0)
            let told = Moment.text("\(project.machines)/\(machine.machine)/log.jsonl")
            #expect(told.contains("epoch=20"), "another machine finished the night")
            #expect(try NightLaws(project).violations() == [])
            project.delete()
        }

        @Test func `without a date the command goes on with the unfinished night, whatever today's is`() async throws {
            let project = try TestProject(TestJob())
            let words = ["run", "job.yaml", "--time-scale", "3600"]
            let run = try await project.start(words + ["--date", "2027-02-03"])
            try await eventually("training runs") {
                !ProjectProcess.all(below: project.state + "/nights/tiny-2027-02-03/machines").isEmpty
            }
            run.signal(SIGKILL)
            _ = await run.result()
            let again = try await project.start(words).result()
            #expect(again.code == 0)
            #expect(again.output.contains("tiny 2027-02-03: ready"), "\(again.output)")
            let status = try await project.command("status", "--all")
            #expect(status.output.split(separator: "\n").count == 1, "\(status.output)")
            project.delete()
        }

        @Test func `stop ends a night through the runner that steers it`() async throws {
            let project = try TestProject(TestJob())
            let run = try await project.run()
            try await untilTraining(project)
            let stop = try await project.command("stop")
            #expect(stop.code == 0)
            #expect(stop.complaints.contains("\(project.night) is over; no machine of it runs"))
            #expect(await run.result().code == 4)
            #expect(!FileManager.default.fileExists(atPath: project.model))
            #expect(try NightLaws(project).violations() == [])
            project.delete()
        }

        @Test func `stop ends a night that nobody steers, and the night stays ended`() async throws {
            let project = try TestProject(TestJob())
            let run = try await project.run()
            try await untilTraining(project)
            run.signal(SIGKILL)
            _ = await run.result()
            let stop = try await project.command("stop", project.night)
            #expect(stop.code == 0, "\(stop.complaints)")
            try await eventually("nothing is left", within: .seconds(2)) { project.processes.isEmpty }
            #expect(try NightLaws(project).violations() == [])
            let keys = try project.machineKeys()
            let again = try await project.run().result()
            #expect(again.code == 4)
            #expect(again.output.contains("it was stopped by a person"))
            #expect(try project.machineKeys() == keys)
            #expect(try await project.command("stop").complaints.contains("had ended already"))
            project.delete()
        }

        @Test func `a finished night tells the same result again and starts nothing`() async throws {
            var job = TestJob()
            job.epochs = 3
            let project = try TestProject(job)
            let first = try await project.run().result()
            let events = try project.events
            // What the night was made of may be gone by then.
            try FileManager.default.removeItem(atPath: project.directory + "/market.json")
            let second = try await project.run().result()
            #expect(first.code == 0 && second.code == 0, "\(second.complaints)")
            let results = [first, second].map { $0.output.components(separatedBy: "\n\n").suffix(2) }
            #expect(second.output.hasSuffix(first.output.suffix(400)), "\(results)")
            #expect(try project.events == events)
            #expect(try project.machineKeys().count == 1)
            project.delete()
        }

        @Test func `the same market gives the same decisions in the same order`() async throws {
            var job = TestJob()
            job.work = 320_000
            job.spot = """
                [{"fromMinute": 60, "untilMinute": 130}, {"fromMinute": 200, "untilMinute": 260, "noticeSeconds": 120},
                 {"fromMinute": 330, "untilMinute": 3000}]
                """
            var nights: [[String]] = []
            for _ in 1...2 {
                let project = try TestProject(job)
                #expect(try await project.run("--seed", "7").result().code == 0)
                nights.append(try Self.decisions(project.events))
                project.delete()
            }
            #expect(nights[0] == nights[1])
            #expect(nights[0].count >= 6, "\(nights[0])")
        }

        /// Choices and reasons in order. How often a refused offer is asked again depends on the computer's speed:
        /// "ask, be refused, wait" counts once however often it comes in a row.
        private static func decisions(_ events: [NightEvent]) -> [String] {
            var told: [String] = []
            for case .decided(let decision) in events.map(\.kind) {
                told.append("\(decision.choice) because \(decision.reason)")
                while told.count >= 4, told.suffix(2) == told.dropLast(2).suffix(2) { told.removeLast(2) }
            }
            return told
        }
    }
}
