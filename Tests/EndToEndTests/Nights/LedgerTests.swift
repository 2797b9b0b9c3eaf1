// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// `month`, and `report` of a month, as they are typed.
    @Suite(.timeLimit(.minutes(2)))
    struct LedgerTests {
        @Test("the worked month comes out of the command line")
        func month() async throws {
            let project = try TestProject(TestJob())
            let words = [
                "month", "job.yaml", "--date", "2026-11-24", "--nights", "30", "--hours", "4", "--on-demand", "33",
                "--spot", "10", "--interrupted", "3", "--redone", "20min", "--fallback", "2",
            ]
            let result = await (try project.start(words)).result()
            #expect(result.code == 0, "\(result.complaints)")
            for figure in ["$3,960.00", "$1,200.00", "$1,210.00", "$1,384.00", "$1,394.00"] {
                #expect(result.output.contains(figure), "\(result.output)")
            }
            let json = await (try project.start(words + ["--json"])).result()
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect(object?["schemaVersion"] as? Int == 1 && (object?["scenarios"] as? [Any])?.count == 5)
            project.delete()
        }

        @Test("the hours that are typed move the simulation too, and redone work is of the nights that are counted")
        func hours() async throws {
            let project = try TestProject(TestJob())
            try """
            {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "made for a test",
             "offers": [
               {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "spot", "pricePerHour": "7.575386",
                "model": {"seed": 7, "upScale": 0.3, "downScale": 1, "noticeShare": 0.5}},
               {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "on-demand",
                "pricePerHour": "25.251286", "waitMinutes": [28]}]}
            """.write(toFile: project.directory + "/drawn.json", atomically: true, encoding: .utf8)
            func month(_ hours: String) async throws -> (mean: Double, sources: [String]) {
                let result = await
                    (try project.start([
                        "month", "job.yaml", "--date", "2026-11-24", "--market", "drawn.json", "--simulated", "40",
                        "--hours", hours, "--json",
                    ])).result()
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
                    "\(result.complaints)")
                let cost = (object["simulation"] as? [String: Any])?["onDemandCost"] as? [String: Any]
                let mean = try #require((cost?["mean"] as? String).flatMap { Double($0) })
                return (mean, object["sources"] as? [String] ?? [])
            }
            let (short, long) = (try await month("2"), try await month("3"))
            #expect(abs(long.mean - short.mean - 30 * 25.251286) < 1, "\(short.mean) and \(long.mean)")
            let counted = long.sources.compactMap { $0.firstMatch(of: /--interrupted: (\d+) of 40/)?.output.1 }
            let averaged = long.sources.compactMap { $0.firstMatch(of: /the mean of (\d+) simulated nights/)?.output.1 }
            #expect(counted == averaged && counted.count == 1, "\(long.sources)")
            project.delete()
        }

        @Test("what is typed wrongly for a month is told at once")
        func wrong() async throws {
            let project = try TestProject(TestJob())
            let result = await
                (try project.start([
                    "month", "job.yaml", "--date", "2026-11-24", "--nights", "3", "--hours", "-1", "--spot", "free",
                    "--interrupted", "2", "--fallback", "2", "--redone", "soon",
                ])).result()
            #expect(result.code == 2)
            let long = await (try project.start(["month", "job.yaml", "--date", "2026-11-24", "--hours", "100000h"]))
                .result()
            #expect(long.code == 2 && long.complaints.contains("and no more than 168"), "\(long.complaints)")
            let full = await (try project.start(["month", "job.yaml", "--date", "2026-11-24", "--hours", "100"]))
                .result()
            #expect(full.code == 2 && full.complaints.contains("that of --hours 100 here"), "\(full.complaints)")
            for words in [
                "--hours: must be hours above 0", "--spot: must be dollars per hour above 0",
                "--redone: must be a length of time",
                "--interrupted, --fallback: 2 and 2 nights are more than the 3 of the month",
            ] { #expect(result.complaints.contains(words), "\(result.complaints)") }
            project.delete()
        }

        @Test("a night is in its month's ledger, which agrees with its own export")
        func ledger() async throws {
            var job = TestJob()
            job.epochs = 2
            let project = try TestProject(job)
            let run = try await project.run().result()
            #expect(run.code == 0, "\(run.complaints)")
            let month = String(project.night.suffix(10).prefix(7))
            let json = await (try project.start(["report", "--month", month, "--json"])).result()
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            // Nobody bills a night on this machine.
            #expect((object["rehearsals"] as? [[String: Any]])?.first?["night"] as? String == project.night)
            #expect((object["nights"] as? [[String: Any]])?.isEmpty == true)
            let written = await
                (try project.start([
                    "report", "--month", month, "--html", "month.html", "--focus", "month.csv", "--rehearsals",
                ])).result()
            #expect(written.code == 0 && written.complaints.contains("wrote month.csv"), "\(written.complaints)")
            let page = try String(contentsOfFile: project.directory + "/month.html", encoding: .utf8)
            #expect(page.contains("<h2>Rehearsals</h2>") && !page.contains("<script"))
            let reconcile = ["report", "--month", month, "--exit-code", "--reconcile"]
            let own = await (try project.start(reconcile + ["month.csv"])).result()
            #expect(own.code == 0 && own.output.contains("of rehearsals, which nobody should bill"), "\(own.output)")
            let head = "line_item_resource_id,line_item_usage_amount,line_item_unblended_cost,line_item_line_item_type,"
            let stranger =
                head
                + "pricing_unit,resource_tags\ni-1,1,7,Usage,Hrs,\"{\"\"nightshift:night\"\":\"\"x-\(month)-01\"\"}\"\n"
            try stranger.write(toFile: project.directory + "/stranger.csv", atomically: true, encoding: .utf8)
            let open = await (try project.start(reconcile + ["stranger.csv"])).result()
            #expect(open.code == 5 && open.output.contains("the bill has $7.00 more"), "\(open.output)")
            try Data([0x1F, 0x8B, 8, 0]).write(to: URL(filePath: project.directory + "/bill.csv.gz"))
            let none = await (try project.start(["report", "--month", "1999-12"])).result()
            #expect(none.code == 0 && none.output.contains("no nights of 1999-12"))
            for (words, complaint) in [
                (["--month", "soon"], "--month: must be a month, as 2026-11, not \"soon\""),
                (["--month", month, "--reconcile", "job.yaml"], "neither CUR 2.0"),
                (["--month", month, project.night], "is about a month's nights"),
                (["--reconcile", "bill.csv.gz"], "unpack it first: gunzip -k bill.csv.gz"),
                (["--reconcile", "month.csv", "--reconcile", "month.csv"], "month.csv is given twice"),
                (["--month", month, "--account", "1"], "--account: is about the rows of --focus FILE"),
                (["--month", month, "--job", "other"], "no night of job other"),
            ] {
                let result = await (try project.start(["report"] + words)).result()
                #expect(result.code == 2 && result.complaints.contains(complaint), "\(words): \(result.complaints)")
            }
            project.delete()
        }
    }
}
