// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightRunner
import NightSimulator
import ProcessSupervision
import Reports
import SpotMarket
import TrainingJobs

/// A job's simulated nights, put together from its file, a market and what was typed. Making one ends the command with
/// every problem that can be told at once.
struct SimulationSetup {
    let terms: NightTerms
    let conditions: TrainingConditions
    let nights: Int
    let nodes: Int
    let source: MarketSource
    /// What a reader must know beside the figures.
    let warnings: [String]

    /// Policies believe what the project has learned of its Spot offers, as in a real night.
    init(
        _ file: JobFile, _ options: SimulationOptions, in project: Project, prices: StudyOptions,
        nights typedNights: String
    ) throws {
        let job = file.job
        var reader = OptionReader()
        let nights = reader.wholeNumber("--nights", typedNights, 1...1_000_000) ?? 1
        nodes = options.nodes.flatMap { reader.wholeNumber("--nodes", $0, 1...1000) } ?? 1
        let saveTime =
            options.saveTime.flatMap { reader.duration("--save-time", $0) }
            ?? min(.seconds(10), job.checkpoint.interval / 20)
        if saveTime >= job.checkpoint.interval {
            reader.complain(
                "--save-time: \(saveTime.text) is not less than the \(job.checkpoint.interval.text) between two saves "
                    + "(\(file.path): checkpointInterval), so training would stand still")
        }
        let restarts = Self.restarts(options.restart, job, &reader)
        let date = options.date.flatMap { reader.date("--date", $0) }
        source = MarketSource(file, options, prices, nodes: nodes, &reader)
        try reader.finish()
        self.nights = source.isAlwaysTheSame ? 1 : nights
        let base = source.base
        let offers = job.offers.compactMap { base.price(of: $0, at: .zero) }
        var terms = try Self.terms(file, date, offers)
        do {
            terms.marketModels = try MarketModelStore(project).read()?.models(of: job.offers)
        } catch let problems as MarketProblems {
            Console.tell(problems.description)
            throw ExitCode.badInput
        }
        self.terms = terms
        var conditions = TrainingConditions(asPromised: terms, saveTime: saveTime)
        conditions.restarts = restarts
        self.conditions = conditions
        warnings = Self.warnings(file, terms, restarts, nodes: nodes, longestWait: source.longestWait)
        if nights > 1, source.isAlwaysTheSame {
            Console.tell("the market leaves nothing to chance, so all nights are alike: one is played")
        }
    }

    /// The study with markets that are long enough for nights of `window`.
    func study(of window: Duration, _ progress: StudyProgress) throws -> NightStudy {
        let market = try source.markets(for: terms.withWindow(window), among: nights)
        let width = ProcessInfo.processInfo.activeProcessorCount
        return NightStudy(terms, under: conditions, width: width) { number in
            progress.step()
            return try market(number)
        }
    }

    var window: Duration { terms.deadline - terms.start }

    /// Deadlines for a picture; none that the traces do not reach.
    func sweptWindows(_ count: Int) -> [Duration] {
        terms.sweptWindows(count).filter { window in source.longestWindow.map { window <= $0 } ?? true }
    }

    static func terms(_ file: JobFile, _ date: LocalDate?, _ prices: [PricedOffer]) throws -> NightTerms {
        let job = file.job
        guard let dates = NightDates(schedule: job.schedule) else {
            Console.tell("\(file.path): schedule.timeZone: \(job.schedule.timeZone) is not known on this machine")
            throw ExitCode.badInput
        }
        let date = date ?? dates.nightDate(containingOrAfter: SystemClock.now())
        let window = dates.window(on: date)
        let terms = NightOpening.terms(
            for: job, id: "\(job.name)-\(date)", start: window.start, deadline: window.deadline, prices: prices,
            clock: ClockScale(wallOrigin: window.start, nightOrigin: window.start, factor: 1))
        if let refusal = NightOpening.refusal(of: terms, at: terms.start) {
            Console.tell("\(file.path): schedule.deadline: \(RefusalWords.text(refusal, job: job))")
            throw ExitCode.badInput
        }
        return terms
    }

    private static func warnings(
        _ file: JobFile, _ terms: NightTerms, _ restarts: [Offer: Duration], nodes: Int, longestWait: Duration?
    ) -> [String] {
        let job = file.job
        var warnings = PlanView(terms).warnings
        if nodes > 1, let budget = job.budgetPerNight {
            warnings.append(
                "warning: the job's budget of \(budget.text) a night is for all \(nodes) machines of the gang together; "
                    + "a job file that is meant for a gang has a budget for one")
        }
        if let longestWait, longestWait > job.onDemandWait {
            warnings.append(
                "warning: --on-demand-waits: on-demand waits up to \(longestWait.text), but the job counts with "
                    + "\(job.onDemandWait.text) (onDemandWait): the promise does not cover such a night")
        }
        for (zone, restart) in Dictionary(restarts.map { ($0.key.zone, $0.value) }, uniquingKeysWith: max)
            .sorted(by: { $0.key < $1.key }) where restart > job.restartOverhead
        {
            warnings.append(
                "warning: --restart: a restart in \(zone) takes \(restart.text), but the job counts with "
                    + "\(job.restartOverhead.text) (restartOverhead): the promise does not cover it")
        }
        if let tight = JobCheck.spotRoom(file) { warnings.append(tight.description) }
        return warnings
    }

    private static func restarts(
        _ typed: [String], _ job: TrainingJob, _ reader: inout OptionReader
    ) -> [Offer: Duration] {
        var restarts: [Offer: Duration] = [:]
        for word in typed {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let zones = job.offers.map(\.zone)
            guard parts.count == 2, zones.contains(parts[0]) else {
                let near = NearestName.of(parts.first ?? "", in: zones).map { "; did you mean \($0)?" } ?? ""
                reader.complain("--restart: must be zone=time with a zone of the job, not \"\(word)\"\(near)")
                continue
            }
            guard let time = reader.duration("--restart", parts[1]) else { continue }
            for offer in job.offers where offer.zone == parts[0] { restarts[offer] = time }
        }
        return restarts
    }
}
