// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Drills
import Foundation
import JobFiles
import NightRunner
import ProcessSupervision
import Reports
import SpotAdvisor
import SpotMarket
import TrainingJobs

/// Gathers what advice is made of: prices, what is believed of the pools, what drills have shown.
struct AdviseSetup {
    private let project: Project
    private let models: MarketModelFile?
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
        var models: MarketModelFile?
        try MarketCommand.telling { models = try MarketModelStore(project).read() }
        self.models = models
    }

    /// Every problem of every file is told before the command ends.
    func briefs(of files: [JobFile]) throws -> [AdviceBrief] {
        var briefs: [AdviceBrief] = []
        var isBad = false
        for file in files {
            do { briefs.append(try brief(of: file)) } catch let code as ExitCode {
                guard code == .badInput else { throw code }
                isBad = true
            }
        }
        if isBad { throw ExitCode.badInput }
        return briefs
    }

    private func brief(of file: JobFile) throws -> AdviceBrief {
        let job = file.job
        let terms = try terms(of: file)
        let now = date == nil ? SystemClock.now() : terms.start
        let memory = DrillMemory(project: project, file: file)
        let drill = memory.report()
        let (save, source) = try saveTime(of: file, drill)
        return AdviceBrief(
            terms: terms, job: job, resume: try resume(of: file, memory.standing(of: drill), at: now),
            pools: terms.offers.filter { $0.offer.purchase == .spot }.map(pool),
            otherPrices: try prices(of: file).filter { priced in !terms.offers.contains { $0.offer == priced.offer } },
            saveTime: save, saveTimeSource: source,
            lastSave: drill?.measurements.savesOnNotice == true ? drill?.measurements.lastSave?.wrappedValue : nil,
            engineeringWeek: engineeringWeek, nights: nights, seed: seed)
    }

    private func terms(of file: JobFile) throws -> NightTerms {
        let job = file.job
        guard let dates = NightDates(schedule: job.schedule) else {
            Console.tell("\(file.path): schedule.timeZone: \(job.schedule.timeZone) is not known on this machine")
            throw ExitCode.badInput
        }
        let window = dates.window(on: date ?? dates.nightDate(containingOrAfter: SystemClock.now()))
        let prices = try prices(of: file)
        var terms = NightOpening.terms(
            for: job, id: "\(job.name)-advice", start: window.start, deadline: window.deadline,
            // What has no price is left out: advice says that it was not found.
            prices: job.offers.compactMap { offer in prices.first { $0.offer == offer } },
            clock: ClockScale(wallOrigin: window.start, nightOrigin: window.start, factor: 1))
        terms.marketModels = models?.models(of: job.offers)
        return terms
    }

    /// Of all that the market file lists, in the job's region and under its backend.
    private func prices(of file: JobFile) throws -> [PricedOffer] {
        guard let path = market ?? file.job.market, let first = file.job.offers.first else { return [] }
        do {
            let market = try NightSession.marketFile(at: path)
            let offers = market.offers.map { entry in
                file.job.offers.first {
                    $0.instanceType == entry.instanceType && $0.zone == entry.zone && $0.purchase == entry.purchase
                }
                    ?? Offer(
                        backend: first.backend, instanceType: entry.instanceType, region: first.region,
                        zone: entry.zone, purchase: entry.purchase)
            }
            let listed = try market.market(for: offers, length: .zero, seed: nil)
            return offers.compactMap { listed.price(of: $0, at: .zero) }
        } catch {
            for problem in error.problems { Console.tell(TerminalText.sanitized("\(path): \(problem)")) }
            throw ExitCode.badInput
        }
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
        case .changed, .partial: return ResumeEvidence(.partly, words)
        case .never: break
        }
        if file.job.checkpoint.interval >= file.job.expectedRuntime {
            return ResumeEvidence(.noCheckpoint, "the first save comes when the work is done (checkpointInterval)")
        }
        let findings = JobCheck.findings(file, in: Surroundings.here)
        if findings.contains(where: { if case .neverReadsCheckpoints = $0.concern { true } else { false } }) {
            return ResumeEvidence(
                .noCheckpoint, "the script mentions no checkpoint directory, and no drill has shown more")
        }
        return ResumeEvidence(.never, words)
    }

    /// As typed, as measured, or assumed.
    private func saveTime(of file: JobFile, _ drill: DrillReport?) throws -> (Duration, String) {
        let interval = file.job.checkpoint.interval
        if let saveTime {
            guard saveTime < interval else {
                Console.tell(
                    "--save-time: \(saveTime.text) is not less than the \(interval.text) between two saves "
                        + "(\(file.path): checkpointInterval), so training would stand still")
                throw ExitCode.badInput
            }
            return (saveTime, "as typed")
        }
        if let measured = drill?.measurements.save?.wrappedValue, measured < interval {
            return (max(.milliseconds(1), measured), "as the last drill measured it")
        }
        return (min(.seconds(10), interval / 20), "assumed")
    }
}
