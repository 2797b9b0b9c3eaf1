// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// `simulate` and `replay` as they are typed.
    @Suite(.timeLimit(.minutes(2)))
    struct SimulateTests {
        private static func project(_ change: (inout TestJob) -> Void = { _ in }) throws -> TestProject {
            var job = TestJob()
            change(&job)
            let project = try TestProject(job)
            try project.write("a 600 \(String(repeating: "0111110", count: 60))\nb 600 01", to: "zones.txt")
            return project
        }

        private static let base = ["simulate", "job.yaml", "--date", "2026-11-24"]

        @Test func `a trace gives the same study each time, and every policy the same nights`() async throws {
            let project = try Self.project()
            let words =
                Self.base + [
                    "--trace", "zones.txt#a", "--nights", "8", "--policy", "greedy,uniform-progress",
                    "--on-demand-waits",
                    "20min,40min", "--json",
                ]
            let results = [await (try project.start(words)).result(), await (try project.start(words)).result()]
            #expect(results[0].code == 0 && results[0].output == results[1].output, "\(results[0].complaints)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(results[0].output.utf8)) as? [String: Any])
            let policies = try #require(object["policies"] as? [[String: Any]])
            #expect(policies.compactMap { $0["policy"] as? String } == ["greedy", "uniform-progress", "on-demand"])
            #expect(policies.allSatisfy { $0["onTime"] as? Int == 8 })
            #expect(object["schemaVersion"] as? Int == 1 && object["nights"] as? Int == 8)
            project.delete()
        }

        @Test func `the page and the picture are written`() async throws {
            let project = try Self.project()
            let result = await
                (try project.start(
                    Self.base + ["--nights", "2", "--policy", "greedy", "--html", "s.html", "--svg", "s.svg"])).result()
            #expect(result.code == 0 && result.complaints.contains("all nights are alike: one is played"))
            #expect(result.output.contains("1 simulated night, 12:00 to 11:00 UTC (23 h)"), "\(result.output)")
            let page = try String(contentsOfFile: project.directory + "/s.html", encoding: .utf8)
            #expect(page.contains("<svg") && !page.contains("<script"))
            #expect(try String(contentsOfFile: project.directory + "/s.svg", encoding: .utf8).hasPrefix("<svg"))
            project.delete()
        }

        @Test(arguments: [
            (["--nights", "-3"], ["--nights: must be a whole number from 1 to 1000000, not \"-3\""]),
            (["--nights", ""], ["--nights: is empty; give a number of nights, or a CSV file that lists them"]),
            (["--trace", ""], ["--trace: names no file; give a trace, as "]),
            (["--policy", "optimum"], ["--policy: optimum is no policy but a bound", "give --nights FILE"]),
            (
                ["--policy", "greedy,spot-until:-5m"],
                ["--policy: \"spot-until:-5m\": spot-until takes the time that Spot is given", "as spot-until:90m"]
            ),
            (["--reference"], ["--reference: is for nights that a file lists, and \"200\" is none"]),
            (
                ["--html", "job.yaml/s.html", "--svg", "code"],
                ["--html: cannot write", "--svg: cannot write \"code\": it is"]
            ),
            (["--nights", "NaN"], ["--nights: must be a whole number from 1 to 1000000, not \"NaN\""]),
            (
                ["--policy", "gredy"],
                ["--policy: there is no policy \"gredy\"; did you mean greedy? known: nightshift, "]
            ),
            (
                ["--seed", "-1", "--nodes", "0", "--save-time", "-3s", "--notice-share", "nan"],
                [
                    "--seed: must be a whole number from 0",
                    "--nodes: must be a whole number from 1 to 1000, not \"0\"",
                    "--save-time: must be a length of time", "--notice-share: must be a number between 0 and 1",
                ]
            ),
            (
                ["--save-time", "10min"],
                ["--save-time: 10 min is not less than the 10 min between two saves (job.yaml: checkpointInterval), so"]
            ),
            (["--spot-price", "-1"], ["--spot-price: must be dollars per hour above 0"]),
            (["--market", "none.json"], ["none.json: "]),
            (
                ["--restart", "eu-west-1b=3min"],
                ["--restart: must be zone=time with a zone of the job", "did you mean eu-west-1a?"]
            ),
            (["--trace", "zones.txt"], ["zones.txt: has 2 windows and none was named; it has a, b"]),
            (["--trace", "zones.txt#b"], ["zones.txt#b: from tick 0 on it holds 0.33 h, but the night takes 23 h"]),
            (
                ["--trace", "eu-west-1c=zones.txt#a"],
                ["the job has no Spot offer in eu-west-1c; did you mean eu-west-1a?"]
            ),
            (
                ["--trace", "zones.txt#a", "--trace", "zones.txt#b"],
                ["2 traces for the job's 1 Spot offer (ml.p4d.24xlarge"]
            ),
            (["--trace", "zones.txt#a", "--nodes", "4"], ["a gang of 4 in a trace whose largest count is 1"]),
            (
                ["--nights", "study.csv", "--seed", "3"],
                ["study.csv lists the nights, and a job file, --seed, --date is for a"]
            ),
        ])
        func `what cannot be is said, with what to do`(words: [String], complaints: [String]) async throws {
            let project = try Self.project()
            let result = await (try project.start(Self.base + words)).result()
            #expect(result.code == 2)
            for complaint in complaints {
                #expect(result.complaints.contains(complaint), "\(words): \(result.complaints)")
            }
            #expect(!result.complaints.contains("Usage:"))
            project.delete()
        }

        @Test func `a night that even on-demand cannot keep in whole ticks is refused, or played by published rules`()
            async throws
        {
            let project = try Self.project()
            try project.write(
                "trace,window,nodes,work_h,deadline_h,overhead_h,start_tick\nzones.txt,a,,1,1.15,0.1,0\n"
                    + "zones.txt,a,,1,4,0.1,0\n", to: "study.csv")
            let words = ["simulate", "--nights", "study.csv", "--policy", "greedy,optimum"]
            let refused = await (try project.start(words)).result()
            #expect(refused.code == 2 && refused.output.isEmpty)
            #expect(
                refused.complaints
                    == "study.csv:2: deadline_h: even on-demand from the first tick cannot keep it in whole ticks of 10 min: it "
                    + "needs 7, and the deadline has 6; write 1.166667 or more, correct the work, or play the published "
                    + "rules with --reference\n")
            let played = await (try project.start(words + ["--reference"])).result()
            let lines = played.output.split(separator: "\n")
            #expect(played.code == 0 && lines.count == 5, "\(played.complaints)")
            #expect(
                lines[1].hasPrefix("1,greedy,") && lines[2] == "1,optimum,,,6,,," && lines[4].hasPrefix("2,optimum,0"))
            #expect(played.complaints.contains("no policy can be in time in row 1: "))
            #expect(!played.complaints.contains("the trace ended"))
            project.delete()
        }

        @Test func `what the promise does not cover is told beside the figures`() async throws {
            let project = try Self.project {
                $0.budget = "500 USD"; $0.maxRun = "5 h"
            }
            let result = await
                (try project.start(
                    Self.base + [
                        "--on-demand-waits", "20min,70min", "--restart", "eu-west-1a=50min", "--nodes", "2",
                        "--nights", "2",
                    ])).result()
            #expect(result.code == 0, "\(result.complaints)")
            for warning in [
                "--on-demand-waits: on-demand waits up to 1 h 10 min, but the job counts with 1 h (onDemandWait)",
                "--restart: a restart in eu-west-1a takes 50 min, but the job counts with 40 min (restartOverhead)",
                "the job's budget of $500.00 a night is for all 2 machines of the gang together",
                "maxRun: 5 h leaves little room for Spot",
            ] {
                #expect(result.output.contains(warning) && result.complaints.contains(warning), "\(result.output)")
            }
            project.delete()
        }

        @Test func `a deadline that on-demand cannot keep names the file and the key`() async throws {
            let project = try Self.project { $0.deadline = "15:00" }
            let result = await (try project.start(Self.base)).result()
            #expect(result.code == 2)
            #expect(result.complaints.contains("job.yaml:") && result.complaints.contains("schedule.deadline"))
            project.delete()
        }

        @Test func `a night is replayed from the journal, and what cannot be replayed is said`() async throws {
            let project = try Self.project { $0.epochs = 4 }
            #expect(try await project.run().result().code == 0)
            let replay = try await project.command("replay", "--policy", "greedy,on-demand", "--deadline", "10:00")
            #expect(replay.code == 0, "\(replay.complaints)")
            #expect(replay.output.hasPrefix("1 night replayed with the deadline 10:00\n"), "\(replay.output)")
            #expect(replay.output.contains("greedy, as it was"))
            let all = try await project.command("replay", "--last", "30", "--checkpoint-interval", "20min", "--json")
            let object = try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [String: Any]
            #expect(object?["schemaVersion"] as? Int == 1 && (object?["nights"] as? [Any])?.count == 1)
            for at in ["", "04", "4:x", ":04:20"] {
                let why = await (try project.start(["why", "--at", at])).result()
                #expect(
                    why.code == 2
                        && why.complaints.hasPrefix("--at is a local time like 04:20 or 04:20:08, not \"\(at)\""))
            }
            for (words, complaint) in [
                (["--deadline", "25:00"], "--deadline: must be a local time, as 07:30, not \"25:00\""),
                (["--deadline", "14:00"], "even on-demand from the start would have come too late for 14:00"),
                (["--zones", "eu-west-1"], "had no Spot offer in \"eu-west-1\"; did you mean eu-west-1a?"),
                (["--checkpoint-interval", "9h"], "is longer than the whole training of 3 h"),
                (["--last", "0"], "--last: must be a whole number from 1"),
                (["--policy", "hope"], "there is no policy \"hope\""),
            ] {
                let result = await (try project.start(["replay"] + words)).result()
                #expect(result.code == 2 && result.complaints.contains(complaint), "\(words): \(result.complaints)")
            }
            project.delete()
        }
    }
}
