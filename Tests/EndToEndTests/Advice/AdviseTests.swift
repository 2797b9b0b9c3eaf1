// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// `advise` as it is typed, on the shipped examples.
    @Suite(.timeLimit(.minutes(3)))
    struct AdviseTests {
        private static let examples = Repository.root + "/Examples/advice"

        private static func project() throws -> TestProject {
            let project = try TestProject(TestJob())
            try FileManager.default.copyItem(atPath: examples, toPath: project.directory + "/advice")
            return project
        }

        /// `RECORD_GOLDEN=1` rewrites the expected output.
        private func expect(_ text: String, _ name: String) throws {
            let file = URL(filePath: Repository.fixtures + "/Advice/\(name).txt")
            if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
                try Data(text.utf8).write(to: file)
                return
            }
            let expected = try String(contentsOf: file, encoding: .utf8)
            let lines = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
            let difference = lines.first { $0 != $1 }.map { "\n- \($1)\n+ \($0)" } ?? "of different length"
            #expect(text == expected, "\(name) differs: \(difference)")
        }

        @Test(arguments: [
            ("recommender", Int32(10), "run-drill"), ("pricing-sla", 11, "sharp-deadline"),
            ("embeddings", 11, "short-job"), ("forecaster", 11, "no-checkpoint"), ("handoff", 11, "costly-failure"),
            ("classifier", 11, "small-bill"),
        ])
        func `each example has a verdict of its own, in words and in JSON`(
            name: String, code: Int32, reason: String
        ) async throws {
            let project = try Self.project()
            let words = ["advise", "advice/\(name).yaml", "--date", "2026-11-25", "--exit-code"]
            let result = await (try project.start(words)).result()
            #expect(result.code == code, "\(result.complaints)")
            try expect(result.output, name)
            let json = await (try project.start(words + ["--json"])).result()
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let reasons = ["obstacles", "conditions"].compactMap { object[$0] as? [[String: Any]] }.flatMap { $0 }
            #expect(reasons.first?["code"] as? String == reason && object["schemaVersion"] as? Int == 1)
            project.delete()
        }

        @Test func `a drill turns fits with conditions into fits`() async throws {
            let project = try Self.project()
            let drill = await (try project.start(["drill", "advice/recommender.yaml", "--epochs", "6"])).result()
            #expect(drill.code == 0, "\(drill.output) \(drill.complaints)")
            let result = await (try project.start(["advise", "advice/recommender.yaml", "--exit-code"])).result()
            #expect(result.code == 0, "\(result.output)")
            #expect(result.output.hasPrefix("recommender: Spot fits this job.\n"))
            #expect(result.output.contains("resuming was proven by a drill less than an hour ago"))
            project.delete()
        }

        @Test func `many jobs are ranked, and the page says the same`() async throws {
            let project = try Self.project()
            let names = ["recommender", "pricing-sla", "embeddings", "forecaster", "handoff", "classifier"]
            let result = await
                (try project.start(
                    ["advise"] + names.map { "advice/\($0).yaml" } + ["--date", "2026-11-25", "--html", "all.html"]))
                .result()
            #expect(result.code == 0, "\(result.complaints)")
            try expect(result.output, "portfolio")
            let page = try String(contentsOfFile: project.directory + "/all.html", encoding: .utf8)
            #expect(names.allSatisfy { page.contains("<h1>\($0)</h1>") } && !page.contains("<script"))
            #expect(
                page.contains("aria-label=\"recommender: what a night costs") && page.contains("id=\"ranking-redone\""))
            project.delete()
        }

        @Test func `every problem of options and of files is told at once`() async throws {
            let project = try Self.project()
            let options = await
                (try project.start([
                    "advise", "advice/recommender.yaml", "--nights", "3", "--engineering-week", "0USD", "--date",
                    "2026-02-30", "--save-time", "soon",
                ])).result()
            #expect(options.code == 2)
            for part in ["--nights: ", "--engineering-week: must be an amount", "--date: ", "--save-time: "] {
                #expect(options.complaints.contains(part), "\(part) in \(options.complaints)")
            }
            try project.write("name: a\n", to: "one.yaml")
            try project.write("name: b\n", to: "two.yaml")
            let files = await (try project.start(["advise", "one.yaml", "two.yaml"])).result()
            #expect(files.code == 2 && files.complaints.contains("one.yaml") && files.complaints.contains("two.yaml"))
            let long = await (try project.start(["advise", "advice/recommender.yaml", "--save-time", "20min"])).result()
            #expect(long.code == 2 && long.complaints.contains("20 min is not less than the 12 min between two saves"))
            project.delete()
        }

        @Test func `prices of the book come with their day, and a job is judged though its neighbour is broken`()
            async throws
        {
            let project = try Self.project()
            func fact(_ product: String, _ type: String, _ zone: String?, _ price: String) -> String {
                let place = zone.map { #""zone":"\#($0)","purchase":"spot""# } ?? #""purchase":"on-demand""#
                return #"{"product":"\#(product)","instanceType":"\#(type)","region":"us-west-2",\#(place),"#
                    + #""pricePerHour":"\#(price)","asOf":"2026-11-24","source":"a quote"}"#
            }
            let facts = [
                fact("ec2", "p4d.24xlarge", "us-west-2a", "6.5"), fact("ec2", "p4d.24xlarge", nil, "21"),
                fact("sagemaker-hyperpod", "ml.p4d.24xlarge", nil, "26.1"),
            ]
            let storage =
                #"[{"region":"us-west-2","pricePerGigabyteMonth":"0.023","asOf":"2026-11-24","source":"a quote"}]"#
            try FileManager.default.createDirectory(atPath: project.state, withIntermediateDirectories: true)
            try project.write(
                #"{"format":"nightshift-price-book","version":1,"facts":[\#(facts.joined(separator: ","))],"#
                    + #""storage":\#(storage)}"#, to: "state/price-book.json")
            try project.write("name: b\n", to: "broken.yaml")
            let date = ["--date", "2026-11-25"]
            let one = await (try project.start(["advise", "advice/recommender.yaml"] + date)).result()
            #expect(one.code == 0, "\(one.complaints)")
            for part in [
                "$6.50/h", "2026-11-24 (1 day)", "$26.10/h", "1 day  a quote",
                "S3 Standard, us-west-2, $0.023 a GB and month as of 2026-11-24",
            ] { #expect(one.output.contains(part), "\(part) in \(one.output)") }
            let many = await
                (try project.start(["advise", "advice/recommender.yaml", "broken.yaml", "advice/handoff.yaml"] + date))
                .result()
            #expect(many.code == 2 && many.output.hasPrefix("2 jobs: about"))
            #expect(many.complaints.contains("not judged, for what is said above: broken.yaml"))
            let twice = await
                (try project.start(["advise", "advice/recommender.yaml", "./advice/recommender.yaml"] + date)).result()
            #expect(twice.code == 2 && twice.complaints.contains("named twice"))
            project.delete()
        }

        @Test func `an offer without a price is not found and never 0`() async throws {
            let project = try Self.project()
            let path = project.directory + "/advice/market.json"
            let market = try String(contentsOfFile: path, encoding: .utf8)
            try Data(market.replacing("\"ml.g5.xlarge\"", with: "\"ml.g4.xlarge\"").utf8)
                .write(to: URL(filePath: path))
            let result = await
                (try project.start(["advise", "advice/classifier.yaml", "--date", "2026-11-25", "--exit-code"]))
                .result()
            #expect(result.code == 11, "\(result.complaints)")
            #expect(result.output.contains("a price is missing") && result.output.contains("not found"))
            #expect(!result.output.contains("$0.00"))
            project.delete()
        }
    }
}
