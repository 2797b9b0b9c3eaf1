// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

extension EndToEnd {
    /// A runner may die after any request: the stage has done what was asked, and nobody heard its answer.
    @Suite(.timeLimit(.minutes(15)))
    struct StageKillTests {
        @Test("a runner killed after any of the first 20 requests is followed by another: one job, none left running")
        func anyRequest() async throws {
            var seen: [String] = []
            for number in 1...20 {
                let project = try await StageProject.make(
                    StageJobFile(epochs: 4, expectedRuntime: "20 min", pace: 0.25))
                let killed = try #require(try await Self.kill(project, after: number, counting: "all"))
                seen.append(killed)
                try await Self.expectWhole(project, killed, ["Completed"])
                await project.delete()
            }
            // What matters most is among them.
            #expect(seen.contains { $0.contains("SageMaker.CreateTrainingJob 200") }, "\(seen)")
            #expect(seen.contains { $0.contains("PUT") }, "\(seen)")
        }

        @Test("killed after anything that changes the stage, from the first upload to the model's publication")
        func anyChange() async throws {
            var seen: [String] = []
            while seen.count < 20 {
                let project = try await StageProject.make(
                    StageJobFile(epochs: 4, deadline: "00:45", expectedRuntime: "20 min", pace: 0.25),
                    spot: #"[{"fromMinute": 5000, "untilMinute": 9000}]"#)
                let killed = try await Self.kill(project, after: seen.count + 1, counting: "changes")
                try await Self.expectWhole(project, killed ?? "nothing", ["Stopped", "Completed"])
                await project.delete()
                guard let killed else { break }
                seen.append(killed)
            }
            #expect(seen.count { $0.contains("SageMaker.CreateTrainingJob 200") } == 2, "\(seen)")
            #expect(seen.count { $0.contains("SageMaker.StopTrainingJob 200") } == 1, "\(seen)")
            #expect(seen.contains { $0.contains("latest.json") }, "\(seen)")
        }

        /// What the runner did not hear the answer to; `nil` when the night was over before.
        private static func kill(
            _ project: StageProject, after number: Int, counting: String
        ) async throws -> String? {
            let heard = project.directory + "/heard"
            let between = try await CommandRun.start(
                "/usr/bin/env",
                [
                    "python3", Repository.fixtures + "/SageMaker/last_answer.py", project.endpoint, "\(number)", heard,
                    counting,
                ], in: project.directory, ProcessInfo.processInfo.environment, umask: "022")
            try await eventually("there is a way to the stage") { between.output.hasSuffix("\n") }
            let run = try await project.run(
                through: between.output.trimmingCharacters(in: .whitespacesAndNewlines))
            func wasHeard() -> Bool { FileManager.default.fileExists(atPath: heard) }
            try await eventually("request \(number) is answered", within: .seconds(60)) {
                wasHeard() || !run.isRunning
            }
            run.signal(SIGKILL)
            let result = await run.result()
            between.signal(SIGKILL)
            _ = await between.result()
            guard wasHeard() else {
                #expect(result.code == 0, "\(result.output)\(result.complaints)")
                return nil
            }
            #expect(result.wasKilled, "\(result.output)\(result.complaints)")
            return try String(contentsOfFile: heard, encoding: .utf8)
        }

        /// The same command goes on to a model in service; each attempt is one job at the stage, and none is left.
        private static func expectWhole(
            _ project: StageProject, _ killed: String, _ statuses: [String]
        ) async throws {
            let result = try await project.run().result()
            #expect(result.code == 0, "killed after \(killed): \(result.output)\(result.complaints)")
            let jobs = try await project.jobs()
            let keys = try project.events.compactMap { event in
                if case .launchRequested(let order) = event.kind { order.key } else { nil }
            }
            #expect(jobs.map(\.name) == keys, "killed after \(killed)")
            #expect(jobs.map(\.status) == statuses, "killed after \(killed)")
            #expect(jobs.filter(\.isRunning).map(\.name) == [])
            let latest = try await project.ask("get", "nights/models/points/latest.json")
            #expect(latest.contains(StageProject.night), "killed after \(killed): \(latest)")
        }
    }
}
