// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import SpotMarket
import Testing
import TrainingJobs

extension EndToEnd {
    /// `nightshift market`: real nights and real files in, a model in force out.
    @Suite(.timeLimit(.minutes(3)))
    struct MarketCommandTests {
        @Test func `before any night the shipped law is in force, and a fit says what to type`() async throws {
            let project = try TestProject(TestJob())
            let shown = try await project.command("market", "show")
            #expect(shown.code == 0)
            #expect(shown.output.hasPrefix("in force: the shipped law, for every pool; nothing was fitted yet\n"))
            let fit = try await project.command("market", "fit")
            #expect(fit.code == 2 && fit.complaints.contains("no nights yet"), "\(fit.complaints)")
            project.delete()
        }

        @Test func `a rehearsed night is learned from, shown, drawn and recorded`() async throws {
            var job = TestJob()
            job.epochs = 2
            let project = try TestProject(job)
            let night = try await project.run().result()
            #expect(night.code == 0, "\(night.complaints)")
            let fit = try await project.command("market", "fit", "--json", "--html", "pages/market.html")
            #expect(fit.code == 0, "\(fit.complaints)")
            #expect(fit.complaints.contains("wrote \(project.state)/market-model.json"), "\(fit.complaints)")
            let document = try NightJSON.document(MarketDocument.self, from: fit.output)
            #expect(document.inForce == "fitted" && document.pools.allSatisfy { $0.backend == "local" })
            let spells = SpellReader(try project.events).stretches
            #expect(!spells.isEmpty)
            #expect(document.pools.reduce(0) { $0 + $1.loss.spells + $1.recovery.spells } == spells.count)
            let again = try await project.command("market", "show", "--json", "--svg", "market.svg")
            #expect(again.output == fit.output)
            for name in ["pages/market.html", "market.svg"] {
                #expect(FileManager.default.fileExists(atPath: project.directory + "/" + name))
            }
            let shown = try await project.command("market", "show")
            #expect(shown.output.contains("1 local night ") && shown.output.contains("rehearsals"), "\(shown.output)")

            let record = try await project.command("market", "record", "--directory", "traces", "--tick", "10")
            #expect(record.code == 0, "\(record.complaints)")
            let files = try FileManager.default.contentsOfDirectory(atPath: project.directory + "/traces").sorted()
            #expect(files.count == document.pools.count, "\(files)")
            let read = try await project.command("market", "fit", "--trace", "traces/\(files[0])", "--json")
            #expect(read.code == 0 && !read.complaints.contains("warning"), "\(read.complaints)")
            #expect(
                read.complaints.contains(
                    "traces/\(files[0]): is left out: the night that it was recorded from is in this")
            )
            let counted = try NightJSON.document(MarketDocument.self, from: read.output)
            #expect(counted.pools == document.pools)
            project.delete()
        }

        @Test func `a trace's pool is in its name, in the options, or an error`() async throws {
            let project = try TestProject(TestJob())
            let json = #"{"metadata": {"gap_seconds": 600}, "data": [0, 1, 1, 0, 4, 4]}"#
            try project.write(json, to: "us-west-2a_v100_1.json")
            try project.write(json, to: "plain.json")
            let named = try await project.command("market", "fit", "--trace", "us-west-2a_v100_1.json", "--json")
            let pool = try NightJSON.document(MarketDocument.self, from: named.output).pools
            #expect(pool.map(\.instanceType) == ["v100_1"] && pool.map(\.zone) == ["us-west-2a"])
            #expect(pool.map(\.traces) == [1] && pool.map(\.loss.spells) == [2])
            let told = try await project.command(
                "market", "fit", "--trace", "plain.json", "--nodes", "4", "--instance-type", "g5", "--zone", "z",
                "--json")
            #expect(try NightJSON.document(MarketDocument.self, from: told.output).pools.map(\.loss.spells) == [1])
            #expect(
                told.complaints.contains(
                    "v100_1 us-west-2a: the earlier fit had it from a trace; name the trace again with --trace to keep it"
                ))
            #expect(
                named.complaints.contains("us-west-2a_v100_1.json: v100_1 is no instance type (those have a dot, as ")
                    && named.complaints.contains("name it with --instance-type"))
            let twice = try await project.command(
                "market", "fit", "--trace", "plain.json", "--trace", "./plain.json", "--instance-type", "p3.2xlarge",
                "--zone", "z")
            #expect(
                twice.code == 2
                    && twice.complaints
                        == "--trace: ./plain.json is plain.json again; its evidence would count twice, so name it once\n"
            )
            let neither = try await project.command("market", "fit", "--trace", "plain.json")
            #expect(neither.code == 2)
            #expect(
                neither.complaints
                    == "plain.json: does not say which pool it speaks of; add --instance-type and --zone\n")
            project.delete()
        }

        @Test func `windows of a text file are all read with a warning, or one by its name`() async throws {
            let project = try TestProject(TestJob())
            try project.write("0.json 600 0110\n1.json 600 1100\n", to: "us-west-2a_k80_1.txt")
            let all = try await project.command("market", "fit", "--trace", "us-west-2a_k80_1.txt", "--json")
            #expect(try NightJSON.document(MarketDocument.self, from: all.output).pools.map(\.traces) == [2])
            #expect(
                all.complaints.contains(
                    "warning: us-west-2a_k80_1.txt: all 2 windows are read; where they overlap, hours count twice and "
                        + "the evidence looks stronger than it is. Name one with us-west-2a_k80_1.txt#NAME\n"))
            let one = try await project.command("market", "fit", "--trace", "us-west-2a_k80_1.txt#1.json", "--json")
            #expect(try NightJSON.document(MarketDocument.self, from: one.output).pools.map(\.traces) == [1])
            #expect(!one.complaints.contains("windows are read"), "\(one.complaints)")
            project.delete()
        }

        @Test func `the problems of all files are told at once, each with file and remedy`() async throws {
            let project = try TestProject(TestJob())
            let files = [
                ("cut.json", #"{"metadata": {"gap_seconds": 600}, "data": [0, 1,"#),
                ("nan.json", #"{"metadata": {"gap_seconds": NaN}, "data": [0, 1]}"#),
                ("kind.json", #"{"metadata": 600, "data": [0, 1]}"#),
                ("list.json", "[0, 1]"), ("empty.json", ""), ("escape.txt", "a\u{1B}[31m 600 2"),
            ]
            var words = ["market", "fit", "--instance-type", "t", "--zone", "z"]
            for (name, text) in files {
                try project.write(text, to: name)
                words += ["--trace", name]
            }
            words += ["--trace", "none.json", "--trace", "kind.json#a"]
            let result = await (try project.start(words)).result()
            #expect(result.code == 2)
            let kind =
                "is of another kind than a trace has there; metadata is an object with gap_seconds, data a list of numbers"
            #expect(
                result.complaints.split(separator: "\n") == [
                    "cut.json: is cut off: JSON ends with }; fetch it again",
                    "nan.json: is no JSON; numbers there are plain (NaN and Infinity are none), lists have no last comma",
                    "kind.json: metadata: \(kind)", "list.json: the document: \(kind)",
                    "empty.json: is empty; a trace is JSON, or lines of NAME GAP_SECONDS and a row of 0 and 1",
                    "escape.txt:1: data[0]: \"2\" is neither 0 nor 1",
                    "none.json: is not there; look for a slip in its name",
                    "kind.json: is JSON and has no windows; leave out \"a\"",
                ])
            #expect(!FileManager.default.fileExists(atPath: project.state + "/market-model.json"))
            project.delete()
        }

        @Test func `a model file that cannot be used ends a command, and a fit replaces it`() async throws {
            let project = try TestProject(TestJob())
            try project.write(#"{"metadata": {"gap_seconds": 600}, "data": [0, 2]}"#, to: "z_t.json")
            let fit = try await project.command("market", "fit", "--trace", "z_t.json")
            #expect(fit.code == 0, "\(fit.complaints)")
            let path = project.state + "/market-model.json"
            let whole = try String(contentsOfFile: path, encoding: .utf8)
            let remedy = "fit it anew: nightshift market fit; or remove it, and the shipped law is in force\n"
            for (text, problem) in [
                (
                    whole.replacing("\"exponent\" : 0.75", with: "\"exponent\" : 7"),
                    "\(path): pools[0].loss.law.exponent: must be at least 0 and below 1\n"
                ),
                (
                    whole.replacing("\"version\" : 1", with: "\"version\" : 9"),
                    "\(path): format: expected \"nightshift-market-model\" version 1, found \"nightshift-market-model\" "
                        + "version 9\n"
                ),
                (
                    whole.replacing("\"fittedAt\"", with: "\"at\""),
                    "\(path): the document: the key \"fittedAt\" is missing\n"
                ),
            ] {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                let shown = try await project.command("market", "show")
                #expect(shown.code == 2 && shown.output.isEmpty)
                #expect(
                    shown.complaints.hasPrefix(problem) && shown.complaints.hasSuffix(remedy), "\(shown.complaints)")
            }
            let anew = try await project.command("market", "fit", "--trace", "z_t.json")
            #expect(anew.code == 0)
            project.delete()
        }

        @Test(arguments: [[], ["fit"], ["show"], ["record"]])
        func `every command's help has an example of it`(words: [String]) async throws {
            let project = try TestProject(TestJob())
            let help = await (try project.start(["market"] + words + ["--help"])).result()
            let examples = help.output.components(separatedBy: "EXAMPLES:").dropFirst().joined()
            #expect(examples.contains((["nightshift market"] + words).joined(separator: " ")), "\(help.output)")
            let wrong = try await project.command("market", "record", "--tick", "0")
            #expect(
                wrong.code == 2 && wrong.complaints.contains("--tick is a number of seconds from 1 to 86400, not 0"))
            project.delete()
        }
    }
}
