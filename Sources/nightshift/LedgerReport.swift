// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DrillRunner
import Drills
import Foundation
import JobFiles
import NightRunner
import NightSimulator
import ProcessSupervision
import Reports
import SpotMarket
import TrainingJobs

/// A month's ledger, put together from the journal.
struct LedgerReport {
    let project: Project
    let journal: Journal

    /// `text` is a month, or `now` for the one that the newest job's clock shows.
    func ledger(_ text: String, of job: String?) async throws -> (ledger: Ledger, all: [LedgerNight]) {
        let records = try journal.nights(job: job).compactMap { try journal.record(of: $0) }
        guard let newest = records.last else {
            Console.tell("no night of job \(TerminalText.sanitized(job ?? "")) in \(project.directory)")
            throw ExitCode.badInput
        }
        let wall = SystemClock.now()
        let today = Self.today(newest.job, at: wall)
        guard let month = text == "now" ? CalendarMonth(containing: today) : CalendarMonth(text) else {
            Console.tell("--month: must be a month, as 2026-11, not \"\(TerminalText.sanitized(text))\"")
            throw ExitCode.badInput
        }
        let nights = try records.compactMap(night)
        var ledger = Ledger(month, nights, at: wall, timeZone: newest.job.schedule.timeZone)
        for name in ledger.jobs {
            guard let record = records.last(where: { $0.job.name == name }) else { continue }
            ledger.drills.append(LedgerDrill(job: name, text: drill(record.job, at: wall)))
            if let forecast = try await forecast(record, nights, ledger, at: wall) {
                ledger.forecasts.append(forecast)
            }
        }
        return (ledger, nights)
    }

    private func night(_ record: NightRecord) throws -> LedgerNight? {
        guard let date = LocalDate(record.date) else {
            throw JournalError.damaged(what: "the record of \(record.id)", why: "\(record.date) is no date")
        }
        return LedgerNight(
            id: record.id, date: date, isRehearsal: record.clock.factor > 1, events: try journal.events(of: record.id),
            at: ScaledNightClock(record.clock).now())
    }

    private static func today(_ job: TrainingJob, at wall: Instant) -> LocalDate {
        // A zone that this machine does not know any more is told where nights are opened; here UTC will do.
        NightDates(schedule: job.schedule)?.localDate(of: wall)
            ?? LocalDate(dayNumber: Int(wall.milliseconds / 86_400_000))
    }

    private func drill(_ job: TrainingJob, at wall: Instant) -> String {
        do {
            guard let last = try project.drills(of: job.name).deciding() else {
                return DrillWords.standing(.never, at: wall)
            }
            let free = [job.market].compactMap { $0 }
            let present = try SourceFiles.subject(of: job, leavingOut: [project.directory], notCounting: free)
            return DrillWords.standing(DrillStanding(last, present: present), at: wall)
        } catch {
            return "the last drill cannot be compared with the present code: \(error)"
        }
    }

    /// One for the dates of the month that no night has been opened for yet; `nil` when there is none.
    private func forecast(
        _ record: NightRecord, _ nights: [LedgerNight], _ ledger: Ledger, at wall: Instant
    ) async throws -> LedgerForecast? {
        let today = Self.today(record.job, at: wall)
        let own = nights.filter { $0.job == record.job.name }
        let last = own.map(\.date).max() ?? today
        let from = max(today, last.advanced(by: 1))
        let left = ledger.month.dates.count { $0 >= from }
        guard left > 0, CalendarMonth(containing: today) == ledger.month else { return nil }
        let costs = own.filter { $0.status != .running }.map(\.cost).suffix(LedgerForecast.mostOwnNights)
        if costs.count >= LedgerForecast.leastOwnNights {
            return LedgerForecast(job: record.job.name, nightsLeft: left, own: Array(costs))
        }
        guard let terms = own.last?.summary.terms else { return nil }
        do {
            let costs = try await LedgerSimulation(job: record.job, terms: terms).costs()
            return LedgerForecast(job: record.job.name, nightsLeft: left, simulated: costs)
        } catch let problems as MarketProblems {
            return LedgerForecast(job: record.job.name, nightsLeft: left, nothing: problems.description)
        }
    }
}
