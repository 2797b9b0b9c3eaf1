// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

@Suite struct MarketFileTests {
    private static let spot = Offer(
        backend: "local", instanceType: "g5.xlarge", region: "r", zone: "a", purchase: .spot)
    private static let onDemand = Offer(
        backend: "local", instanceType: "g5.xlarge", region: "r", zone: "a", purchase: .onDemand)

    private static func file(_ entries: [String], format: String = "nightshift-market", version: Int = 1) throws
        -> MarketFile
    {
        let text = """
            {"format": "\(format)", "version": \(version), "priceAsOf": "2026-09-01", "priceSource": "a test",
             "offers": [\(entries.joined(separator: ","))]}
            """
        return try JSONDecoder().decode(MarketFile.self, from: Data(text.utf8))
    }

    private static func entry(_ purchase: String, _ rest: String, price: String = "1.006") -> String {
        """
        {"instanceType": "g5.xlarge", "zone": "a", "purchase": "\(purchase)", "pricePerHour": "\(price)"\
        \(rest.isEmpty ? "" : ", " + rest)}
        """
    }

    @Test(arguments: [
        (entry("spot", #""available": []"#, price: "0"), "offers[0].pricePerHour: must be more than 0"),
        (
            entry("spot", #""available": [], "priceChanges": [{"fromMinute": 5, "pricePerHour": "-1"}]"#),
            "offers[0].priceChanges[0].pricePerHour: must be more than 0"
        ),
        (
            entry("spot", #""available": [], "priceChanges": [{"fromMinute": -5, "pricePerHour": "1"}]"#),
            "offers[0].priceChanges[0].fromMinute: must not be negative; pricePerHour is the price at the start"
        ),
        (
            entry("spot", #""available": [], "priceChanges": [{"fromMinute": 1e30, "pricePerHour": "1"}]"#),
            "offers[0].priceChanges[0].fromMinute: must be within a year"
        ),
        (entry("spot", ""), #"offers[0].available: give either "available" or "model""#),
        (
            entry("spot", #""available": [], "model": {"seed": 1}"#),
            #"offers[0].available: give either "available" or "model""#
        ),
        (
            entry("spot", #""available": [], "waitMinutes": [1]"#),
            "offers[0].waitMinutes: only on-demand waits; Spot is there or not"
        ),
        (
            entry("spot", #""available": [{"fromMinute": 5, "untilMinute": 5}]"#),
            "offers[0].available[0]: windows must be in order and not overlap"
        ),
        (
            entry("spot", #""available": [{"fromMinute": 0, "untilMinute": 9}, {"fromMinute": 8, "untilMinute": 12}]"#),
            "offers[0].available[1]: windows must be in order and not overlap"
        ),
        (
            entry("spot", #""available": [{"fromMinute": 0, "untilMinute": 1e30}]"#),
            "offers[0].available[0]: must be within a year"
        ),
        (
            entry("spot", #""available": [{"fromMinute": 0, "untilMinute": 9, "noticeSeconds": -1}]"#),
            "offers[0].available[0].noticeSeconds: must not be negative"
        ),
        (
            entry("spot", #""model": {"seed": 1, "upScale": 0}"#),
            "offers[0].model: scales must be between 0.001 and 1000 and noticeShare between 0 and 1"
        ),
        (
            entry("spot", #""model": {"seed": 1, "noticeShare": 1.5}"#),
            "offers[0].model: scales must be between 0.001 and 1000 and noticeShare between 0 and 1"
        ),
    ])
    func `each problem of a Spot entry has its sentence`(entry: String, sentence: String) throws {
        #expect(throws: MarketProblems(problems: [sentence])) {
            try Self.file([entry]).market(for: [Self.spot], length: .hours(8), seed: nil)
        }
    }

    @Test(arguments: [
        (#""available": []"#, #"offers[0].available: on-demand has "waitMinutes" instead"#),
        (#""model": {"seed": 1}"#, #"offers[0].available: on-demand has "waitMinutes" instead"#),
        (#""waitMinutes": [3, -1]"#, "offers[0].waitMinutes: must not be negative"),
        (#""waitMinutes": [1e30]"#, "offers[0].waitMinutes: must be within a year"),
    ])
    func `each problem of an on-demand entry has its sentence`(rest: String, sentence: String) throws {
        #expect(throws: MarketProblems(problems: [sentence])) {
            try Self.file([Self.entry("on-demand", rest)]).market(for: [Self.onDemand], length: .hours(8), seed: nil)
        }
    }

    @Test func `all problems are told at once`() throws {
        let file = try Self.file([Self.entry("spot", "", price: "0")], format: "other", version: 2)
        let error = #expect(throws: MarketProblems.self) {
            try file.market(for: [Self.spot, Self.onDemand], length: .hours(8), seed: nil)
        }
        #expect(
            error?.description == """
                format: expected "nightshift-market" version 1, found "other" version 2
                offers[0].pricePerHour: must be more than 0
                offers[0].available: give either "available" or "model"
                offers: g5.xlarge a on-demand is in the job but not in the market; add an entry for it
                """)
    }

    @Test func `prices, windows and waits become the market`() throws {
        let file = try Self.file([
            Self.entry(
                "spot",
                """
                "priceChanges": [{"fromMinute": 20, "pricePerHour": "3"}, {"fromMinute": 10.5, "pricePerHour": "2"}],
                "available": [{"fromMinute": 0, "untilMinute": 9.5}, {"fromMinute": 9.5, "untilMinute": 60,
                "noticeSeconds": 120}]
                """),
            Self.entry("on-demand", #""waitMinutes": [5, 40.5]"#, price: "4"),
        ])
        let market = try file.market(for: [Self.onDemand, Self.spot], length: .hours(8), seed: nil)
        let spot = try #require(market.listing(of: Self.spot))
        #expect(spot.prices.map(\.from) == [.zero, .seconds(630), .minutes(20)])
        #expect(spot.prices.map(\.rate.microdollars) == [1_006_000, 2_000_000, 3_000_000])
        #expect(
            spot.supply
                == .spells([
                    Market.Spell(from: .zero, until: .seconds(570), notice: nil),
                    Market.Spell(from: .seconds(570), until: .minutes(60), notice: .seconds(120)),
                ]))
        #expect(market.listing(of: Self.onDemand)?.supply == .waits([.minutes(5), .seconds(2430)]))
    }

    @Test func `a seed from outside replaces the file's, a stream an entry`() throws {
        let entry = Self.entry("spot", #""model": {"seed": 1}"#)
        let file = try Self.file([entry, entry.replacingOccurrences(of: #""a""#, with: #""b""#)])
        var other = Self.spot
        other.zone = "b"
        func supplies(_ seed: UInt64?) throws -> [Market.Supply] {
            try file.market(for: [Self.spot, other], length: .hours(99), seed: seed).listings.map(\.supply)
        }
        #expect(try supplies(nil)[0] == supplies(nil)[1])
        #expect(try supplies(5)[0] != supplies(5)[1])
        #expect(try supplies(5) == supplies(5))
        #expect(try supplies(1)[0] == supplies(nil)[0])
    }
}
