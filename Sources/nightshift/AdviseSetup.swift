// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Drills
import Foundation
import JobFiles
import NightRunner
import NightSimulator
import ProcessSupervision
import Reports
import SpotAdvisor
import SpotMarket
import TrainingJobs

/// Gathers what advice is made of: prices, what is believed of the pools, what drills have shown.
struct AdviseSetup {
    private let project: Project
    private let models: MarketModelFile?
    private let book: PriceBook
    private let date: LocalDate?
    private let market: String?
    private let engineeringWeek: Money
    private let saveTime: Duration?
    private let nights: Int
    private let seed: UInt64

    init(_ options: AdviseOptions, in project: Project) throws {
        var reader = OptionReader()
        self.project = project
        date = options.date.flatMap { reader.date("--date", $0) }
        market = options.market
        engineeringWeek =
            options.engineeringWeek.flatMap { reader.money("--engineering-week", $0) }
            ?? Money(
                microdollars: 5_000_000_000)
        saveTime = options.saveTime.flatMap { reader.duration("--save-time", $0, least: .milliseconds(1)) }
        nights = reader.wholeNumber("--nights", options.nights, 20...100_000) ?? 20
        seed = reader.seed("--seed", options.seed) ?? 1
        try reader.finish()
        (models, book) = try MarketCommand.telling {
            (try MarketModelStore(project).read(), try PriceBookStore(project).inForce())
        }
    }

    /// Ends the command with the file's own problems.
    func brief(of file: JobFile) throws -> AdviceBrief {
        let job = file.job
        guard let dates = NightDates(schedule: job.schedule) else {
            Console.tell("\(file.path): schedule.timeZone: \(job.schedule.timeZone) is not known on this machine")
            throw ExitCode.badInput
        }
        let window = dates.window(on: date ?? dates.nightDate(containingOrAfter: SystemClock.now()))
        // A price of the night's own day is none of a day to come.
        let today = LocalDate(at: date == nil ? SystemClock.now() : window.deadline)
        let prices = try AdvisePrices(file, market: market, book, on: today)
        var terms = NightOpening.terms(
            for: job, id: "\(job.name)-advice", start: window.start, deadline: window.deadline, prices: prices.own,
            clock: ClockScale(wallOrigin: window.start, nightOrigin: window.start, factor: 1))
        terms.marketModels = models?.models(of: job.offers)
        let memory = DrillMemory(project: project, file: file)
        let drill = memory.report()
        return AdviceBrief(
            terms: terms, job: job, file: file.path,
            resume: try resume(
                of: file, memory.standing(of: drill), at: date == nil ? SystemClock.now() : terms.start),
            pools: terms.offers.filter { $0.offer.purchase == .spot }.map(pool), otherPrices: prices.others,
            missing: prices.missing, today: today, save: try save(of: file, drill),
            lastSave: lastSave(of: job, drill),
            storage: prices.storage, engineeringWeek: engineeringWeek, nights: nights, seed: seed)
    }

    private func pool(_ priced: PricedOffer) -> PoolDepth {
        let exact = MarketPool(priced.offer)
        var anywhere = exact
        anywhere.backend = nil
        let fit =
            models?.pools.first { $0.pool == exact } ?? models?.pools.first { $0.pool == anywhere }
        guard let fit else {
            return PoolDepth(priced, believing: .shipped, evidence: .shippedLaw, ownShare: 0)
        }
        return PoolDepth(
            priced, believing: fit.model, evidence: fit.nights > 0 ? .ownNights(fit.nights) : .traces(fit.traces),
            ownShare: min(fit.loss.ownShare, fit.recovery.ownShare))
    }

    private func resume(of file: JobFile, _ standing: DrillStanding, at now: Instant) throws -> ResumeEvidence {
        let words = DrillWords.standing(standing, at: now)
        switch standing {
        case .proven(let at, _):
            let limit = file.job.requireDrill?.wrappedValue ?? ResumeEvidence.oldAfter
            return ResumeEvidence(now - at <= limit ? .proven : .old, words)
        case .failed: return ResumeEvidence(.failed, words)
        // What was drilled was other code, or less: the code as it is must still save.
        case .changed, .partial, .never: break
        }
        if file.job.checkpoint.interval >= file.job.expectedRuntime {
            return ResumeEvidence(.noCheckpoint, "the first save comes when the work is done (checkpointInterval)")
        }
        let findings = JobCheck.findings(file, in: Surroundings.here)
        if findings.contains(where: { if case .neverReadsCheckpoints = $0.concern { true } else { false } }) {
            return ResumeEvidence(
                .noCheckpoint, "the script mentions no checkpoint directory, and no drill has shown more")
        }
        if case .never = standing { return ResumeEvidence(.never, words) }
        return ResumeEvidence(.partly, words)
    }

    /// What a drill's last save took, if it was of the job's own size.
    private func lastSave(of job: TrainingJob, _ drill: DrillReport?) -> Duration? {
        guard let measured = drill?.measurements, measured.savesOnNotice == true, let time = measured.lastSave else {
            return nil
        }
        return SaveEstimate.scaled(
            time.wrappedValue, from: measured.checkpointBytes, to: job.checkpoint.expectedBytes)
    }

    /// As typed, by the job's own write speed, as the last drill or night measured it, or assumed.
    private func save(of file: JobFile, _ drill: DrillReport?) throws -> SaveEstimate {
        let settings = file.job.checkpoint
        func checked(_ save: SaveEstimate, _ what: String) throws -> SaveEstimate {
            guard save.time < settings.interval else {
                Console.tell(
                    "\(what) \(save.time.text) is not less than the \(settings.interval.text) between two saves "
                        + "(\(file.path): checkpointInterval), so training would stand still")
                throw ExitCode.badInput
            }
            return save
        }
        if let saveTime { return try checked(SaveEstimate(saveTime, .typed), "--save-time:") }
        if let own = SaveEstimate(settings, measuredBytes: drill?.measurements.checkpointBytes) {
            return try checked(own, "\(file.path): checkpointWriteSpeed: a save of")
        }
        let drilled = drill?.measurements.checkpointBytes
        if let measured = drill?.measurements.save?.wrappedValue,
            let time = SaveEstimate.scaled(measured, from: drilled, to: settings.expectedBytes),
            time < settings.interval
        {
            return SaveEstimate(time, .drill(bytes: drilled))
        }
        if let night = try lastNight(of: file), night.time < settings.interval { return night }
        return .assumed(every: settings.interval, drilled: drill?.measurements.save == nil ? nil : drilled)
    }

    /// The newest of the last ten nights whose training told what a save costs it.
    private func lastNight(of file: JobFile) throws -> SaveEstimate? {
        guard FileManager.default.fileExists(atPath: project.journalPath) else { return nil }
        let journal = try project.journal()
        for id in try journal.nights(job: file.job.name).suffix(10).reversed() {
            let events = try journal.events(of: id)
            guard let terms = events.terms else { continue }
            let time = TrainingConditions(observedIn: events, of: terms).saveTime
            if time > .zero { return SaveEstimate(time, .night(id)) }
        }
        return nil
    }
}

extension LocalDate {
    /// The day of an instant, UTC.
    init(at instant: Instant) { self.init(dayNumber: Int(instant.milliseconds / 86_400_000)) }
}
