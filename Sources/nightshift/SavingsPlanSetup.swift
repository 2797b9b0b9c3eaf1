// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import Reports
import SpotAdvisor
import SpotMarket
import TrainingJobs

/// Advice on a commitment, put together from a job file, prices, a forecast and a usage file. Making one ends the
/// command with every problem that can be told at once.
struct SavingsPlanSetup {
    /// Enough for a mean within two per cent or so.
    private static let drawnNights = 2000

    let words: SavingsPlanWords

    init(_ file: JobFile, usage path: String?, discounts typed: String?, plan: String?, in project: Project) throws {
        var reader = OptionReader()
        let (terms, missing) = try Self.terms(file, project)
        let today = PricesCommand.today
        for price in missing {
            Console.tell(TerminalText.sanitized("\(file.path): offers: \(PricesWords.sentence(price))"))
        }
        guard let onDemand = terms.onDemand else {
            Console.tell("\(file.path): offers: no on-demand offer has a price, and a plan covers nothing else")
            throw ExitCode.badInput
        }
        let type = onDemand.offer.instanceType
        let kind = Self.kind(plan, for: type, &reader)
        let discounts =
            typed.map { Self.discounts($0, &reader) }
            ?? [300_000, 500_000].map { SavingsPlanDiscount(partsPerMillion: $0) } + [kind.mostPublished]
        let (usage, usageWords) = try Self.usage(
            path ?? file.job.otherUsage,
            for: UsageScope(kind, instanceType: type, region: onDemand.offer.region), &reader)
        try reader.finish()
        let day: Int64 = 86_400_000
        let isLocal = usage.clock == .local
        let forecast = NightForecast(of: terms, nights: Self.drawnNights, seed: 1)
        let job = SavingsPlanJob(
            instanceType: type, onDemandRate: onDemand.rate,
            start: isLocal ? .minutes(file.job.schedule.startMinutes) : .milliseconds(terms.start.milliseconds % day),
            deadline: isLocal
                ? .minutes(file.job.schedule.deadlineMinutes) : .milliseconds(terms.deadline.milliseconds % day),
            runtime: terms.restartOverhead + terms.expectedRuntime + terms.uploadTime,
            nightsPerMonth: file.job.nightsPerMonth ?? SavingsPlanJob.daysPerMonth,
            spot: forecast.map { SavingsPlanJob.Spot($0, onDemandRate: onDemand.rate) })
        words = SavingsPlanWords(
            SavingsPlanAdvice(job, under: kind, beside: usage, at: discounts), job: file.job.name,
            prices: Self.words(terms.offers, today), usage: usageWords, discountsAreGiven: typed != nil)
    }

    /// Where each of the prices is from, and how old it is.
    private static func words(_ offers: [PricedOffer], _ today: LocalDate) -> String {
        var words: [String] = []
        for offer in offers.map({ PricesWords.provenance($0, on: today) }) where !words.contains(offer) {
            words.append(offer)
        }
        return words.joined(separator: "; ")
    }

    private static func terms(_ file: JobFile, _ project: Project) throws -> (NightTerms, [MissingPrice]) {
        do {
            let prices = try OfferPrices(
                of: file.job, book: try PriceBookStore(project).inForce(), for: .plan, on: PricesCommand.today)
            var terms = try SimulationSetup.terms(file, nil, prices.found)
            terms.marketModels = try MarketModelStore(project).read()?.models(of: file.job.offers)
            return (terms, prices.missing)
        } catch let problems as MarketProblems {
            Console.tell(TerminalText.sanitized(problems.description))
            throw ExitCode.badInput
        }
    }

    private static func kind(_ typed: String?, for type: String, _ reader: inout OptionReader) -> SavingsPlanKind {
        let kinds = SavingsPlanKind.covering(instanceType: type)
        guard let typed else { return kinds[0] }
        if let kind = kinds.first(where: { $0.rawValue.lowercased() == typed.lowercased() }) { return kind }
        let names = kinds.map(\.rawValue).joined(separator: " or ")
        let known = SavingsPlanKind.allCases.contains { $0.rawValue.lowercased() == typed.lowercased() }
        reader.complain(
            known
                ? "--plan: that plan (\(typed)) does not cover \(type); \(names) does"
                : "--plan: \"\(typed)\" is no plan; for \(type) write \(names)")
        return kinds[0]
    }

    private static func discounts(_ typed: String, _ reader: inout OptionReader) -> [SavingsPlanDiscount] {
        var discounts: [SavingsPlanDiscount] = []
        for word in typed.split(separator: ",", omittingEmptySubsequences: false) {
            guard let share = Double(word), share >= 1e-6, share <= 0.999_999 else {
                reader.complain("--discount: must be above 0 and below 1, as 0.4, not \"\(word)\"")
                continue
            }
            discounts.append(SavingsPlanDiscount(partsPerMillion: Int64((share * 1e6).rounded())))
        }
        return discounts
    }

    private static func usage(
        _ path: String?, for scope: UsageScope, _ reader: inout OptionReader
    ) throws -> (UsageHours, String) {
        guard let path else { return (.none, "none was given: --usage FILE, or otherUsage in the job file") }
        var usage = UsageReader(file: path, for: scope)
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            while let bytes = try handle.read(upToCount: 1 << 20), !bytes.isEmpty { usage.read(bytes) }
            let hours = try usage.finish()
            return (hours, "\(path): \(Self.words(hours, usage.rows))")
        } catch let problems as UsageProblems {
            for problem in problems.problems { reader.complain(TerminalText.sanitized(problem)) }
        } catch {
            reader.complain("\(path): \(error.localizedDescription)")
        }
        return (.none, "")
    }

    private static func words(_ hours: UsageHours, _ rows: UsageReader.Rows) -> String {
        guard hours.clock == .utc else { return "a profile of \(hours.hours.count) hours" }
        let left = [
            ("of Spot", rows.spot), ("that a plan or reservation covers already", rows.covered),
            ("of Nightshift's own nights", rows.ownNights), ("of what the plan does not cover", rows.other),
            ("of credits for more than an hour", rows.corrections),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        return "\(hours.hours.count) hours, \(rows.counted) rows count"
            + (left.isEmpty ? "" : "; left out: \(left.joined(separator: ", "))")
    }
}
