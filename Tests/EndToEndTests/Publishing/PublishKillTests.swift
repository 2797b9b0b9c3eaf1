// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import NightRunner
import ProcessSupervision
import Testing
import TrainingJobs

@testable import PublishedModels

extension EndToEnd {
    /// `kill -9` at every step of publishing, enumerated: whatever the instant, yesterday's model or tonight's is in
    /// service, whole, and the next try finishes.
    @Suite(.timeLimit(.minutes(10)), .enabled(if: TracedKills.strace != nil, "strace is not installed"))
    struct PublishKillTests {
        private static let (yesterday, tonight) = ("tiny-2026-11-24", "tiny-2026-11-25")

        /// A first night that was published, behind a gate; the next one's model differs.
        private static func firstNight(pack: Bool, gate: (TestProject) -> String) async throws -> TestProject {
            var job = TestJob()
            job.epochs = 3
            job.work = 20_000
            job.publish = "{pack: \(pack), gate: {command: [sh, gate.sh], timeout: 20 h}}"
            let project = try TestProject(job)
            try project.write(gate(project), to: "code/gate.sh")
            #expect(try await project.run().result().code == 0)
            job.hyperparameters["seed"] = "2"
            try project.write(job.yaml, to: "job.yaml")
            return project
        }

        /// Two nights whose models are both whole; yesterday's is in service, tonight's was kept back.
        private func project() async throws -> TestProject {
            let project = try await Self.firstNight(pack: true) { _ in "test -z \"$NIGHTSHIFT_PREVIOUS_MODEL\"\n" }
            let run = try await project.start(
                ["run", "job.yaml", "--date", "2026-11-25", "--time-scale", "3600", "--quiet"])
            #expect(await run.result().code == 4)
            return project
        }

        @Test func `killed at any call of models publish, one whole model is in service and the next try finishes`()
            async throws
        {
            let project = try await project()
            let shelf = ModelShelf(outputPath: project.directory + "/models")
            // Tonight's night ended before its record was made: all of the way is to be gone.
            try FileManager.default.removeItem(atPath: shelf.recordPath(of: Self.tonight))
            try FileManager.default.removeItem(atPath: shelf.packPath(of: Self.tonight))
            let words = ["models", "publish", Self.tonight, "--job", "job.yaml"]
            let number = try await everyDeath(of: words, in: project) { replay in
                #expect(try shelf.inService() == Self.tonight, replay)
                let record = try #require(try shelf.record(of: Self.tonight))
                #expect(record.replaces == Self.yesterday, replay)
                #expect(record.pack != nil, replay)
                try shelf.verify(record)
            }
            #expect(number > 40, "\(number) calls: something was not seen")
            project.delete()
        }

        @Test func `killed at any call of a rollback, one whole model is in service and the next try finishes`()
            async throws
        {
            let project = try await project()
            let shelf = ModelShelf(outputPath: project.directory + "/models")
            #expect(try await project.command("models", "publish", Self.tonight, "--job", "job.yaml").code == 0)
            let words = ["rollback", "--to", Self.yesterday, "--job", "job.yaml"]
            let number = try await everyDeath(of: words, in: project) { replay in
                let inService = try shelf.inService()
                #expect(inService == Self.yesterday, replay)
            }
            #expect(number > 15, "\(number) calls: something was not seen")
            project.delete()
        }

        @Test func `a runner killed at any call of its night's publication leaves one whole model, and goes on`()
            async throws
        {
            // The night's clock is slow, so that no number of deaths makes it late.
            let night = ["run", "job.yaml", "--date", "2026-11-25", "--time-scale", "60", "--quiet"]
            let project = try await Self.firstNight(pack: false) { project in
                // Asked for the second model, it thinks until it is killed; asked once more, it agrees.
                let asked = "'\(project.directory)/asked'"
                return "[ -z \"$NIGHTSHIFT_PREVIOUS_MODEL\" ] || [ -e \(asked) ] || { touch \(asked); sleep 3600; }\n"
            }
            let run = try await project.start(night)
            try await eventually("the gate has been asked") {
                FileManager.default.fileExists(atPath: project.directory + "/asked")
            }
            run.signal(SIGKILL)
            #expect(await run.result().wasKilled)
            let shelf = ModelShelf(outputPath: project.directory + "/models")
            // The record is to be made again too.
            try FileManager.default.removeItem(atPath: shelf.recordPath(of: Self.tonight))
            let number = try await everyDeath(of: night, in: project) { replay in
                #expect(try shelf.inService() == Self.tonight, replay)
                let record = try #require(try shelf.record(of: Self.tonight))
                #expect(record.replaces == Self.yesterday, replay)
                try shelf.verify(record)
                let events = try Journal(path: project.state + "/journal.sqlite").events(of: Self.tonight)
                guard case .completed? = events.outcome else {
                    Issue.record("\(events.outcome as Any), \(replay)")
                    return
                }
            }
            #expect(number > 15, "\(number) calls: something was not seen")
            project.delete()
        }

        /// Answers how many places there were to die at. Not for a runner that packs: it tries again when its archiver is
        /// killed, and that one is killed again, until the night's end.
        private func everyDeath(
            of words: [String], in project: TestProject, then isDone: (Comment) throws -> Void
        ) async throws -> Int {
            let models = project.directory + "/models"
            let files = FileManager.default
            let before = project.directory + "/before"
            try files.createDirectory(atPath: before, withIntermediateDirectories: true)
            for part in ["models", "state"] {
                try files.copyItem(atPath: "\(project.directory)/\(part)", toPath: "\(before)/\(part)")
            }
            let digests = try [Self.yesterday, Self.tonight].map {
                ($0, try TreeDigest.of(directory: "\(models)/\($0)/model"))
            }
            let kills = TracedKills(
                directory: models,
                run: { words in
                    for part in ["models", "state"] {
                        try FileManager.default.removeItem(atPath: "\(project.directory)/\(part)")
                        try FileManager.default.copyItem(
                            atPath: "\(before)/\(part)", toPath: "\(project.directory)/\(part)")
                    }
                    let run = try await project.start(Array(words.dropFirst()), program: words[0])
                    return await run.result().status
                }, command: [Binaries.nightshift] + words)
            let (points, paths) = try await kills.points()
            for point in points {
                let replay = Comment(rawValue: "killed at \(point)")
                let status = try await kills.kill(at: point, paths)
                // Or a program that it had started was killed, and it said so.
                let allowed: [ProcessSupervision.ExitStatus] = [.killed(signal: SIGKILL), .exited(1)]
                #expect(allowed.contains(status), "\(status), \(replay)")
                let link = try files.destinationOfSymbolicLink(atPath: models + "/latest")
                let night = try #require(digests.first { link == $0.0 + "/model" }, replay)
                #expect(try TreeDigest.of(directory: models + "/" + link) == night.1, replay)
                if night.0 == Self.tonight {
                    #expect(try ModelShelf(outputPath: models).record(of: night.0) != nil, replay)
                }
                _ = await (try project.start(words)).result()
                try isDone(replay)
                let left = files.enumerator(atPath: models)?.compactMap { $0 as? String } ?? []
                #expect(left.filter { $0.contains(".writing") } == [], replay)
            }
            return points.count
        }
    }
}
