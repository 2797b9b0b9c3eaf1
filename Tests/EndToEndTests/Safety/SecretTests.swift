// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import Testing
import TrainingJobs

extension EndToEnd {
    /// What the runner's environment holds goes to the training process and nowhere else; what is kept is the owner's.
    @Suite(.timeLimit(.minutes(2)))
    struct SecretTests {
        private static let canaries = [
            "AWS_ACCESS_KEY_ID": "AKIACANARY0000000001", "AWS_SECRET_ACCESS_KEY": "canary-secret-0002",
            "AWS_SESSION_TOKEN": "canary-session-0003", "HF_TOKEN": "hf_canary0004",
            "WANDB_API_KEY": "canary-wandb-0005",
            "DATABASE_URL": "postgres://user:canary-0006@db/x",
            "PRESIGNED": "https://b.s3/x?X-Amz-Signature=canary0007",
            "GITHUB_TOKEN": "ghp_canary0008", "MLFLOW_TRACKING_PASSWORD": "canary-mlflow-0009",
        ]

        @Test func `a secret of the runner's environment is in no file and no command line, whatever dies`()
            async throws
        {
            var job = TestJob()
            job.epochs = 8
            job.checkpointUri = "state/checkpoints"
            var night = try ChaosNight(job)
            night.project.environment.merge(Self.canaries) { $1 }
            let project = night.project
            var blows = [ChaosPlan.Victim.training, .agent, .host, .runner][...]
            var commandLines = ""
            var last = ContinuousClock.now
            try await night.steer(absence: .milliseconds(50)) { run in
                guard let victim = blows.first, ContinuousClock.now - last > .milliseconds(250),
                    project.processes.contains(where: { $0.role == .training })
                else { return [] }
                last = .now
                blows.removeFirst()
                for process in project.processes { commandLines += Moment.text("/proc/\(process.pid)/cmdline") }
                return ChaosNight.victims(victim, run, project)
            }
            #expect(night.result.code == 0, "\(night.result.complaints)")
            #expect(blows.isEmpty)
            let files = try Control.files(below: project.directory)
            #expect(files.keys.contains("state/journal.sqlite"))
            for (name, canary) in Self.canaries.sorted(by: { $0.key < $1.key }) {
                for (path, data) in files where data.range(of: Data(canary.utf8)) != nil {
                    Issue.record("\(name) is in \(path)")
                }
                #expect(!commandLines.contains(canary), "\(name) is in a command line")
            }
            project.delete()
        }

        @Test func `under umask 0 the journal is the owner's, and so is every directory of the state`() async throws {
            var job = TestJob()
            job.epochs = 12
            let project = try TestProject(job)
            let run = try await project.start(
                ["run", "job.yaml", "--date", TestProject.date, "--time-scale", "3600"], umask: "000")
            try await eventually("a checkpoint is there") {
                // The journal may not be there yet.
                (try? project.events.contains { if case .committed = $0.kind { true } else { false } }) ?? false
            }
            func mode(_ path: String) throws -> Int {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                return (attributes[.posixPermissions] as? Int) ?? -1
            }
            let journals = try FileManager.default.contentsOfDirectory(atPath: project.state).filter {
                $0.hasPrefix("journal")
            }
            #expect(Set(journals).isSuperset(of: ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"]))
            for name in journals { #expect(try mode(project.state + "/" + name) == 0o600, "\(name)") }
            let machine = "\(project.machines)/\(project.night)-a1"
            for directory in [
                project.state, project.state + "/nights", project.nightDirectory, project.machines, machine,
            ] {
                #expect(try mode(directory) == 0o700, "\(directory)")
            }
            for name in ["log.jsonl", "metrics.jsonl", "machine.json", "order.json", "platform.json"] {
                #expect(try mode(machine + "/" + name) & 0o077 == 0, "\(name)")
            }
            #expect(await run.result().code == 0)
            project.delete()
        }
    }
}
