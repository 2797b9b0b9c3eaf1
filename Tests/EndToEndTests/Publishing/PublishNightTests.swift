// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import Testing
import TrainingJobs

extension EndToEnd {
    /// Nights that put a model into service, and those that must not.
    @Suite(.timeLimit(.minutes(3)))
    struct PublishNightTests {
        private static func job(_ publish: String?) -> TestJob {
            var job = TestJob()
            (job.epochs, job.work, job.publish) = (3, 20_000, publish)
            return job
        }

        private func night(_ date: String, _ project: TestProject) async throws -> CommandResult {
            try await project.start(["run", "job.yaml", "--date", date, "--time-scale", "3600"]).result()
        }

        private func inService(_ project: TestProject) -> String? {
            try? FileManager.default.destinationOfSymbolicLink(atPath: project.directory + "/models/latest")
        }

        @Test func `a gated night keeps yesterday's, and a person may think otherwise, and go back`() async throws {
            let gate = "{metric: epoch, atMost: 3, worseThanPrevious: 0%, command: [sh, gate.sh]}"
            let project = try TestProject(Self.job("{pack: true, gate: \(gate)}"))
            // The first one passes; afterwards there is always a reason.
            try project.write(
                "[ -z \"$NIGHTSHIFT_PREVIOUS_MODEL\" ] || { echo 'rmse is 1.21'; exit 1; }\n", to: "code/gate.sh")
            let first = try await night("2026-11-24", project)
            #expect(first.code == 0, "\(first.complaints)")
            #expect(first.output.contains("publish  if epoch is at most 3.0"))
            #expect(inService(project) == "tiny-2026-11-24/model")

            let second = try await night("2026-11-25", project)
            #expect(second.code == 4)
            #expect(second.output.contains("tiny-2026-11-24 stays in service: rmse is 1.21"), "\(second.output)")
            #expect(second.output.contains("in service now: tiny-2026-11-24"))
            #expect(inService(project) == "tiny-2026-11-24/model")
            let morning = try await project.command("status", "--all")
            #expect(morning.output.contains("tiny keeps the previous model: rmse is 1.21"))
            let report = try await project.command("report", "--json")
            #expect(report.output.contains("\"reason\" : \"gate\""))

            let list = try await project.command("models", "ls", "--job", "job.yaml")
            #expect(list.output.contains("kept back: rmse is 1.21"))
            #expect(list.output.contains(" *  tiny-2026-11-24"))
            let publish = try await project.command("models", "publish", "tiny-2026-11-25")
            #expect(publish.code == 0, "\(publish.complaints)")
            #expect(inService(project) == "tiny-2026-11-25/model")
            let back = try await project.command("rollback")
            #expect(back.output == "tiny-2026-11-24 is in service again; tiny-2026-11-25 stays on disk\n")
            #expect(inService(project) == "tiny-2026-11-24/model")
            #expect(try await project.command("rollback").complaints.contains("replaced no other model"))

            let whole = try await project.command("models", "show", "--verify", "--json")
            #expect(whole.code == 0 && whole.output.contains("\"verified\" : true"))
            try project.write("other", to: "models/tiny-2026-11-25/model/vectors/weights.bin")
            #expect(try await project.command("models", "show", "tiny-2026-11-25", "--verify").code == 5)
            let damaged = try await project.command("models", "publish", "tiny-2026-11-25")
            #expect(damaged.code == 5)
            #expect(damaged.complaints.contains("is not what its record says"))
            #expect(inService(project) == "tiny-2026-11-24/model")
            #expect(try await project.command("models", "show", "tiny-2026-12-24").code == 2)
            project.delete()
        }

        @Test func `a metric that ends as NaN keeps the model back, however good it was before`() async throws {
            var job = Self.job("{gate: {metric: loss, atMost: 0.5}}")
            (job.tellsLoss, job.tripwires) = (true, "{badLoss: {then: off}}")
            let project = try TestProject(job)
            try project.write(
                """
                import os
                for epoch, loss in [(1, "0.35"), (2, "0.35"), (3, "nan")]:
                    print("epoch=%d loss=%s" % (epoch, loss), flush=True)
                open(os.path.join(os.environ["SM_MODEL_DIR"], "weights.bin"), "w").write("weights")

                """, to: "code/train.py")
            let result = try await night("2026-11-24", project)
            #expect(result.code == 4, "\(result.complaints)")
            #expect(result.output.contains("loss is nan"), "\(result.output)")
            #expect(inService(project) == nil)
            let list = try await project.command("models", "ls", "--job", "job.yaml")
            #expect(list.output.contains("epoch 3.0, loss nan"), "\(list.output)")
            project.delete()
        }

        @Test(arguments: [SIGKILL, SIGINT])
        func `a runner that ends while the gate thinks leaves no process, and the same command finishes`(
            signal: Int32
        ) async throws {
            let project = try TestProject(Self.job("{gate: {command: [sh, gate.sh], timeout: 20 h}}"))
            try project.write(
                """
                [ -e '\(project.directory)/asked' ] && exit 0
                touch '\(project.directory)/asked'
                sleep 3600 & setsid sleep 3600 & wait

                """, to: "code/gate.sh")
            let record = "\(project.directory)/models/\(project.night)/model.json"
            func gate() -> [Int32] { ProcessTable.processes(withEnvironment: "NIGHTSHIFT_MODEL_RECORD", record) }
            let run = try await project.run()
            try await eventually("the gate has started its processes") { gate().count >= 3 }
            run.signal(signal)
            let ended = await run.result()
            #expect(signal == SIGKILL ? ended.wasKilled : ended.code == 130)
            if signal == SIGINT { #expect(gate() == []) }
            #expect(inService(project) == nil)
            let again = try await project.run().result()
            #expect(again.code == 0, "\(again.complaints)")
            #expect(inService(project) == project.night + "/model")
            #expect(gate() == [])
            #expect(try NightLaws(project).violations() == [])
            project.delete()
        }

        @Test func `stop while the gate thinks leaves the model on disk and yesterday's in service`() async throws {
            let project = try TestProject(Self.job("{gate: {command: [sleep, '3600'], timeout: 20 h}}"))
            let run = try await project.run()
            let record = "\(project.directory)/models/\(project.night)/model.json"
            try await eventually("the gate thinks") {
                !ProcessTable.processes(withEnvironment: "NIGHTSHIFT_MODEL_RECORD", record).isEmpty
            }
            #expect(try await project.command("stop").code == 0)
            #expect(await run.result().code == 4)
            #expect(inService(project) == nil)
            #expect(ProcessTable.processes(withEnvironment: "NIGHTSHIFT_MODEL_RECORD", record) == [])
            #expect(try await project.command("models", "publish", project.night).code == 0)
            #expect(inService(project) == project.night + "/model")
            project.delete()
        }

        @Test func `a latest of somebody else's is told in the evening, and nothing is started`() async throws {
            let project = try TestProject(Self.job(nil))
            try project.write("mine", to: "notes")
            let files = FileManager.default
            try files.createDirectory(atPath: project.directory + "/models/latest", withIntermediateDirectories: true)
            let check = try await project.command("check", "job.yaml")
            #expect(check.code == 2)
            #expect(check.complaints.contains("models/latest is a directory, not a link that Nightshift made"))
            #expect(try await project.run().result().code == 2)
            #expect(try project.machineKeys() == [])
            project.delete()
        }
    }
}
