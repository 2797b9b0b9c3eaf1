// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import JobFiles

@Suite struct NightDatesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var zone: String
        var start: String
        var deadline: String
        var date: String
        var from: String
        var to: String
        var testDescription: String { "\(zone) \(start)-\(deadline) \(date)" }

        init(_ zone: String, _ start: String, _ deadline: String, _ date: String, _ from: String, _ to: String) {
            (self.zone, self.start, self.deadline, self.date, self.from, self.to) = (
                zone, start, deadline, date, from, to
            )
        }
    }

    static func dates(_ zone: String, _ start: String, _ deadline: String) throws -> NightDates {
        let schedule = NightSchedule(
            startMinutes: try #require(JobText.timeOfDay(start)),
            deadlineMinutes: try #require(JobText.timeOfDay(deadline)), timeZone: zone)
        return try #require(NightDates(schedule: schedule))
    }

    @Test(arguments: [
        // Dublin: forward on 2026-03-29 at 01:00 to 02:00, back on 2026-10-25 at 02:00 to 01:00.
        Case("Europe/Dublin", "00:00", "08:00", "2026-11-24", "2026-11-24T00:00:00Z", "2026-11-24T08:00:00Z"),
        Case("Europe/Dublin", "00:00", "08:00", "2026-03-29", "2026-03-29T00:00:00Z", "2026-03-29T07:00:00Z"),
        Case("Europe/Dublin", "22:00", "06:00", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"),
        Case("Europe/Dublin", "01:30", "08:00", "2026-03-29", "2026-03-29T01:00:00Z", "2026-03-29T07:00:00Z"),
        Case("Europe/Dublin", "22:00", "01:30", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z"),
        Case("Europe/Dublin", "00:00", "08:00", "2026-10-25", "2026-10-24T23:00:00Z", "2026-10-25T08:00:00Z"),
        Case("Europe/Dublin", "01:30", "08:00", "2026-10-25", "2026-10-25T00:30:00Z", "2026-10-25T08:00:00Z"),
        Case("Europe/Dublin", "22:00", "01:30", "2026-10-25", "2026-10-24T21:00:00Z", "2026-10-25T00:30:00Z"),
        // New York: forward on 2026-03-08 at 02:00, back on 2026-11-01 at 02:00.
        Case("America/New_York", "23:00", "07:00", "2026-03-08", "2026-03-08T04:00:00Z", "2026-03-08T11:00:00Z"),
        Case("America/New_York", "02:30", "07:00", "2026-03-08", "2026-03-08T07:00:00Z", "2026-03-08T11:00:00Z"),
        Case("America/New_York", "23:00", "07:00", "2026-11-01", "2026-11-01T03:00:00Z", "2026-11-01T12:00:00Z"),
        Case("America/New_York", "01:00", "01:59", "2026-11-01", "2026-11-01T05:00:00Z", "2026-11-01T05:59:00Z"),
        // Lord Howe: half an hour, forward on 2026-10-04 at 02:00, back on 2026-04-05 at 02:00 to 01:30.
        Case("Australia/Lord_Howe", "00:00", "08:00", "2026-10-04", "2026-10-03T13:30:00Z", "2026-10-03T21:00:00Z"),
        Case("Australia/Lord_Howe", "02:15", "08:00", "2026-10-04", "2026-10-03T15:30:00Z", "2026-10-03T21:00:00Z"),
        Case("Australia/Lord_Howe", "00:00", "01:45", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-04T14:45:00Z"),
        // Kathmandu: 5 h 45 min, no changes.
        Case("Asia/Kathmandu", "00:00", "08:00", "2026-11-24", "2026-11-23T18:15:00Z", "2026-11-24T02:15:00Z"),
        // The same time twice is a whole day.
        Case("UTC", "06:00", "06:00", "2026-11-24", "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z"),
    ])
    func `a night's window is right around clock changes`(_ test: Case) throws {
        let window = try Self.dates(test.zone, test.start, test.deadline).window(on: try #require(LocalDate(test.date)))
        #expect(window.start == Instant(iso8601: test.from))
        #expect(window.deadline == Instant(iso8601: test.to))
    }

    @Test(arguments: [
        ("2026-11-23T23:59:59.999Z", "2026-11-24"), ("2026-11-24T00:00:00Z", "2026-11-24"),
        ("2026-11-24T07:59:59.999Z", "2026-11-24"), ("2026-11-24T08:00:00Z", "2026-11-25"),
        ("2026-11-24T12:00:00Z", "2026-11-25"), ("2026-03-29T06:59:59Z", "2026-03-29"),
        ("2026-03-29T07:00:00Z", "2026-03-30"),
    ])
    func `the night of a moment is the first whose deadline is later`(_ now: String, _ date: String) throws {
        let dates = try Self.dates("Europe/Dublin", "00:00", "08:00")
        #expect(dates.nightDate(containingOrAfter: try #require(Instant(iso8601: now))) == LocalDate(date))
    }

    @Test func `the evening belongs to the next morning's date`() throws {
        let dates = try Self.dates("America/New_York", "22:00", "06:00")
        let evening = try #require(Instant(iso8601: "2026-11-24T04:30:00Z"))
        #expect(dates.nightDate(containingOrAfter: evening) == LocalDate("2026-11-24"))
        #expect(dates.localDate(of: evening) == LocalDate("2026-11-23"))
        #expect(dates.timeOfDay(of: evening) == "23:30")
    }

    /// Laws over two years of nights in zones with every sort of change.
    @Test(arguments: ["Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"])
    func `nights follow each other and never overlap`(_ zone: String) throws {
        for (start, deadline) in [("00:00", "08:00"), ("22:00", "06:00"), ("01:15", "02:45"), ("12:00", "12:00")] {
            let dates = try Self.dates(zone, start, deadline)
            let minutes = NightDates.windowMinutes(
                start: dates.schedule.startMinutes, deadline: dates.schedule.deadlineMinutes)
            let first = try #require(LocalDate("2026-01-01"))
            var previous: NightDates.Window?
            for day in 0..<400 {
                let date = first.advanced(by: day)
                let window = dates.window(on: date)
                let note: Comment = "\(zone) \(start) \(date)"
                #expect(window.start <= window.deadline, note)
                #expect(abs((window.length - .minutes(minutes)).milliseconds) <= 3_600_000, note)
                if let previous { #expect(previous.deadline <= window.start, note) }
                #expect(dates.localDate(of: window.deadline) == date, note)
                #expect(dates.nightDate(containingOrAfter: window.deadline - .milliseconds(1)) == date, note)
                #expect(dates.nightDate(containingOrAfter: window.deadline) == date.advanced(by: 1), note)
                previous = window
            }
        }
    }

    @Test func `dates are those of the calendar`() throws {
        #expect(LocalDate("2026-02-29") == nil)
        #expect(LocalDate("2028-02-29")?.advanced(by: 1).description == "2028-03-01")
        #expect(LocalDate("1970-01-01")?.dayNumber == 0)
        #expect(LocalDate("2026-1-1") == nil && LocalDate("2026-13-01") == nil && LocalDate("2026-01-01x") == nil)
        let date = try #require(LocalDate(year: 1999, month: 12, day: 31))
        #expect((date.year, date.month, date.day) == (1999, 12, 31))
        #expect(date < date.advanced(by: 1))
        for day in stride(from: -10000, through: 50000, by: 37) {
            #expect(LocalDate(LocalDate(dayNumber: day).description)?.dayNumber == day)
        }
    }

    @Test func `a zone that nobody knows has no dates`() {
        #expect(NightDates(schedule: NightSchedule(startMinutes: 0, deadlineMinutes: 1, timeZone: "Mars/Base")) == nil)
    }
}
