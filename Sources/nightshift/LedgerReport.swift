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

    /// `text` is a month, or `now` for the one that the newest job's clock shows. The ledger has the nights of `job`,
    /// `all` are the journal's.
    func ledger(_ text: String, of job: String?) async throws -> (ledger: Ledger, all: [LedgerNight]) {
        let everything = try journal.nights().compactMap { try journal.record(of: $0) }
        let records = everything.filter { job == nil || $0.job.name == job }
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
        let all = try everything.compactMap(night)
        let nights = all.filter { job == nil || $0.job == job }
        var ledger = Ledger(month, nights, at: wall, timeZone: newest.job.schedule.timeZone)
        for name in Set(records.map(\.job.name)).sorted() {
            guard let record = records.last(where: { $0.job.name == name }) else { continue }
            let forecast = try await forecast(record, nights.filter { $0.job == name }, month, at: wall)
            if let forecast { ledger.forecasts.append(forecast) }
            if forecast != nil || ledger.jobs.contains(name) {
                ledger.drills.append(LedgerDrill(job: name, text: drill(record.job, at: wall)))
            }
        }
        return (ledger, all)
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

    /// `own` are the job's nights of all months.
    private func forecast(
        _ record: NightRecord, _ own: [LedgerNight], _ month: CalendarMonth, at wall: Instant
    ) async throws -> LedgerForecast? {
        let today = Self.today(record.job, at: wall)
        // A night whose deadline has passed is not opened any more.
        let next = NightDates(schedule: record.job.schedule)?.nightDate(containingOrAfter: wall) ?? today
        guard CalendarMonth(containing: today) == month,
            let rest = LedgerForecast.Rest(of: month, own, from: next, today: today)
        else { return nil }
        if rest.costs.count >= LedgerForecast.leastOwnNights {
            return LedgerForecast(job: record.job.name, nightsLeft: rest.nights, own: rest.costs)
        }
        do {
            let costs = try await LedgerSimulation(job: record.job, terms: rest.newest.summary.terms).costs()
            return LedgerForecast(job: record.job.name, nightsLeft: rest.nights, simulated: costs)
        } catch let problems as MarketProblems {
            return LedgerForecast(job: record.job.name, nightsLeft: rest.nights, nothing: problems.description)
        }
    }
}
