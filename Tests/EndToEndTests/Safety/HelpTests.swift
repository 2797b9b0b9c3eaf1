// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// What a newcomer meets first.
    @Suite(.timeLimit(.minutes(2)))
    struct HelpTests {
        @Test(arguments: [
            ["init"], ["check"], ["schema"], ["run"], ["status"], ["logs"], ["why"], ["stop"], ["report"],
            ["checkpoints"], ["month"], ["simulate"], ["replay"], ["export"],
            ["checkpoints", "ls"], ["checkpoints", "verify"], ["checkpoints", "restore"], ["checkpoints", "prune"],
        ])
        func `every command's help has an example of it`(words: [String]) async throws {
            let project = try TestProject(TestJob())
            let help = await (try project.start(words + ["--help"])).result()
            #expect(help.code == 0)
            let examples = help.output.components(separatedBy: "EXAMPLES:").dropFirst().joined()
            #expect(examples.contains("nightshift " + words.joined(separator: " ")), "\(help.output)")
            project.delete()
        }

        @Test func `without any night every command that reads says what to type`() async throws {
            let project = try TestProject(TestJob())
            for words in [["status"], ["logs"], ["why"], ["stop"], ["report"], ["replay"], ["checkpoints", "ls"]] {
                let result = await (try project.start(words)).result()
                #expect(result.code == 2, "\(words)")
                #expect(result.complaints.contains("no nights yet"), "\(words): \(result.complaints)")
                #expect(result.complaints.contains("try: nightshift run"), "\(words)")
            }
            let run = try await project.run("--dry-run").result()
            #expect(run.code == 0 && run.output.contains("latest safe switch"))
            let status = try await project.command("status")
            #expect(status.complaints.contains("no nights yet"), "\(status.complaints)")
            project.delete()
        }

        @Test func `every document is JSON with a version`() async throws {
            var job = TestJob()
            job.epochs = 2
            let project = try TestProject(job)
            let run = try await project.run("--json").result()
            #expect(run.code == 0 && run.complaints.isEmpty, "\(run.complaints)")
            for line in run.output.split(separator: "\n") {
                _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
            }
            for words in [
                ["status", "--json"], ["why", "--json"], ["report", "--json"], ["checkpoints", "ls", "--json"],
            ] {
                let result = await (try project.start(words)).result()
                let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
                #expect(object?["schemaVersion"] as? Int == 1, "\(words): \(result.output)")
            }
            for words in [["status", "--all", "--json"], ["why", "--all", "--json"], ["logs", "--json"]] {
                let result = await (try project.start(words)).result()
                let lines = result.output.split(separator: "\n")
                #expect(!lines.isEmpty)
                for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
            }
            let wrong = try await project.command("status", "no-such-night")
            #expect(wrong.code == 2 && wrong.complaints.contains("known: \(project.night)"))
            project.delete()
        }
    }
}
