// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import Reports
import Testing
import TrainingJobs

extension EndToEnd {
    /// The command around the drill: evidence, memory, bad input, and nothing left behind.
    @Suite(.timeLimit(.minutes(5)))
    struct DrillCommandTests {
        @Test func `a verdict is remembered until the code changes, and requireDrill keeps Spot away without it`()
            async throws
        {
            let project = try DrillProject(script: "training", epochs: 4, more: "requireDrill: 14 d\n")
            let before = try await project.command("check", "job.yaml")
            #expect(before.code == 0)
            #expect(
                before.complaints.contains(
                    "warning: requireDrill: resuming was never drilled; nights run on on-demand alone until"))
            let plan = try await project.command("run", "job.yaml", "--dry-run", "--time-scale", "360")
            #expect(plan.output.contains("on-demand from the start"), "\(plan.output)")
            #expect(plan.output.contains("Spot is left alone tonight (requireDrill): resuming was never drilled"))

            let partial = try await project.drill("--only", "kill")
            #expect(partial.1.code == 0 && partial.0.passed && !partial.0.provesResume)
            let some = try await project.command("check", "job.yaml")
            #expect(some.complaints.contains("was of some disturbances only"), "\(some.complaints)")

            let (drill, result) = try await project.drill()
            #expect(result.code == 0 && drill.provesResume, "\(result.output)")
            for name in ["drill.json", "drill.html", "trajectories.csv", "kill.svg", "logs/kill-stay-1.jsonl"] {
                #expect(FileManager.default.fileExists(atPath: drill.evidence + "/" + name), "\(name)")
            }
            let after = try await project.command("check", "job.yaml")
            #expect(after.complaints.contains("resuming was proven by a drill less than an hour ago"))
            let spot = try await project.command("run", "job.yaml", "--dry-run", "--time-scale", "360")
            #expect(spot.output.contains("latest safe switch to on-demand"), "\(spot.output)")

            try project.write("# changed\n", to: "code/helper.py")
            let changed = try await project.command("check", "job.yaml")
            #expect(changed.complaints.contains("was of other code: helper.py changed since"), "\(changed.complaints)")
            project.delete()
        }

        @Test func `a night without the proof that it asks for runs on on-demand and says why`() async throws {
            var job = TestJob()
            job.onDemandWaitMinutes = "[1]"
            let project = try TestProject(job)
            try project.write(job.yaml + "requireDrill: 14 d\n", to: "job.yaml")
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            let why = try await project.command("why")
            #expect(
                why.output.contains("Spot was left alone (requireDrill): resuming was never drilled"), "\(why.output)")
            let bought = try project.events.compactMap { event -> PurchaseOption? in
                if case .launchRequested(let order) = event.kind { order.offer.purchase } else { nil }
            }
            #expect(Set(bought) == [.onDemand])
            project.delete()
        }

        @Test func `a script that fails undisturbed is told apart from one that resumes wrongly`() async throws {
            let project = try DrillProject(script: "broken")
            try project.write("print('no data here')\nraise SystemExit(3)\n", to: "code/broken.py")
            let result = try await project.command("drill", "job.yaml")
            #expect(result.code == 5)
            #expect(result.output.contains("an undisturbed run failed, so nothing could be compared: exit code 3"))
            #expect(result.output.contains("no data here"))
            project.delete()
        }

        @Test func `bad input is refused with its place before anything is started`() async throws {
            let project = try DrillProject(script: "training")
            let metric = try await project.command("drill", "job.yaml", "--tolerance", "lost=0.1")
            #expect(metric.code == 2 && metric.complaints.contains("lost: no such metric"), "\(metric.complaints)")
            let limit = try await project.command("drill", "job.yaml", "--tolerance", "loss")
            #expect(limit.code == 2 && limit.complaints.contains("--tolerance is METRIC=LIMIT"))
            let one = try await project.command("drill", "job.yaml", "--epochs", "1")
            #expect(one.code == 2)
            let yaml = try String(contentsOfFile: project.directory + "/job.yaml", encoding: .utf8)
            try project.write(yaml.replacing("epochs: 5, ", with: ""), to: "job.yaml")
            let unnamed = try await project.command("drill", "job.yaml", "--epochs", "3")
            #expect(unnamed.code == 2)
            #expect(
                unnamed.complaints.contains("job.yaml:4: hyperparameters: none has the value 5"),
                "\(unnamed.complaints)")
            #expect(!FileManager.default.fileExists(atPath: project.state + "/drills"))
            project.delete()
        }

        @Test(arguments: [SIGINT, SIGKILL])
        func `a drill that is stopped or killed leaves no process, and the next one is not hindered`(_ signal: Int32)
            async throws
        {
            let project = try DrillProject(script: "training", epochs: 40)
            let run = try await project.start("drill", "job.yaml")
            try await eventually("training began") { project.processes.count >= 4 }
            let second = try await project.command("drill", "job.yaml")
            #expect(second.code == 6 && second.complaints.contains("another drill of this job is under way"))
            run.signal(signal)
            _ = await run.result()
            try await eventually("every process has gone") { project.processes.isEmpty }
            let (drill, result) = try await project.drill("--epochs", "4", "--only", "kill")
            #expect(result.code == 0 && drill.passed, "\(result.output) \(result.complaints)")
            project.delete()
        }
    }
}
