// SPDX-License-Identifier: Apache-2.0

import Foundation
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct InstantTests {
    private let foundation: ISO8601DateFormatter = {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter
    }()

    @Test(arguments: [
        "1970-01-01T00:00:00.000Z", "2000-02-29T23:59:59.999Z", "2024-02-29T12:00:00.001Z", "2026-11-24T04:20:08.000Z",
        "1969-12-31T23:59:59.999Z", "1900-03-01T00:00:00.000Z", "1600-02-29T00:00:00.000Z", "2100-02-28T23:59:59.000Z",
        "2100-03-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
    ])
    func `the same instants as Foundation's`(text: String) throws {
        let instant = try #require(Instant(iso8601: text))
        #expect(instant.iso8601 == text)
        let date = try #require(foundation.date(from: text))
        #expect(Int64((date.timeIntervalSince1970 * 1000).rounded()) == instant.milliseconds)
    }

    @Test func `seeded instants from 1601 to 2400 agree with Foundation`() {
        var random = SplitMix64(state: 1)
        let range: UInt64 = 25_000_000_000_000
        for _ in 0..<2000 {
            let milliseconds = Int64(random.below(range)) - 11_600_000_000_000
            let instant = Instant(milliseconds: milliseconds)
            #expect(Instant(iso8601: instant.iso8601) == instant)
            let date = Date(timeIntervalSince1970: Double(milliseconds / 1000 * 1000) / 1000)
            let whole = Instant(milliseconds: milliseconds / 1000 * 1000)
            #expect(foundation.string(from: date) == whole.iso8601, "\(milliseconds)")
        }
    }

    @Test func `every day of four centuries goes there and back`() {
        var day = Int64(-135_140)
        var last = ""
        while day < 10_957 {
            let instant = Instant(milliseconds: day * 86_400_000)
            #expect(Instant(iso8601: instant.iso8601) == instant && instant.iso8601 > last)
            last = instant.iso8601
            day += 1
        }
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T04:20:08", "2026-11-24 04:20:08Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-11-24T24:00:00Z", "2026-11-24T04:60:00Z", "2026-11-24T04:20:60Z", "2026-11-24T04:20:08.1Z",
        "2026-11-24T04:20:08+01:00", "２０26-11-24T04:20:08Z", "-026-11-24T04:20:08Z",
    ])
    func `other forms are refused`(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test(arguments: ["2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2100-02-29T00:00:00Z"])
    func `a day that its month doesn't have is refused`(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test func `milliseconds may be left out`() {
        #expect(Instant(iso8601: "2026-11-24T04:20:08Z")?.iso8601 == "2026-11-24T04:20:08.000Z")
    }

    @Test func `JSON carries it as a string`() throws {
        let instant = Instant(milliseconds: 1_795_494_008_250)
        let data = try JSONEncoder().encode([instant])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(instant.iso8601)\"]")
        #expect(try JSONDecoder().decode([Instant].self, from: data) == [instant])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Instant].self, from: Data(#"["today"]"#.utf8)) }
    }
}

@Suite struct JSONSecondsTests {
    private struct Box: Codable, Equatable {
        @JSONSeconds var length: Duration
    }

    @Test(arguments: [
        (14_400_000, "14400"), (250, "0.25"), (0, "0"), (-1500, "-1.5"), (1, "0.001"), (86_399_999, "86399.999"),
    ])
    func `a number of seconds to the millisecond`(milliseconds: Int, text: String) throws {
        let box = Box(length: .milliseconds(milliseconds))
        let data = try JSONEncoder().encode(box)
        #expect(String(decoding: data, as: UTF8.self) == "{\"length\":\(text)}")
        #expect(try JSONDecoder().decode(Box.self, from: data) == box)
    }

    @Test(arguments: ["1e13", "\"1\"", "null", "-1e12"]) func `nonsense is refused`(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Box.self, from: Data("{\"length\":\(text)}".utf8))
        }
    }

    @Test func `a night's events survive JSON`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for event in ScriptedNights.eventful {
            let data = try encoder.encode(event)
            #expect(try encoder.encode(JSONDecoder().decode(NightEvent.self, from: data)) == data)
        }
    }
}
