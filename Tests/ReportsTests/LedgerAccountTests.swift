// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct LedgerAccountTests {
    private static func account(_ events: [NightEvent]) -> NightAccount {
        NightAccount(Timeline(events), Bill(events), at: events[events.count - 1].at)
    }

    @Test("work, work done again, restarts and idle time are told apart, and on-demand is the fallback")
    func kinds() {
        let account = Self.account(ScriptedNights.eventful)
        let minutes = NightAccount.Kind.allCases.map { account.duration($0).realSeconds / 60 }
        #expect(minutes.reduce(0, +) == account.pieces.reduce(0) { $0 + $1.duration.realSeconds / 60 })
        // Restarts of 9, 10, 10 and 10 minutes; the machine that was told to stop lived a minute, the last one too.
        #expect(account.duration(.restart) == .minutes(39))
        #expect(account.duration(.idle) == .minutes(2))
        #expect(account.fallback == account.cost(.onDemand) && account.fallback > .zero)
        #expect(account.total == Bill(ScriptedNights.eventful).total(at: ScriptedNights.eventful.last!.at).settled)
    }

    @Test("a night that never launched costs nothing and has no piece")
    func neverLaunched() {
        let account = Self.account(LedgerMonths.neverLaunched)
        #expect(account.pieces.isEmpty && account.total == .zero)
        let night = LedgerMonths.night("2026-11-03", LedgerMonths.neverLaunched)
        #expect(night.refusals == 2 && night.baseline == nil && night.launches.isEmpty)
        let opened = LedgerMonths.night("2026-11-03", [ScriptedNights.cheap[0]])
        #expect(opened.cost == .zero && opened.status == .running)
    }

    @Test("on-demand is no fallback where a night never meant to use Spot")
    func planned() {
        var events = ScriptedNights.late
        var terms = ScriptedNights.terms()
        terms.policy = .onDemandOnly
        events[0].kind = .opened(terms)
        #expect(Self.account(events).fallback == .zero && Self.account(events).cost(.onDemand) > .zero)
        terms.policy = .greedy
        terms.spotRefused = "resuming was never drilled"
        events[0].kind = .opened(terms)
        #expect(Self.account(events).fallback == .zero)
    }

    @Test("a journal of an older version is booked like a new one")
    func older() throws {
        let events = try ScriptedNights.eventful.map { event in
            var object = try #require(
                try JSONSerialization.jsonObject(with: JSONEncoder().encode(event)) as? [String: Any])
            if var kind = object["kind"] as? [String: Any], let opened = kind["opened"] as? [String: Any],
                var terms = opened["_0"] as? [String: Any]
            {
                for key in ["marketModels", "spotRefused", "budget"] { terms[key] = nil }
                kind["opened"] = ["_0": terms]
                object["kind"] = kind
            }
            return try JSONDecoder().decode(NightEvent.self, from: JSONSerialization.data(withJSONObject: object))
        }
        #expect(Self.account(events) == Self.account(ScriptedNights.eventful))
    }

    @Test("micro-dollars are not lost between pieces, however small each is")
    func tiny() {
        var terms = ScriptedNights.terms()
        for index in terms.offers.indices { terms.offers[index].rate = HourlyRate(microdollars: 1) }
        var night = NightScript(terms)
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 0)
        night.train(key, 20, from: nil, units: 0)
        night.progress(key, [(40, 1)])
        night.end(key, 90, .interrupted(noticed: false))
        // 90 minutes at a micro-dollar an hour are 1.5, which is 2; the pieces share it without a remainder.
        let account = Self.account(night.events)
        #expect(account.total == Money(microdollars: 2))
        #expect(account.pieces.allSatisfy { $0.cost.units % Money.unitsPerMicrodollar == 0 })
    }
}

@Suite struct LedgerBillingTests {
    private static func offer(_ backend: String) -> Offer {
        Offer(
            backend: backend, instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: "eu-west-1c", purchase: .spot)
    }

    private static func night(_ backend: String, minutes: Double, _ end: EndReason, billed: Double? = nil)
        -> NightScript
    {
        var terms = ScriptedNights.terms()
        terms.offers.append(
            PricedOffer(
                offer: offer(backend), rate: HourlyRate(microdollars: 6_000_000), priceAsOf: "2026-11-20",
                priceSource: "a test"))
        var night = NightScript(terms)
        let key = night.launch(0, offer(backend))
        night.run(key, 0)
        night.train(key, minutes / 4, from: nil, units: 0)
        let usage = billed.map {
            [Usage(from: night.at(0), until: night.at($0), rate: HourlyRate(microdollars: 6_000_000))]
        }
        night.end(key, minutes, end, usage: usage)
        return night
    }

    private static func total(_ night: NightScript) -> Money {
        Bill(night.events).total(at: night.at(600))
    }

    @Test("an interruption by EC2 in the first hour is free on EC2 and Batch, and nowhere else")
    func firstHour() {
        for backend in ["ec2", "batch"] {
            #expect(Self.total(Self.night(backend, minutes: 59, .interrupted(noticed: true))) == .zero)
            #expect(
                Self.total(Self.night(backend, minutes: 60, .interrupted(noticed: false)))
                    == Money(microdollars: 6_000_000))
            #expect(Self.total(Self.night(backend, minutes: 30, .stopped)) == Money(microdollars: 3_000_000))
        }
        #expect(
            Self.total(Self.night("slurm", minutes: 30, .interrupted(noticed: true))) == Money(microdollars: 3_000_000))
    }

    @Test("SageMaker's billable seconds are charged at the on-demand rate, not discounted twice")
    func billableSeconds() {
        // 120 minutes of training, of which 36 are billable: −70 %.
        let night = Self.night("sagemaker", minutes: 120, .completed, billed: 36)
        #expect(Self.total(night) == HourlyRate(microdollars: 24_152_000).cost(of: .minutes(36)))
        let account = NightAccount(Timeline(night.events), Bill(night.events), at: night.at(600))
        // A quarter of the stay was start-up, so it is a quarter of the billable time.
        #expect(account.duration(.restart) == .minutes(9) && account.duration(.useful) == .minutes(27))
        #expect(account.total == Self.total(night).settled)
    }
}
