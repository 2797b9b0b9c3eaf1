// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

@Suite struct TraceFileTests {
    private static func trace(_ json: String, nodes: Int = 1, file: String = "t/a_v100_1.json") throws
        -> AvailabilityTrace
    {
        try JSONDecoder().decode(TraceFile.self, from: Data(json.utf8)).trace(file: file, nodes: nodes)
    }

    private static func ticks(_ trace: AvailabilityTrace) -> [Bool] { (0..<trace.count).map { trace[$0] } }

    @Test func `the value counts instances, and a gang needs all of its own`() throws {
        let json = #"{"metadata": {"gap_seconds": 195}, "data": [0, 1, 4, 3, 4]}"#
        for (nodes, expected) in [
            (1, [false, true, true, true, true]), (3, [false, false, true, true, true]),
            (4, [false, false, true, false, true]),
        ] {
            let trace = try Self.trace(json, nodes: nodes)
            #expect(Self.ticks(trace) == expected)
            #expect(trace.gapMilliseconds == 195_000 && trace.nodes == nodes && trace.name == "a_v100_1")
            #expect(trace.length == .seconds(975))
        }
        #expect(try Self.trace(json).provenance.form == .counts)
        #expect(try Self.trace(json).provenance.warning == nil)
        #expect(
            try Self.trace(json, nodes: 4).provenance.polarity
                == "the value counts available instances (spot-traces' sense; the file does not say); "
                + "a gang of 4 needs 4")
    }

    @Test func `the simulator's sense is told by the metadata alone`() throws {
        let json = #"{"metadata": {"gap_seconds": 600, "available_when": "zero"}, "data": [0, 1, 1, 0]}"#
        let trace = try Self.trace(json)
        #expect(Self.ticks(trace) == [true, false, false, true])
        #expect(trace.provenance.form == .inverted && trace.provenance.warning == nil)
        #expect(trace.provenance.polarity == "0 = available (available_when: zero)")
        #expect(trace.availability == 0.5)
    }

    @Test func `only 0 and 1 without a word about them is warned of`() throws {
        let silent = try Self.trace(#"{"metadata": {"gap_seconds": 600}, "data": [0, 1]}"#)
        #expect(
            silent.provenance.warning
                == "t/a_v100_1.json: has only 0 and 1 and does not say which of them is available; read as in "
                + "spot-traces, 1 = available. The Frontier-CS simulator's files look the same and mean the opposite. "
                + "Add \"available_when\": \"positive\" or \"zero\" to its metadata")
        let told = try Self.trace(
            #"{"metadata": {"gap_seconds": 600, "available_when": "positive"}, "data": [0, 1]}"#)
        #expect(told.provenance.warning == nil && Self.ticks(told) == [false, true])
        #expect(
            told.provenance.polarity == "the value counts available instances (available_when: positive)")
    }

    @Test func `our own form is the same with more keys, and null is not known`() throws {
        let json = """
            {"format": "nightshift-trace", "version": 1,
             "offer": {"backend": "local", "instanceType": "g5.xlarge", "zone": "eu-west-1a"},
             "metadata": {"gap_seconds": 60, "available_when": "positive", "start": "2026-11-24T23:00:00.000Z"},
             "data": [null, 1, 1, null, 0]}
            """
        let trace = try Self.trace(json)
        #expect(Self.ticks(trace) == [false, true, true, false, false])
        #expect((0..<5).map(trace.isKnown) == [false, true, true, false, true])
        #expect(trace.availability == 2.0 / 3)
        #expect(trace.provenance.form == .nightshift)
        #expect(trace.pool == MarketPool(backend: "local", instanceType: "g5.xlarge", zone: "eu-west-1a"))
    }

    @Test func `prices come a tick`() throws {
        let trace = try Self.trace(#"{"metadata": {"gap_seconds": 60, "prices": [0.9, 1.1]}, "data": [1, 2]}"#)
        #expect(trace.spotPrices == [0.9, 1.1])
    }

    @Test(arguments: [
        (#"{"metadata": {"gap_seconds": 600}, "data": []}"#, 1, "data: has no values; a trace needs one for each tick"),
        (#"{"metadata": {"gap_seconds": 600}}"#, 1, "data: has no values; a trace needs one for each tick"),
        (
            #"{"metadata": {}, "data": [1, 2]}"#, 1,
            "metadata.gap_seconds: is missing; it says how many seconds one value of data stands for"
        ),
        (
            #"{"data": [1, 2]}"#, 1,
            "metadata.gap_seconds: is missing; it says how many seconds one value of data stands for"
        ),
        (
            #"{"metadata": {"gap_seconds": 0}, "data": [1, 2]}"#, 1,
            "metadata.gap_seconds: 0 is no length of a tick; write seconds above 0 and at most a week, as 600"
        ),
        (
            #"{"metadata": {"gap_seconds": -195}, "data": [1, 2]}"#, 1,
            "metadata.gap_seconds: -195 is no length of a tick; write seconds above 0 and at most a week, as 600"
        ),
        (
            #"{"metadata": {"gap_seconds": 1e30}, "data": [1, 2]}"#, 1,
            "metadata.gap_seconds: 1e+30 is no length of a tick; write seconds above 0 and at most a week, as 600"
        ),
        (
            #"{"metadata": {"gap_seconds": "NaN"}, "data": [1, 2]}"#, 1,
            "metadata.gap_seconds: \"NaN\" is no length of a tick; write seconds above 0 and at most a week, as 600"
        ),
        (
            #"{"metadata": {"gap_seconds": 600}, "data": [2, -1]}"#, 1,
            "data[1]: -1 is no count; write a whole number from 0 on"
        ),
        (
            #"{"metadata": {"gap_seconds": 600}, "data": [2, 0.5]}"#, 1,
            "data[1]: 0.5 is no count; write a whole number from 0 on"
        ),
        (
            #"{"metadata": {"gap_seconds": 600}, "data": [2, "up"]}"#, 1,
            "data[1]: \"up\" is no count; write a whole number from 0 on"
        ),
        (
            #"{"metadata": {"gap_seconds": 600}, "data": [2, [1]]}"#, 1,
            "data[1]: what stands there is no count; write a whole number from 0 on"
        ),
        (
            #"{"metadata": {"gap_seconds": 600, "available_when": "zero"}, "data": [0, 2]}"#, 1,
            "data[1]: 2, but with available_when \"zero\" only 0 and 1 have a meaning"
        ),
        (
            #"{"metadata": {"gap_seconds": 600, "available_when": "zero"}, "data": [0, 1]}"#, 4,
            "metadata.available_when: \"zero\" says nothing about counts, so a gang of 4 has no trace"
        ),
        (
            #"{"metadata": {"gap_seconds": 600, "available_when": "positve"}, "data": [0, 2]}"#, 1,
            "metadata.available_when: must be \"positive\" or \"zero\", not \"positve\"; did you mean \"positive\"?"
        ),
        (
            #"{"metadata": {"gap_seconds": 600}, "data": [0, 1]}"#, 4,
            "never available: a gang of 4 in a trace whose largest count is 1; ask for fewer nodes, or take a trace of "
                + "larger gangs"
        ),
        (#"{"metadata": {"gap_seconds": 600}, "data": [2, 1]}"#, 0, "nodes: must be 1 or more, not 0"),
        (
            #"{"format": "nightshift-trace", "version": 2, "metadata": {"gap_seconds": 600}, "data": [2, 1]}"#, 1,
            "format: expected \"nightshift-trace\" version 1 or no format at all, found \"nightshift-trace\" version 2"
        ),
        (
            #"{"format": "other", "metadata": {"gap_seconds": 600}, "data": [2, 1]}"#, 1,
            "format: expected \"nightshift-trace\" version 1 or no format at all, found \"other\" without a version"
        ),
        (
            #"{"metadata": {"gap_seconds": 600, "prices": [1]}, "data": [2, 1]}"#, 1,
            "metadata.prices: has 1 values for 2 of data; give one for each"
        ),
        (
            #"{"metadata": {"gap_seconds": 600, "prices": [1, -1]}, "data": [2, 1]}"#, 1,
            "metadata.prices[1]: must be dollars per hour above 0"
        ),
    ])
    func `each problem names file, key and remedy`(json: String, nodes: Int, sentence: String) throws {
        #expect(throws: TraceProblems(["t/a_v100_1.json: " + sentence])) { try Self.trace(json, nodes: nodes) }
    }

    @Test func `all problems are told at once, and of many of one kind the first ten`() throws {
        let values = (0..<25).map { _ in "-1" }.joined(separator: ",")
        let error = #expect(throws: TraceProblems.self) {
            try Self.trace(#"{"format": "x", "metadata": {"gap_seconds": -1}, "data": [\#(values)]}"#, file: "a")
        }
        let lines = try #require(error?.description.split(separator: "\n"))
        #expect(lines.count == 13)
        #expect(lines.last == "a: 25 values of data are wrong; the first 10 are above")
        #expect(lines.dropLast().last == "a: data[9]: -1 is no count; write a whole number from 0 on")
    }

    @Test func `a night that is longer than the trace is refused`() throws {
        let trace = try Self.trace(#"{"metadata": {"gap_seconds": 600}, "data": [2, 1, 1, 0, 0, 1]}"#, file: "a.json")
        try trace.requireLength(.hours(1))
        try trace.requireLength(.minutes(40), from: 2)
        #expect(
            throws: TraceProblems([
                "a.json: from tick 3 on it holds 0.5 h, but the night takes 0.67 h; start earlier, or take a longer "
                    + "trace"
            ])
        ) { try trace.requireLength(.minutes(40), from: 3) }
        #expect(throws: TraceProblems.self) { try trace.requireLength(.zero, from: -1) }
        #expect(throws: TraceProblems.self) { try trace.requireLength(.minutes(1), from: .max) }
    }
}
