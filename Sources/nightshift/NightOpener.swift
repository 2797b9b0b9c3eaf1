// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightRunner
import ProcessSupervision
import SageMakerBackend
import SpotMarket
import TrainingJobs

/// Finds the night that a command means: the one that is under way, the one that has ended, or a new one.
struct NightOpener {
    let project: Project
    let journal: Journal
    let file: JobFile

    func find(date: LocalDate?, timeScale: Int, seed: UInt64?, again: Bool) async throws -> (NightRecord, isNew: Bool) {
        guard let dates = NightDates(schedule: file.job.schedule) else {
            Console.tell("\(file.path): schedule.timeZone: \(file.job.schedule.timeZone) is not known on this machine")
            throw ExitCode.badInput
        }
        let wall = SystemClock.now()
        if date == nil, !again, let unfinished = try unfinished(at: wall) { return (unfinished, false) }
        let date = date ?? dates.nightDate(containingOrAfter: wall)
        let earlier = try journal.nights(job: file.job.name, date: date.description)
        if let last = earlier.last, let record = try journal.record(of: last) {
            let isOver = try journal.events(of: last).outcome != nil
            if !again || !isOver { return (record, false) }
        }
        let window = dates.window(on: date)
        let id = freeID("\(file.job.name)-\(date)", after: earlier.count)
        let clock = ClockScale(
            wallOrigin: wall, nightOrigin: timeScale == 1 ? wall : window.start, factor: timeScale)
        return (NightRecord(id: id, date: date.description, job: file.job, clock: clock, seed: seed), true)
    }

    /// A night takes no name under which a model or checkpoints lie already, of a journal that is gone or of another
    /// project: it would go on with them, and publish what it has not trained.
    private func freeID(_ name: String, after earlier: Int) -> String {
        var number = earlier + 1
        while true {
            let id = number == 1 ? name : "\(name).\(number)"
            let places = [file.job.outputPath, file.job.checkpoint.uri].map { "\($0)/\(id)" }
            let taken = places.filter { FileManager.default.fileExists(atPath: $0) }
            if taken.isEmpty { return id }
            if number == earlier + 1 {
                Console.tell("\(taken[0]) is there already and no night of this project; this night takes another name")
            }
            number += 1
        }
    }

    /// A night that is past its deadline is still the one to go on with, until no machine of it may live: by its date
    /// alone the same command would leave a late night without a runner and open tomorrow's.
    private func unfinished(at wall: Instant) throws -> NightRecord? {
        guard let id = try journal.nights(job: file.job.name).last, let record = try journal.record(of: id) else {
            return nil
        }
        let events = try journal.events(of: id)
        guard let terms = events.terms, events.outcome == nil else { return nil }
        if record.clock.night(at: wall) < terms.end { return record }
        Console.tell("\(id) was never brought to its end; close it with: nightshift stop \(id)")
        return nil
    }

    /// Offers without a price are told and not bought; without any, or without a fallback to on-demand, there is no night.
    private func sageMakerPrices(of record: NightRecord) throws -> [PricedOffer] {
        let prices = SageMakerPrices(
            job: record.job, book: try PriceBookStore(project).inForce(), today: LocalDate(at: SystemClock.now()))
        for problem in prices.problems { Console.tell(problem) }
        guard prices.quotes.contains(where: { $0.offer.purchase == .onDemand }) else {
            Console.tell("not started: no on-demand offer has a price, so nothing can be promised or budgeted")
            throw ExitCode.refusedBeforeStart
        }
        return prices.quotes
    }

    /// The terms that a new night would open with now.
    func terms(of record: NightRecord) async throws -> NightTerms {
        guard let dates = NightDates(schedule: record.job.schedule), let date = LocalDate(record.date) else {
            preconditionFailure("a record without a window: \(record.id)")
        }
        let window = dates.window(on: date)
        let start = max(window.start, record.clock.nightOrigin)
        do {
            if record.job.usesSageMaker {
                try await NightSession.requireSageMakersClock(record)
                return NightOpening.terms(
                    for: record.job, id: record.id, start: start, deadline: window.deadline,
                    prices: try sageMakerPrices(of: record), clock: record.clock)
            }
            let market = try NightSession.market(of: record.job, length: record.job.maxWait, seed: record.seed)
            var terms = NightOpening.terms(
                for: record.job, id: record.id, start: start, deadline: window.deadline,
                prices: record.job.offers.compactMap { market.price(of: $0, at: .zero) }, clock: record.clock)
            terms.marketModels = try MarketModelStore(project).read()?.models(of: record.job.offers)
            return terms
        } catch let problems as MarketProblems {
            Console.tell(problems.description)
            throw ExitCode.badInput
        }
    }
}
