// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JobFiles
import NightSimulator
import Reports
import TrainingJobs

/// A month's parameters: what was typed, else what the job, its market and simulated nights say.
struct MonthParameters {
    let terms: NightTerms
    let result: PolicyResult
    let typedNights: String
    let typedHours: String?
    let typedOnDemand: String?
    let typedSpot: String?
    let typedInterrupted: String?
    let typedRedone: String?
    let typedFallback: String?
    /// Of what was not typed.
    private(set) var sources: [String] = []

    init(
        terms: NightTerms, result: PolicyResult, typedNights: String, typedHours: String?, typedOnDemand: String?,
        typedSpot: String?, typedInterrupted: String?, typedRedone: String?, typedFallback: String?
    ) {
        self.terms = terms
        self.result = result
        self.typedNights = typedNights
        self.typedHours = typedHours
        self.typedOnDemand = typedOnDemand
        self.typedSpot = typedSpot
        self.typedInterrupted = typedInterrupted
        self.typedRedone = typedRedone
        self.typedFallback = typedFallback
    }

    /// Ends the command with every problem that can be told at once.
    mutating func read() throws -> MonthArithmetic {
        var reader = OptionReader()
        let nights = reader.wholeNumber("--nights", typedNights, 1...366) ?? 1
        let hours = hours(&reader)
        let onDemand = rate("--on-demand", typedOnDemand, .onDemand, &reader)
        let spot = rate("--spot", typedSpot, .spot, &reader)
        let interrupted = count(
            "--interrupted", typedInterrupted, of: nights, &reader, "interrupted, and on Spot all the same"
        ) {
            $0.interruptions > 0 && $0.onDemand == .zero
        }
        let fallback = count("--fallback", typedFallback, of: nights, &reader, "with on-demand") { $0.onDemand > .zero }
        let redone = redone(&reader)
        var kept = (interrupted: interrupted, fallback: fallback)
        if interrupted + fallback > nights {
            if typedInterrupted != nil, typedFallback != nil {
                reader.complain(
                    "--interrupted, --fallback: \(interrupted) and \(fallback) nights are more than the \(nights) of the "
                        + "month; a night is counted once")
            } else if typedInterrupted == nil {
                // Each was rounded by itself, or the other was typed.
                kept.interrupted = nights - fallback
            } else {
                kept.fallback = nights - interrupted
            }
        }
        try reader.finish()
        return MonthArithmetic(
            nights: nights, hours: hours, onDemand: onDemand, spot: spot, interrupted: kept.interrupted, redone: redone,
            fallback: kept.fallback)
    }

    private mutating func hours(_ reader: inout OptionReader) -> Duration {
        guard let typedHours else {
            sources.append("\(terms.expectedRuntime.text) of training a night: the job file's expectedRuntime")
            return terms.expectedRuntime
        }
        if let hours = Self.hours(typedHours) { return hours }
        reader.complain(
            "--hours: must be hours above 0 and no more than 168, as 4, 4.5 or 4h30min, not \"\(typedHours)\"")
        return .hours(1)
    }

    /// `4`, `4.5`, `4h30min`; `nil` for what is no length of training within a week.
    static func hours(_ text: String) -> Duration? {
        var hours = Duration(text: text)
        if let number = Money(dollars: text), number <= Money(microdollars: 168_000_000) {
            hours = .milliseconds((number.roundedMicrodollars * 3600 + 500) / 1000)
        }
        return hours.flatMap { $0 > .zero && $0 <= .hours(168) ? $0 : nil }
    }

    private mutating func rate(
        _ option: String, _ typed: String?, _ purchase: PurchaseOption, _ reader: inout OptionReader
    ) -> HourlyRate {
        if let typed { return reader.price(option, typed) ?? HourlyRate(microdollars: 1) }
        let offers = terms.offers.filter { $0.offer.purchase == purchase }
        guard let best = offers.min(by: { $0.rate < $1.rate }) else {
            reader.complain("\(option): the job has no such offer with a price; give it in dollars an hour")
            return HourlyRate(microdollars: 1)
        }
        sources.append(
            "\(MoneyText.rate(best.rate)) for \(best.offer.name), as of \(best.priceAsOf): \(best.priceSource)")
        return best.rate
    }

    private mutating func count(
        _ option: String, _ typed: String?, of nights: Int, _ reader: inout OptionReader, _ words: String,
        where counts: (NightFacts) -> Bool
    ) -> Int {
        if let typed { return reader.wholeNumber(option, typed, 0...nights) ?? 0 }
        let all = result.nights.count
        let found = result.nights.count(where: counts)
        sources.append("\(option): \(found) of \(all) simulated nights are \(words)")
        return (found * nights * 2 + all) / (all * 2)
    }

    private mutating func redone(_ reader: inout OptionReader) -> Duration {
        if let typedRedone { return reader.duration("--redone", typedRedone) ?? .zero }
        let interrupted = result.nights.filter { $0.interruptions > 0 && $0.onDemand == .zero }
        let sum = interrupted.reduce(Duration.zero) { $0 + $1.redone }
        // To the second: a mean to the millisecond would look like a measurement.
        let mean = Duration.seconds(sum.milliseconds / 1000 / Int64(max(1, interrupted.count)))
        sources.append(
            "\(mean.text) of work done again: the mean of \(interrupted.count) simulated nights that were "
                + "interrupted, and on Spot all the same")
        return mean
    }
}
