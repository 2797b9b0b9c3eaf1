// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import JobFiles
import ProcessSupervision
import Testing
import TrainingAgent
import TrainingJobs

extension EndToEnd {
    /// `kill -9` at every step by which the agent puts a finished model into its place.
    @Suite(.timeLimit(.minutes(10)), .enabled(if: TracedKills.strace != nil, "strace is not installed"))
    struct AgentPublishKillTests {
        @Test func `killed at any call, the model is whole or not there, and the next machine puts it there`()
            async throws
        {
            let project = try TestProject(TestJob())
            try project.write(
                """
                mkdir -p "$SM_MODEL_DIR/more"
                echo weights >"$SM_MODEL_DIR/weights.bin"
                echo config >"$SM_MODEL_DIR/more/config.json"
                """, to: "code/train.sh")
            let models = project.directory + "/models"
            let place = "\(models)/\(project.night)/model"
            let begin: @Sendable () throws -> Void = {
                for name in ["models", "checkpoints", "stays"]
                where FileManager.default.fileExists(atPath: project.directory + "/" + name) {
                    try FileManager.default.removeItem(atPath: project.directory + "/" + name)
                }
                for epoch in 1...2 { try Self.writeOrder(epoch, in: project) }
            }
            let order: (Int) -> String = { project.directory + "/stays/\($0)/order.json" }
            let kills = TracedKills(
                directory: models,
                run: { words in
                    try begin()
                    let run = try await project.start(Array(words.dropFirst()), program: words[0])
                    return await run.result().status
                }, command: [Binaries.agent, order(1)])
            let (points, paths) = try await kills.points()
            let digest = try TreeDigest.of(directory: place)
            #expect(points.count > 10, "\(points): something was not seen")
            for point in points {
                let replay = Comment(rawValue: "killed at \(point)")
                #expect(try await kills.kill(at: point, paths) == .killed(signal: SIGKILL), replay)
                if FileManager.default.fileExists(atPath: place) {
                    #expect(try TreeDigest.of(directory: place) == digest, replay)
                }
                let next = try await project.start([order(2)], program: Binaries.agent)
                #expect(await next.result().code == 0, replay)
                #expect(try TreeDigest.of(directory: place) == digest, replay)
                let left = try FileManager.default.contentsOfDirectory(atPath: "\(models)/\(project.night)")
                #expect(left == ["model"], replay)
            }
            project.delete()
        }

        private static func writeOrder(_ epoch: Int, in project: TestProject) throws {
            var job = try JobFile.read(path: project.directory + "/job.yaml").job
            job.interpreter = ["sh"]
            job.entryPoint = "train.sh"
            let directory = project.directory + "/stays/\(epoch)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let now = SystemClock.now()
            let offer = job.offers[0]
            let order = AgentOrder(
                launch: LaunchOrder(
                    key: "\(project.night)-a\(epoch)", night: project.night, epoch: epoch, offer: offer,
                    rate: HourlyRate(microdollars: 1), notAfter: now + .hours(9), expectedGeneration: nil),
                job: job, deadline: now + .hours(8), clock: ClockScale(wallOrigin: now, nightOrigin: now, factor: 360),
                sourceDirectory: project.directory + "/code", root: directory + "/disk", reportDirectory: directory)
            try JSONEncoder().encode(order).write(to: URL(filePath: directory + "/order.json"))
        }
    }
}
