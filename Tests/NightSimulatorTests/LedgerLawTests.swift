// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightSimulator
import NightshiftTesting
import Reports
import SpotMarket
import Testing
import TrainingJobs

/// Laws of the ledger over nights that chance has made: hostile markets, odd prices, every way to end, every rule by
/// which a platform charges.
@Suite struct LedgerLawTests {
    private static let rates: [Int64] = [1, 7, 999_999, 1_000_001, 7_575_386, 25_251_286, 3_333_333]

    private static let backends = ["slurm", "ec2", "batch", "sagemaker"]

    private static func events(_ seed: UInt64, night: String = "recommender-2026-11-24") throws -> [NightEvent] {
        var random = SplitMix64(seed: seed)
        let spot = rates[random.below(rates.count)]
        let onDemand = rates[random.below(rates.count)]
        var offers = [
            Fixtures.priced(Fixtures.spot, microdollars: spot),
            Fixtures.priced(Fixtures.onDemand, microdollars: onDemand),
        ]
        for index in offers.indices { offers[index].offer.backend = backends[Int(seed % 4)] }
        let budget = random.below(4) == 0 ? Money(microdollars: spot * 2) : nil
        let policies: [PolicyName] = [.greedy, .uniformProgress, .onDemandOnly, .switchPoint]
        var terms = Fixtures.terms(
            policy: policies[random.below(policies.count)], window: .minutes(330 + random.below(300)), budget: budget,
            offers: offers)
        terms.night = night
        var spells: [(from: Int, until: Int, notice: Bool)] = []
        var minute = random.below(60)
        while minute < 700 {
            let until = minute + 1 + random.below(180)
            spells.append((minute, until, random.below(2) == 0))
            minute = until + 1 + random.below(90)
        }
        let market = Fixtures.market(spells: spells, onDemandWait: .minutes(random.below(20)), terms: terms)
        let events = try SimulatedNight(terms: terms, market: market, conditions: Fixtures.conditions).events
        // Some nights are looked at while they run.
        return random.below(4) == 0 ? Array(events.prefix(1 + random.below(events.count))) : events
    }

    private static func night(_ seed: UInt64, date: String) throws -> LedgerNight {
        let events = try events(seed, night: "recommender-\(date)")
        let day = try #require(LocalDate(date))
        return try #require(
            LedgerNight(
                id: "recommender-\(date)", date: day, isRehearsal: false, events: events,
                at: events[events.count - 1].at))
    }

    private static func ledger(_ seed: UInt64) throws -> Ledger {
        let nights = try (1...28).map {
            try night(seed &* 1000 &+ UInt64($0), date: "2026-02-\($0 < 10 ? "0" : "")\($0)")
        }
        return Ledger(
            try #require(CalendarMonth("2026-02")), nights, at: Fixtures.start, timeZone: "Europe/Dublin")
    }

    @Test("a night's pieces tile its billed time and sum to its bill, to the micro-dollar", arguments: 1...60)
    func night(seed: Int) throws {
        let events = try Self.events(UInt64(seed))
        let (timeline, bill, now) = (Timeline(events), Bill(events), events[events.count - 1].at)
        let account = NightAccount(timeline, bill, at: now)
        #expect(account.total == bill.total(at: now).settled, "seed \(seed)")
        #expect(NightAccount.Kind.allCases.reduce(.zero) { $0 + account.cost($1) } == account.total)
        #expect(PurchaseOption.allCases.reduce(.zero) { $0 + account.cost($1) } == account.total)
        #expect(account.fallback <= account.cost(.onDemand))
        for line in bill.lines {
            let pieces = account.pieces.filter { $0.key == line.key && !$0.isFree }
            let billed = line.billed(at: now).filter { $0.from < $0.until }
            #expect(pieces.first?.from == billed.first?.from && pieces.last?.until == billed.last?.until)
            #expect(
                pieces.reduce(Duration.zero) { $0 + $1.duration } == line.duration(at: now), "seed \(seed) \(line.key)")
            for (piece, next) in zip(pieces, pieces.dropFirst()) { #expect(piece.until <= next.from) }
            for piece in pieces {
                let exact = piece.rate.cost(of: piece.duration)
                #expect(abs(piece.cost.units - exact.units) <= Money.unitsPerMicrodollar, "seed \(seed)")
            }
        }
        // Whatever is charged, free stays and fewer billable seconds, the pieces stand for the whole stay.
        for (launch, from, until) in timeline.runningStretches(at: now) {
            let pieces = account.pieces.filter { $0.key == launch.key }
            #expect(pieces.reduce(Duration.zero) { $0 + $1.stay } == until - from, "seed \(seed) \(launch.key)")
        }
        let totals = timeline.totals(at: now)
        #expect(account.duration(.redone) <= totals.redone && account.duration(.restart) <= totals.restart)
    }

    @Test("nights sum to the month, and so do the document, the waterfall and the FOCUS rows", arguments: 1...4)
    func month(seed: Int) throws {
        let ledger = try Self.ledger(UInt64(seed))
        let document = LedgerDocument(ledger)
        let read = try NightJSON.document(LedgerDocument.self, from: try NightJSON.text(document))
        #expect(read == document)
        let spent = try #require(read.spent)
        #expect(read.nights.reduce(Money.zero) { $0 + ($1.spent ?? .zero) } == spent)
        for (part, whole) in read.nights.map({ ($0.split, $0.spent) }) + [(read.split, read.spent)] {
            let split = try #require(part)
            #expect(split.useful + split.redone + split.restart + split.idle == whole)
            #expect(split.onSpot + split.onDemand == whole)
        }
        let steps = try #require(read.waterfall)
        #expect(steps.dropLast().reduce(Money.zero) { $0 + $1.amount } == steps.last?.amount)
        #expect(steps.last?.amount == read.spent && steps.first?.amount == read.baseline)
        let file = try ReconcileFile(FocusExport(ledger).csv, name: "own.csv")
        #expect(file.lines.reduce(FocusDecimal.zero) { $0 + $1.cost } == FocusDecimal(ledger.cost))
    }

    @Test("a ledger agrees with its own export", arguments: 1...4)
    func own(seed: Int) throws {
        let ledger = try Self.ledger(UInt64(seed))
        let file = try ReconcileFile(FocusExport(ledger).csv, name: "own.csv")
        let result = Reconciliation(ledger, among: ledger.nights, with: [file])
        #expect(result.isSettled && result.here == result.there, "seed \(seed)")
        #expect(Reconciliation.LeftOut.Why.allCases.allSatisfy { result.leftOut($0).lines == 0 })
    }

    @Test("with a bill that chance has changed, ledger and causes sum to the bill exactly", arguments: 1...20)
    func changed(seed: Int) throws {
        let ledger = try Self.ledger(UInt64(seed % 4 + 1))
        var random = SplitMix64(seed: UInt64(seed))
        var lines = FocusExport(ledger).csv.split(separator: "\r\n").map(String.init)
        let head = lines.removeFirst()
        let cost = try #require(head.split(separator: ",").firstIndex(of: "BilledCost"))
        var text = head + "\n"
        for line in lines where random.below(5) > 0 {
            var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if random.below(3) == 0 { cells[cost] = "\(random.below(9)).\(random.next() % 1_000_000_000_000)" }
            text += cells.joined(separator: ",") + "\n"
        }
        let result = Reconciliation(
            ledger, among: ledger.nights, with: [try ReconcileFile(text, name: "changed.csv")])
        for night in result.nights {
            let causes = night.causes.values.reduce(FocusDecimal.zero, +)
            #expect(night.here + causes == night.there, "seed \(seed) \(night.id)")
        }
        #expect(result.here == FocusDecimal(ledger.cost))
        let causes = Reconciliation.Cause.allCases.reduce(FocusDecimal.zero) { $0 + result.sum(of: $1) }
        #expect(result.here + causes == result.there && !result.isSettled)
    }

    @Test(
        "a night with a clock change belongs to its date, and its bill knows nothing of the clock",
        arguments: [("2026-03-29", 9), ("2026-10-25", 11), ("2026-11-01", 10)], ["Europe/Dublin", "Europe/Berlin"])
    func clocks(change: (date: String, hours: Int), zone: String) throws {
        let (date, hours) = change
        let schedule = NightSchedule(startMinutes: 22 * 60, deadlineMinutes: 8 * 60, timeZone: zone)
        let day = try #require(LocalDate(date))
        let window = try #require(NightDates(schedule: schedule)).window(on: day)
        #expect(window.length == .hours(hours))
        let offers = Fixtures.terms().offers.map { priced in
            var priced = priced
            priced.offer.backend = "ec2"
            return priced
        }
        var terms = Fixtures.terms(offers: offers)
        (terms.start, terms.deadline, terms.end) = (window.start, window.deadline, window.deadline + .hours(2))
        let market = Fixtures.market(spells: [(0, 900, false)], terms: terms)
        let events = try SimulatedNight(terms: terms, market: market, conditions: Fixtures.conditions).events
        let now = events[events.count - 1].at
        let night = try #require(
            LedgerNight(id: terms.night, date: day, isRehearsal: false, events: events, at: now))
        let plain = try SimulatedNight(
            terms: Fixtures.terms(offers: offers), market: market, conditions: Fixtures.conditions
        ).events
        #expect(night.cost == Bill(plain).total(at: plain[plain.count - 1].at).settled)
        // It begins on the last evening of October and is November's all the same.
        let month = CalendarMonth(containing: day)
        let own = Ledger(month, [night], at: now, timeZone: schedule.timeZone)
        let before = CalendarMonth(containing: month.first.advanced(by: -1))
        #expect(own.cost == night.cost)
        #expect(Ledger(before, [night], at: now, timeZone: schedule.timeZone).nights.isEmpty)
    }

    @Test("a simulated night on SageMaker Spot costs what its stays cost at the Spot rate, to a millisecond each")
    func managedSpot() throws {
        func facts(_ backend: String, _ spells: [(from: Int, until: Int, notice: Bool)]) throws -> [NightEvent] {
            var offers = Fixtures.terms().offers
            for index in offers.indices { offers[index].offer.backend = backend }
            let terms = Fixtures.terms(offers: offers)
            let market = Fixtures.market(spells: spells, terms: terms)
            return try SimulatedNight(terms: terms, market: market, conditions: Fixtures.conditions).events
        }
        for spells in [[(0, 900, false)], [(0, 90, true), (100, 900, false)]] {
            let (managed, plain) = (try facts("sagemaker", spells), try facts("slurm", spells))
            let (cost, same) = (managed.facts.cost, plain.facts.cost)
            #expect(plain.facts.onSpot == managed.facts.onSpot)
            let rate = HourlyRate(microdollars: 25_251_286)
            #expect(cost >= same && cost - same <= rate.cost(of: .milliseconds(spells.count)), "\(cost.text)")
        }
    }
}
