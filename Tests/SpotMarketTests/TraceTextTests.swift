// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

@Suite struct TraceTextTests {
    private static let good = "0.json 600 0110\r\n\n107.json\t195.5 1\n117.json 600 0"

    @Test func `a line's name selects a window, and 1 is available`() throws {
        let text = try TraceText(Self.good.utf8, file: "t.txt")
        #expect(text.names == ["0.json", "107.json", "117.json"])
        let first = try text.trace(window: "0.json", nodes: 1)
        #expect((0..<first.count).map { first[$0] } == [false, true, true, false])
        #expect(first.gapMilliseconds == 600_000 && first.name == "0.json")
        #expect(first.provenance.source == "t.txt#0.json" && first.provenance.form == .text)
        #expect(first.provenance.polarity == "1 = available (text form)" && first.provenance.warning == nil)
        #expect(try text.trace(window: "107.json", nodes: 1).gapMilliseconds == 195_500)
        #expect(try TraceText("a 1 01".utf8, file: "t").trace(window: nil, nodes: 1).name == "a")
    }

    @Test(arguments: [
        ("", "t.txt: is empty; a trace is JSON, or lines of NAME GAP_SECONDS and a row of 0 and 1"),
        (" \n\n", "t.txt: is empty; a trace is JSON, or lines of NAME GAP_SECONDS and a row of 0 and 1"),
        (
            "a 600",
            "t.txt:1: has 2 fields, not 3; a line is NAME GAP_SECONDS and a row of 0 and 1, as: 0.json 600 0110"
        ),
        (
            "a 600 01\n0101",
            "t.txt:2: has 1 field, not 3; a line is NAME GAP_SECONDS and a row of 0 and 1, as: 0.json 600 0110"
        ),
        ("a 600 0121", "t.txt:1: data[2]: \"2\" is neither 0 nor 1"),
        ("a 0 01", "t.txt:1: gap: 0 is no length of a tick; write seconds above 0 and at most a week, as 600"),
        ("a -3 01", "t.txt:1: gap: -3 is no length of a tick; write seconds above 0 and at most a week, as 600"),
        ("a nan 01", "t.txt:1: gap: nan is no length of a tick; write seconds above 0 and at most a week, as 600"),
        ("a x 01", "t.txt:1: gap: x is no length of a tick; write seconds above 0 and at most a week, as 600"),
        ("a 1 01\nb 1 1\na 1 0", "t.txt:3: \"a\" is the name of line 1 too; a name selects one window"),
    ])
    func `each problem names file, line and remedy`(text: String, sentence: String) {
        #expect(throws: TraceProblems([sentence])) { try TraceText(text.utf8, file: "t.txt") }
    }

    @Test func `all problems are told at once`() {
        let error = #expect(throws: TraceProblems.self) { try TraceText("a 0 2\nb".utf8, file: "t") }
        #expect(error?.problems.count == 3)
    }

    @Test(
        arguments: [
            (nil, 1, "t.txt: has 3 windows and none was named; it has 0.json, 107.json, 117.json"),
            (
                "1o7.json", 1,
                "t.txt: has no window \"1o7.json\"; did you mean 107.json? it has 0.json, 107.json, 117.json"
            ),
            ("us-east", 1, "t.txt: has no window \"us-east\"; it has 0.json, 107.json, 117.json"),
            (
                "0.json", 4,
                "t.txt: never available: a gang of 4 in a trace whose largest count is 1; ask for fewer nodes, or take a "
                    + "trace of larger gangs"
            ),
            ("0.json", -1, "t.txt: nodes: must be 1 or more, not -1"),
        ] as [(String?, Int, String)])
    func `a window that is not there is told with those that are`(window: String?, nodes: Int, sentence: String)
        throws
    {
        let text = try TraceText(Self.good.utf8, file: "t.txt")
        #expect(throws: TraceProblems([sentence])) { try text.trace(window: window, nodes: nodes) }
    }

    @Test func `many windows are not all listed`() throws {
        let text = try TraceText((0..<9).map { "w\($0) 1 01\n" }.joined().utf8, file: "t")
        #expect(throws: TraceProblems(["t: has 9 windows and none was named; it has w0, w1, w2, w3, w4, …"])) {
            try text.trace(window: nil, nodes: 1)
        }
    }

    @Test(arguments: [("{\"data\": []}", true), (" \n[", true), ("0.json 600 1", false), ("", false)])
    func `JSON is told from lines by its first character`(text: String, isJSON: Bool) {
        #expect(TraceText.isJSON(text.utf8) == isJSON)
    }
}

@Suite struct ZoneTracesTests {
    private static func trace(_ name: String, _ gap: String, _ ticks: String) throws -> AvailabilityTrace {
        try TraceText("\(name) \(gap) \(ticks)".utf8, file: name).trace(window: nil, nodes: 1)
    }

    @Test func `a coarser zone is read in the finer one's ticks, and the shortest ends all`() throws {
        let zones = try ZoneTraces([
            Self.trace("a", "600", "10"), Self.trace("b", "200", "0101101"), Self.trace("c", "400", "0110"),
        ])
        #expect(zones.gapMilliseconds == 200_000 && zones.count == 6)
        let ticks = zones.zones.map { zone in (0..<zones.count).map { zone[$0] ? "1" : "0" }.joined() }
        #expect(ticks == ["111000", "010110", "001111"])
        #expect(zones.zones.map(\.name) == ["a", "b", "c"])
    }

    @Test func `gaps that do not divide are an error that names both files`() throws {
        let traces = [try Self.trace("a", "600", "10"), try Self.trace("b", "195", "01")]
        #expect(
            throws: TraceProblems([
                "a#a: ticks of 600 s do not divide into the 195 s of b#b; join traces of which one gap is a multiple "
                    + "of the other"
            ])
        ) { try ZoneTraces(traces) }
        #expect(throws: TraceProblems(["no traces: name at least one"])) { try ZoneTraces([]) }
    }

    @Test func `every zone that is too short for the night is named`() throws {
        let zones = try ZoneTraces([Self.trace("a", "600", "101010"), Self.trace("b", "600", "10")])
        try zones.requireLength(.minutes(20))
        let error = #expect(throws: TraceProblems.self) { try zones.requireLength(.hours(2)) }
        #expect(error?.problems.map { $0.prefix(3) } == ["a#a", "b#b"])
    }
}
