// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing
import TrainingJobs

@Suite struct MonthTests {
    /// The field's well-known example: 30 nights of 4 h at $33/h or $10/h.
    static let worked = MonthArithmetic(
        nights: 30, hours: .hours(4), onDemand: HourlyRate(microdollars: 33_000_000),
        spot: HourlyRate(microdollars: 10_000_000), interrupted: 3, redone: .minutes(20), fallback: 2)

    @Test(
        "the worked month comes out exactly, each figure with its sum in words",
        arguments: [
            (MonthArithmetic.Scenario.Name.baseline, [3960], "30 × 4 h × $33.00/h = $3,960.00"),
            (.ideal, [1200], "30 × 4 h × $10.00/h = $1,200.00"),
            (
                .interruptions, [1080, 130],
                "27 × 4 h × $10.00/h = $1,080.00 + 3 × 4 h 20 min × $10.00/h = $130.00"
            ),
            (.fallback, [1120, 264], "28 × 4 h × $10.00/h = $1,120.00 + 2 × 4 h × $33.00/h = $264.00"),
            (
                .both, [1000, 130, 264],
                "25 × 4 h × $10.00/h = $1,000.00 + 3 × 4 h 20 min × $10.00/h = $130.00 + 2 × 4 h × $33.00/h = $264.00"
            ),
        ])
    func worked(name: MonthArithmetic.Scenario.Name, dollars: [Int64], words: String) {
        let scenario = Self.worked.scenario(name)
        #expect(scenario.terms.map(\.cost) == dollars.map { Money(microdollars: $0 * 1_000_000) })
        #expect(scenario.words == words)
    }

    @Test("the worked month's totals are $3,960, $1,200, $1,210, $1,384 and, both together, $1,394")
    func totals() {
        #expect(
            Self.worked.scenarios.map(\.cost.text) == [
                "$3,960.00", "$1,200.00", "$1,210.00", "$1,384.00", "$1,394.00",
            ])
    }

    @Test("a month of micro-dollars keeps every one of them")
    func tiny() {
        var month = Self.worked
        month.spot = HourlyRate(microdollars: 1)
        month.redone = .seconds(1)
        // 3 × (4 h + 1 s) at a micro-dollar an hour: 12 and 3/3600 micro-dollars.
        #expect(month.scenario(.interruptions).terms[1].cost == Money(units: 12 * 3_600_000 + 3000))
    }

    @Test("all nights interrupted leave no term of nothing")
    func all() {
        var month = Self.worked
        (month.interrupted, month.fallback) = (30, 0)
        #expect(month.scenario(.both).terms.map(\.nights) == [30])
        #expect(month.scenario(.fallback).cost == month.scenario(.ideal).cost)
    }

    @Test("a month resampled from equal nights is a point, and from nothing is not there")
    func spread() throws {
        let point = try #require(MonthSpread([Money(microdollars: 7)], nights: 30))
        #expect(point.isPoint && point.mean == Money(microdollars: 210) && point.p90 == Money(microdollars: 210))
        #expect(MonthSpread([], nights: 30) == nil)
        let costs = (1...20).map { Money(microdollars: $0 * 1_000_000) }
        let wide = try #require(MonthSpread(costs, nights: 30))
        #expect(wide.p10 < wide.p50 && wide.p50 < wide.p90)
        // 30 draws of 1 … 20: mean 315, deviation 5.77 × √30 = 31.6; the tenth part lies 1.28 of it away.
        #expect(wide.mean == Money(microdollars: 315_000_000))
        #expect(abs(wide.p10.roundedMicrodollars - 274_500_000) < 4_000_000)
        #expect(abs(wide.p90.roundedMicrodollars - 355_500_000) < 4_000_000)
        #expect(MonthSpread(costs, nights: 30) == wide)
    }
}

@Suite struct CalendarMonthTests {
    @Test("months have their days, leap years too, and weeks begin on Monday")
    func days() throws {
        let days = try (1...12).map { try #require(CalendarMonth("2028-\($0 < 10 ? "0" : "")\($0)")).days }
        #expect(days == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        let december = try #require(CalendarMonth("2026-12"))
        #expect(december.next.description == "2027-01" && december.name == "December 2026")
        let tuesday = try #require(LocalDate("2026-11-24"))
        #expect(CalendarMonth.weekday(of: tuesday) == 1)
        let early = try #require(LocalDate("1969-12-28"))
        #expect(CalendarMonth.weekday(of: early) == 6)
    }

    @Test("what is no month is refused", arguments: ["2026-13", "2026-1", "2026", "11-2026", "", "2026-11-01", "now"])
    func refused(text: String) { #expect(CalendarMonth(text) == nil) }
}
