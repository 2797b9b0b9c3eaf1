// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import Testing

@Suite struct StudyFileTests {
    private static let head = "trace,window,nodes,work_h,deadline_h,overhead_h,start_tick\n"

    private func problems(_ text: String) -> [String] {
        do {
            _ = try StudyFile(text, file: "s.csv")
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `a line is a night, with times to the millisecond`() throws {
        let study = try StudyFile(
            "# a comment\n" + Self.head + "\n a.json+\"b.json\" ,0.json,2,4,8,0.1,17\r\nc.txt,,,0.5,1.000001,0,0",
            file: "s.csv")
        #expect(study.rows.count == 2)
        let row = try #require(study.rows.first)
        #expect(row.place == "s.csv:4" && row.window == "0.json" && row.nodes == 2 && row.firstTick == 17)
        #expect(row.work == 14_400_000 && row.deadline == 28_800_000 && row.restartOverhead == 360_000)
        #expect(study.rows[1].deadline == 3_600_004 && study.rows[1].nodes == 1 && study.rows[1].window.isEmpty)
    }

    @Test func `columns may stand in any order, and others beside them`() throws {
        let study = try StudyFile(
            "note,start_tick,overhead_h,work_h,deadline_h,trace\nx,3,0.2,4,8,a.json\n", file: "s.csv")
        #expect(study.rows.map(\.traces) == [["a.json"]] && study.rows[0].firstTick == 3)
    }

    @Test(arguments: [
        ("", ["s.csv: is empty; its first line is trace,window,nodes,work_h,deadline_h,overhead_h,start_tick"]),
        (head, ["s.csv: lists no nights; write one a line"]),
        (
            "trace,work,deadline_h,overhead_h,start_tick\n",
            [
                "s.csv:1: the column work_h is missing; is \"work\" meant to be it?; "
                    + "the first line is trace,window,nodes,work_h,deadline_h,overhead_h,start_tick"
            ]
        ),
        (head + "a.json,,1,4,8\n", ["s.csv:2: has 5 fields, but the first line has 7"]),
        (
            head + "a.json,,1,4,4.05,0.1,0\n",
            [
                "s.csv:2: deadline_h: even on-demand from the first tick cannot keep 4.05 h: work_h + overhead_h is more; "
                    + "move the deadline or correct the work"
            ]
        ),
        (
            head + "+a,,0,-4,nan,inf,1.5\n",
            [
                "s.csv:2: trace: names no file; write a path, or several joined by +",
                "s.csv:2: nodes: must be a whole number from 1 on, not \"0\"",
                "s.csv:2: work_h: must be hours above 0, up to a year, not \"-4\"",
                "s.csv:2: deadline_h: must be hours above 0, up to a year, not \"nan\"",
                "s.csv:2: overhead_h: must be hours from 0 on, up to a year, not \"inf\"",
                "s.csv:2: start_tick: must be a whole number from 0 on, not \"1.5\"",
            ]
        ),
    ])
    func `every problem is told at its place`(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test func `a mark of UTF-8 at the begin is no part of the first column's name`() throws {
        #expect(try StudyFile("\u{FEFF}" + Self.head + "a.json,,1,4,8,0,0\n", file: "s.csv").rows.count == 1)
    }

    @Test func `of very many problems the first twenty are told, and how many there are`() {
        let told = problems(Self.head + String(repeating: "a.json,,1,x,8,0,0\n", count: 50))
        #expect(told.count == 21 && told[20] == "s.csv: 30 more problems")
    }
}
