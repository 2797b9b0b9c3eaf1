// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// `savings-plan` and `prices show` as they are typed.
    @Suite(.timeLimit(.minutes(3)))
    struct SavingsPlanCommandTests {
        private static func project() throws -> TestProject {
            let project = try TestProject(TestJob())
            try FileManager.default.copyItem(
                atPath: Repository.root + "/Examples/advice", toPath: project.directory + "/advice")
            return project
        }

        @Test(
            "No shipped job is worth a plan of its own, in words, on the page and in JSON",
            arguments: ["recommender", "pricing-sla", "embeddings", "forecaster", "handoff", "classifier"])
        func examples(name: String) async throws {
            let project = try Self.project()
            let words = ["savings-plan", "advice/\(name).yaml"]
            let shown = await (try project.start(words + ["--html", "plan.html"])).result()
            #expect(shown.code == 0, "\(shown.complaints)")
            let page = try String(contentsOfFile: project.directory + "/plan.html", encoding: .utf8)
            for text in [shown.output, page] {
                #expect(text.contains("no SageMaker Savings Plan pays, neither for this job nor beside it"), "\(text)")
                #expect(text.contains("commit to nothing") && !text.contains("less than without a plan"), "\(text)")
            }
            let json = await (try project.start(words + ["--json"])).result()
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            for one in try #require(object["cases"] as? [[String: Any]]) {
                #expect(one["recommended"] as? String == "none")
                #expect(one["saving"] as? String == "0.000000")
            }
            project.delete()
        }

        @Test("An old price is used for a plan, and its age is said")
        func age() async throws {
            let project = try Self.project()
            let path = project.directory + "/advice/market.json"
            let market = try String(contentsOfFile: path, encoding: .utf8)
            try market.replacing("2026-09-01", with: "2019-01-01").write(
                toFile: path, atomically: true, encoding: .utf8)
            for command in ["savings-plan", "simulate"] {
                let shown = await (try project.start([command, "advice/recommender.yaml"])).result()
                #expect(shown.code == 0, "\(shown.complaints)")
                #expect(shown.output.contains("2019-01-01 ("), "\(shown.output)")
                #expect(shown.output.contains("days old, good for a plan only)"), "\(shown.output)")
            }
            project.delete()
        }

        @Test("A region that was mistyped is bad usage, with the one that was meant")
        func region() async throws {
            let project = try Self.project()
            let shown = await (try project.start(["prices", "show", "--region", "us-esat-1"])).result()
            #expect(shown.code == 2)
            #expect(shown.complaints.contains("did you mean us-east-1?"))
            project.delete()
        }
    }
}
