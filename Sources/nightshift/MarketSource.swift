// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JobFiles
import NightSimulator
import Reports
import SpotMarket
import TrainingJobs

/// Where the markets of simulated nights come from: a market file with its seeds, or traces with prices.
struct MarketSource {
    /// The first night's market: its prices are those of the terms.
    let base: Market
    /// In sentences, for whoever judges the result.
    let words: [String]
    /// No seed and no start changes anything.
    let isAlwaysTheSame: Bool

    private let offers: [Offer]
    private let file: MarketFile?
    private let traces: ZoneTraces?
    private let zones: [Offer: Int]
    private let notices: TraceNights.Notices
    /// The longest of the waits that were typed.
    let longestWait: Duration?
    private let waits: LaunchWaits?
    private let seed: UInt64
    private let adjust: @Sendable (Market) -> Market

    init(
        _ job: JobFile, _ options: SimulationOptions, _ typedPrices: StudyOptions, nodes: Int,
        _ reader: inout OptionReader
    ) {
        offers = job.job.offers
        seed = options.seed.flatMap { reader.seed("--seed", $0) } ?? 1
        let share = options.noticeShare.flatMap { reader.share("--notice-share", $0) } ?? 0.5
        notices = TraceNights.Notices(share: share, seed: seed)
        let typedWaits = Self.waits(options.onDemandWaits, &reader)
        longestWait = typedWaits.max()
        waits = typedWaits.isEmpty ? nil : LaunchWaits(typedWaits)
        let spotPrice = typedPrices.spotPrice.flatMap { reader.price("--spot-price", $0) }
        let onDemandPrice = typedPrices.onDemandPrice.flatMap { reader.price("--on-demand-price", $0) }
        adjust = { Self.adjusted($0, spotPrice, onDemandPrice, nodes) }

        let spot = offers.filter { $0.purchase == .spot }
        let assignment = options.trace.isEmpty ? nil : TraceAssignment(options.trace, for: spot, &reader)
        traces = Self.traces(assignment?.places ?? [], nodes, &reader)
        zones = assignment?.zones ?? [:]

        var words: [String] = []
        let path = options.market ?? job.job.market
        if path == nil {
            reader.complain("\(job.path): market: the job names no market file; give --market FILE with its prices")
        }
        file = path.flatMap { Self.read($0, &reader) }
        if let path, let file {
            base = adjust(Self.market(file, offers, job.job.maxWait, seed, path, &reader))
            let name = options.market ?? path.split(separator: "/").last.map(String.init) ?? path
            words.append(
                "prices from \(name): "
                    + PricesWords.provenance(base.priceSource, asOf: base.priceAsOf, on: PricesCommand.today))
        } else {
            base = Market(priceAsOf: "", priceSource: "", listings: [])
        }
        let models = file?.offers.contains { $0.model != nil } ?? false
        if let traces {
            words += traces.zones.map(Self.words)
            words.append(
                "starts spread evenly over what the traces share; a share of \(share) of interruptions has "
                    + "a notice")
        } else if file != nil {
            words.append(
                models
                    ? "capacity by the market file, its models drawn from the seeds \(seed), \(seed &+ 1) …"
                    : "capacity by the market file's windows, the same every night")
        }
        if let spotPrice = typedPrices.spotPrice { words.append("a Spot machine costs $\(spotPrice)/h, as typed") }
        if let price = typedPrices.onDemandPrice { words.append("an on-demand machine costs $\(price)/h, as typed") }
        if let waits = options.onDemandWaits { words.append("on-demand's waits are drawn from \(waits)") }
        self.words = words
        isAlwaysTheSame = traces == nil && waits == nil && !models
    }

    /// Markets of nights with these terms, by number.
    func markets(for terms: NightTerms, among count: Int) throws -> @Sendable (Int) throws -> Market {
        let (waits, seed, offers, file, base, adjust) = (waits, seed, offers, file, base, adjust)
        let length = terms.end - terms.start
        let night: @Sendable (Int) throws -> Market
        if let traces {
            let nights = try TraceNights(traces, for: zones, base: base, terms: terms, notices: notices)
            night = { nights.market(of: $0, among: count) }
        } else {
            night = { number in
                guard let file else { return base }
                return adjust(try file.market(for: offers, length: length, seed: seed &+ UInt64(number)))
            }
        }
        return { number in
            let market = try night(number)
            return waits?.draw(for: market, seed: seed &+ UInt64(number)) ?? market
        }
    }

    /// How long the traces are; `nil` where nothing limits a night.
    var longestWindow: Duration? {
        traces.map { .milliseconds($0.gapMilliseconds * Int64($0.count)) }
    }

    private static func words(_ trace: AvailabilityTrace) -> String {
        let share = trace.availability.map { "\(Int(($0 * 100).rounded())) %" } ?? "unknown"
        return "\(trace.provenance.source): \(trace.length.text) in ticks of "
            + "\(Duration.milliseconds(trace.gapMilliseconds).text), with capacity in \(share) of them; "
            + trace.provenance.polarity
    }

    private static func adjusted(
        _ market: Market, _ spot: HourlyRate?, _ onDemand: HourlyRate?, _ nodes: Int
    ) -> Market {
        var market = market
        for index in market.listings.indices {
            let own = market.listings[index].offer.purchase == .spot ? spot : onDemand
            if let own { market.listings[index].prices = [Market.PriceStep(from: .zero, rate: own)] }
            for step in market.listings[index].prices.indices {
                market.listings[index].prices[step].rate.microdollars *= Int64(nodes)
            }
        }
        return market
    }

    private static func read(_ path: String, _ reader: inout OptionReader) -> MarketFile? {
        do {
            return try NightSession.marketFile(at: path)
        } catch {
            for problem in error.problems { reader.complain("\(path): \(problem)") }
            return nil
        }
    }

    private static func market(
        _ file: MarketFile, _ offers: [Offer], _ length: Duration, _ seed: UInt64, _ path: String,
        _ reader: inout OptionReader
    ) -> Market {
        do {
            return try file.market(for: offers, length: length, seed: seed)
        } catch {
            for problem in error.problems { reader.complain("\(path): \(problem)") }
            return Market(priceAsOf: "", priceSource: "", listings: [])
        }
    }

    private static func traces(_ places: [TracePlace], _ nodes: Int, _ reader: inout OptionReader)
        -> ZoneTraces?
    {
        var traces: [AvailabilityTrace] = []
        var loader = TraceLoader()
        for place in places {
            do {
                traces.append(try loader.trace(place.path, window: place.window, nodes: nodes))
            } catch {
                for problem in error.problems { reader.complain(problem) }
            }
        }
        if let warning = loader.warning { Console.tell("warning: \(TerminalText.sanitized(warning))") }
        guard traces.count == places.count, !traces.isEmpty else { return nil }
        do {
            return try ZoneTraces(traces)
        } catch {
            for problem in error.problems { reader.complain(problem) }
            return nil
        }
    }

    private static func waits(_ typed: String?, _ reader: inout OptionReader) -> [Duration] {
        (typed?.split(separator: ",", omittingEmptySubsequences: false) ?? [])
            .compactMap { reader.duration("--on-demand-waits", String($0)) }
    }
}
