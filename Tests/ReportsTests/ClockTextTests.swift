// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing
import TrainingJobs

@Suite struct ClockTextTests {
    let berlin = ClockText(timeZone: "Europe/Berlin")

    @Test func `times are in the job's zone, with UTC beside them once`() throws {
        let instant = try #require(Instant(iso8601: "2026-11-25T03:20:08Z"))
        #expect(berlin.seconds(instant) == "04:20:08")
        #expect(berlin.minutes(instant) == "04:20")
        #expect(berlin.withZone(instant) == "04:20 Europe/Berlin (03:20 UTC)")
    }

    @Test func `the date is shown only where the day differs`() throws {
        let deadline = try #require(Instant(iso8601: "2026-11-25T07:00:00Z"))
        let start = try #require(Instant(iso8601: "2026-11-24T22:30:00Z"))
        #expect(berlin.minutes(start, on: deadline) == "2026-11-24 23:30")
        #expect(berlin.minutes(start + .minutes(31), on: deadline) == "00:01")
    }

    @Test func `the night the clocks go back has two hours named 02`() throws {
        let first = try #require(Instant(iso8601: "2026-10-25T00:30:00Z"))
        #expect([first, first + .hours(1), first + .hours(2)].map(berlin.minutes) == ["02:30", "02:30", "03:30"])
    }

    @Test func `an unknown zone falls back to UTC and says so`() throws {
        let clock = ClockText(timeZone: "Mars/Olympus")
        #expect(clock.withZone(Instant(milliseconds: 0)) == "00:00 UTC (00:00 UTC)")
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        (0, "0 s", "0 s", "0 s"), (59, "59 s", "59 s", "59 s"), (60, "1 min", "1 min", "1 min"),
        (119, "1 min", "1 min", "1 min 59 s"), (3600, "1 h", "1 h 00", "1 h"),
        (8400, "2 h 20 min", "2 h 20", "2 h 20 min"),
        (15_120, "4 h 12 min", "4 h 12", "4 h 12 min"), (13_192, "3 h 39 min", "3 h 39", "3 h 39 min 52 s"),
        (3605, "1 h", "1 h 00", "1 h 0 min 5 s"), (-300, "−5 min", "−5 min", "−5 min"),
    ])
    func `durations are cut off, never rounded up`(seconds: Int, full: String, short: String, exact: String) {
        let duration = Duration.seconds(seconds)
        #expect(DurationText.full(duration) == full)
        #expect(DurationText.short(duration) == short)
        #expect(DurationText.exact(duration) == exact)
    }
}

@Suite struct MoneyTextTests {
    @Test(arguments: [
        (24_152_000, "$24.152/h"), (7_102_500, "$7.1025/h"), (7_000_000, "$7.00/h"), (526_123, "$0.526123/h"),
    ])
    func `a rate keeps all places it has`(microdollars: Int64, text: String) {
        #expect(MoneyText.rate(HourlyRate(microdollars: microdollars)) == text)
    }

    @Test func `a missing price is said`() {
        #expect(MoneyText.amount(nil) == "not found")
    }
}

@Suite struct NumberTextTests {
    @Test func `numbers are written without a locale`() {
        #expect([-54, 12, 0].map(NumberText.change) == ["−54 %", "+12 %", "±0 %"])
        #expect([11, 11.4, 11.44, .nan, 1e300].map(NumberText.units) == ["11", "11.4", "11.4", "nan", "1e+300"])
        #expect([0, 0.999, 1].map(NumberText.percent) == ["0 %", "99 %", "100 %"])
        #expect([0, 1, 2].map { NumberText.count($0, "restart") } == ["no restart", "1 restart", "2 restarts"])
        #expect([0, 999, 1000, 1_400_000_000].map(NumberText.bytes) == ["0 B", "999 B", "1.0 kB", "1.4 GB"])
    }
}
