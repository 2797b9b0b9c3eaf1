// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

/// Nights on platforms that charge by rules of their own, in every view of a ledger.
@Suite struct LedgerRuleTests {
    static let spotRate = HourlyRate(microdollars: 6_000_000)
    static let listRate = HourlyRate(microdollars: 24_000_000)

    static func offer(_ backend: String, _ purchase: PurchaseOption, type: String = "ml.p4d.24xlarge") -> Offer {
        Offer(backend: backend, instanceType: type, region: "eu-west-1", zone: "eu-west-1c", purchase: purchase)
    }

    static func priced(_ offer: Offer, _ rate: HourlyRate) -> PricedOffer {
        PricedOffer(offer: offer, rate: rate, priceAsOf: "2026-11-20", priceSource: "a test")
    }

    static func script(_ backend: String, listed: Bool = true) -> NightScript {
        var terms = ScriptedNights.terms()
        terms.offers = [priced(offer(backend, .spot), spotRate)]
        if listed { terms.offers.append(priced(offer(backend, .onDemand), listRate)) }
        return NightScript(terms)
    }

    /// 260 minutes on one Spot machine: 16 of start, 240 of training, 4 of upload; `billed` minutes are reported.
    static func whole(_ backend: String, billed: Double = 260, listed: Bool = true) -> [NightEvent] {
        var night = script(backend, listed: listed)
        let key = night.launch(0, offer(backend, .spot))
        night.run(key, 0)
        night.train(key, 16, from: nil, units: 0)
        night.progress(key, [(16, 0), (136, 10), (256, 20)])
        let model = ScriptedNights.model(night, 260)
        night.add(260, .modelReady(key: key, model))
        let usage = [Usage(from: night.at(0), until: night.at(billed), rate: spotRate)]
        night.end(key, 260, .completed, usage: usage)
        night.finish(261, .completed(model, late: false))
        return night.events
    }

    /// EC2 takes the first machine back after 40 minutes, 24 of them trained and saved; the second makes the model.
    static func taken(_ backend: String) -> [NightEvent] {
        var night = script(backend)
        let first = night.launch(0, offer(backend, .spot))
        night.run(first, 0)
        night.train(first, 16, from: nil, units: 0)
        night.progress(first, [(16, 0), (40, 2)])
        night.commit(first, 40, 1, units: 2)
        night.end(first, 40, .interrupted(noticed: true))
        let second = night.launch(60, offer(backend, .spot))
        night.run(second, 60)
        night.train(second, 76, from: 1, units: 2)
        night.progress(second, [(76, 2), (292, 20)])
        let model = ScriptedNights.model(night, 296)
        night.add(296, .modelReady(key: second, model))
        night.end(second, 296, .completed)
        night.finish(297, .completed(model, late: false))
        return night.events
    }

    static func ledger(_ events: [NightEvent]) -> Ledger {
        LedgerMonths.ledger([LedgerMonths.night("2026-11-25", events)])
    }

    static func dollars(_ text: String) -> Money { Money(dollars: text)! }

    @Test("each step of the waterfall is what it says: Spot's price, by the stay, on SageMaker too")
    func spotPrice() throws {
        for (backend, billed) in [("ec2", 260.0), ("sagemaker", 65)] {
            let ledger = Self.ledger(Self.whole(backend, billed: billed))
            let waterfall = try #require(LedgerWaterfall(ledger))
            // 260 min at $24 are $104; 244 useful ones at $6 instead of $24 save $73.20; 16 of start at $24 are $6.40.
            #expect(waterfall.baseline == Self.dollars("104") && waterfall.actual == Self.dollars("26"), "\(backend)")
            #expect(
                waterfall.steps.map(\.name) == [.spotPrice, .pace, .restart]
                    && waterfall.steps.map(\.amount) == ["-73.2", "-6.4", "1.6"].map(Self.dollars), "\(backend)")
        }
    }

    @Test("a first hour that EC2 does not charge is a step of its own, and its work counts at Spot's price")
    func freeHour() throws {
        let ledger = Self.ledger(Self.taken("ec2"))
        let waterfall = try #require(LedgerWaterfall(ledger))
        // Useful: 24 + 216 + 4 min; restarts 16 + 16. The first 40 min, $4.00, are free.
        #expect(waterfall.actual == Self.dollars("23.6") && waterfall.baseline == Self.dollars("104"))
        #expect(waterfall.steps.map(\.name) == [.spotPrice, .pace, .restart, .free])
        #expect(waterfall.steps.map(\.amount) == ["-73.2", "-6.4", "3.2", "-4"].map(Self.dollars))
        #expect(ledger.free == Self.dollars("4") && ledger.duration(.spot) == .minutes(236))
        #expect(LedgerView(ledger).text.contains("$4.00: machines that EC2 took back within their first hour"))
        #expect(LedgerWaterfall(Self.ledger(Self.taken("slurm")))?.steps.map(\.name) == [.spotPrice, .pace, .restart])
    }

    @Test("Batch's free hour is judged by each stay: one that was taken early is free, whatever the launch came to")
    func batch() {
        for (minutes, isFree) in [(59.0, true), (60, false)] {
            var night = Self.script("batch")
            let key = night.launch(0, Self.offer("batch", .spot))
            night.run(key, 0)
            night.train(key, 10, from: nil, units: 0)
            night.run(key, 100)
            night.train(key, 110, from: nil, units: 0)
            night.end(
                key, 340, .completed,
                usage: [
                    Usage(from: night.at(0), until: night.at(minutes), rate: Self.spotRate),
                    Usage(from: night.at(100), until: night.at(340), rate: Self.spotRate),
                ])
            let total = Bill(night.events).total(at: night.at(400))
            #expect(total == Self.spotRate.cost(of: .minutes(isFree ? 240 : 300)), "\(minutes)")
        }
        // The other way round: a long stay is paid although the launch ended as an interruption of a short one.
        var night = Self.script("batch")
        let key = night.launch(0, Self.offer("batch", .spot))
        night.run(key, 0)
        night.run(key, 130)
        night.end(
            key, 150, .interrupted(noticed: false),
            usage: [
                Usage(from: night.at(0), until: night.at(70), rate: Self.spotRate),
                Usage(from: night.at(70), until: night.at(120), rate: Self.spotRate),
                Usage(from: night.at(130), until: night.at(150), rate: Self.spotRate),
            ])
        #expect(Bill(night.events).total(at: night.at(400)) == Self.spotRate.cost(of: .minutes(120)))
    }

    @Test("SageMaker Spot without an on-demand price has no cost, never one that is discounted twice")
    func uncosted() throws {
        let ledger = Self.ledger(Self.whole("sagemaker", billed: 65, listed: false))
        let document = LedgerDocument(ledger)
        #expect(document.spent == nil && document.split == nil && document.uncosted == ["recommender-2026-11-25"])
        #expect(document.nights[0].spent == nil && document.saved == nil && document.waterfall == nil)
        let text = LedgerView(ledger).text
        #expect(text.contains("cost not found") && text.contains(/no cost +recommender-2026-11-25/))
        #expect(LedgerPage(ledger).html.contains("not found"))
        // What a limit is held against while the night lives is the stay at the Spot rate, not nothing.
        let events = Self.whole("sagemaker", billed: 65, listed: false)
        #expect(Bill(events).total(at: events[events.count - 1].at) == Self.dollars("26"))
        let view = ReportView(Timeline(events), Bill(events), at: events[events.count - 1].at)
        #expect(view?.text.contains("not found, $26.00 at Spot's own rate") == true)
    }

    @Test("what nobody reported of a SageMaker stay stays at the Spot rate")
    func unreported() {
        var night = Self.script("sagemaker")
        let key = night.launch(0, Self.offer("sagemaker", .spot))
        night.run(key, 0)
        night.end(key, 60, .lost)
        #expect(Bill(night.events).total(at: night.at(90)) == Self.dollars("6"))
    }

    @Test("the baseline is at the on-demand price of the type that trained, and none where that has no price")
    func types() {
        var night = Self.script("sagemaker")
        var terms = night.terms
        terms.offers.append(Self.priced(Self.offer("sagemaker", .onDemand, type: "ml.g5.48xlarge"), Self.spotRate))
        night = NightScript(terms)
        let events = [night.events[0]] + Self.whole("sagemaker", billed: 65).dropFirst()
        let ledger = Self.ledger(Array(events))
        #expect(ledger.baseline == Self.dollars("104"))
        #expect(ledger.nights[0].onDemand?.offer.instanceType == "ml.p4d.24xlarge")
        terms.offers.remove(at: 1)
        night = NightScript(terms)
        let odd = Self.ledger(Array([night.events[0]] + Self.whole("ec2").dropFirst()))
        #expect(odd.baseline == nil && odd.unpriced.map(\.id) == ["recommender-2026-11-25"])
    }

    @Test("a night that nobody brought to its end is billed up to its machine's lease, and is called abandoned")
    func abandoned() throws {
        var night = Self.script("ec2")
        let key = night.launch(0, Self.offer("ec2", .spot))
        night.run(key, 0)
        night.train(key, 16, from: nil, units: 0)
        night.progress(key, [(16, 0), (136, 10)])
        let late = night.at(60 * 24 * 20)
        let timeline = Timeline(night.events)
        #expect(Bill(night.events).total(at: late) == Self.spotRate.cost(of: .minutes(600)))
        #expect(timeline.totals(at: late).onSpot == .minutes(600) && timeline.totals(at: late).waiting == .zero)
        #expect(NightSummary(timeline, Bill(night.events), at: late)?.burnRate.microdollars == 0)
        let entry = LedgerMonths.night("2026-11-25", night.events, at: late)
        #expect(entry.status == .abandoned && entry.cost == Self.dollars("60"))
        #expect(LedgerMonths.night("2026-11-25", night.events, at: night.at(590)).status == .running)
        let ledger = LedgerMonths.ledger([entry])
        #expect(ledger.fruitless == Self.dollars("60") && ledger.running == .zero)
        #expect(LedgerView(ledger).text.contains("nightshift stop NIGHT"))
        // A machine that never came is waited for no longer than its night.
        var waiting = Self.script("ec2")
        waiting.launch(0, Self.offer("ec2", .onDemand))
        let waited = Timeline(waiting.events).waitingSpans(at: late).reduce(Duration.zero) { $0 + $1.duration }
        #expect(waited == .minutes(600))
    }

    @Test("rehearsals are told apart: no sum, no waterfall and no row has them")
    func rehearsals() {
        let paid = LedgerMonths.night("2026-11-24", Self.whole("ec2"))
        let fast = LedgerMonths.night("2026-11-25", Self.whole("ec2"), isRehearsal: true)
        let local = LedgerMonths.night("2026-11-26", Self.whole("local"), on: "local")
        let ledger = LedgerMonths.ledger([paid, fast, local])
        #expect(ledger.nights.map(\.id) == [paid.id] && ledger.rehearsals.map(\.id) == [fast.id, local.id])
        #expect(ledger.cost == paid.cost && ledger.baseline == paid.baseline)
        let text = LedgerView(ledger).text
        #expect(text.contains("2 rehearsals, $52.00 by the market file, which nobody bills"))
        #expect(text.contains("rehearsals, in no sum above:"))
        let document = LedgerDocument(ledger)
        #expect(document.nights.count == 1 && document.rehearsals.map(\.night) == [fast.id, local.id])
        #expect(!FocusExport(ledger).csv.contains(fast.id))
        #expect(FocusExport(ledger, withRehearsals: true).csv.contains(local.id))
        let alone = LedgerMonths.ledger([local])
        #expect(LedgerView(alone).text.contains("no nights of 2026-11 that anybody bills; 1 rehearsal"))
        #expect(LedgerPage(alone).html.contains("<h2>Rehearsals</h2>") && alone.jobs == ["recommender"])
    }

    @Test("the rest of a month is the dates without a night, whatever was rehearsed or lies ahead")
    func rest() throws {
        let today = try #require(LocalDate("2026-11-24"))
        func night(_ date: String, _ events: [NightEvent] = Self.whole("ec2"), on backend: String = "ec2")
            -> LedgerNight
        {
            LedgerMonths.night(date, events, on: backend)
        }
        func rest(_ nights: [LedgerNight], from next: LocalDate = today) -> LedgerForecast.Rest? {
            LedgerForecast.Rest(of: LedgerMonths.november, nights, from: next, today: today)
        }
        let own = [night("2026-11-02"), night("2026-11-03", LedgerMonths.neverLaunched), night("2026-11-27")]
        let found = try #require(rest(own + [night("2026-11-30", Self.whole("local"), on: "local")]))
        // 24 to 30 but for the 27th; a night without a machine, and one that nobody bills, are not drawn.
        #expect(found.nights == 6 && found.costs == [own[0].cost, own[2].cost] && found.newest.id == own[2].id)
        // Today's deadline has passed.
        #expect(rest(own, from: today.advanced(by: 1))?.nights == 5)
        // Nothing yet this month; a job that was not run for more than a month is over.
        #expect(rest([night("2026-10-01")])?.nights == 7)
        #expect(rest([night("2026-09-30")]) == nil && rest([]) == nil)
        #expect(rest([night("2026-11-01", Self.whole("local"), on: "local")]) == nil)
        var ledger = LedgerMonths.ledger([])
        ledger.forecasts = [LedgerForecast(job: "recommender", nightsLeft: 7, own: [own[0].cost])]
        #expect(LedgerView(ledger).text.contains("recommender, 7 nights to come: $182.00"))
        #expect(LedgerPage(ledger).html.contains("7 nights to come"))
    }
}
