// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct LedgerViewTests {
    @Test("a month is told in text, as a document and on a page")
    func month() throws {
        let ledger = LedgerMonths.eventful
        try Golden.expect(LedgerView(ledger).text, "ledger.txt")
        try Golden.expect(try NightJSON.text(LedgerDocument(ledger)), "ledger.json")
        try Golden.expect(LedgerPage(ledger).html, "ledger.html")
    }

    @Test("docs/ledger.md names every key of the ledger's document that docs/json.md does not")
    func keys() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let pages = try ["docs/ledger.md", "docs/json.md"].map {
            try String(contentsOf: root.appending(path: $0), encoding: .utf8)
        }.joined()
        let text = try NightJSON.text(LedgerDocument(LedgerMonths.eventful))
        let keys = Set(text.matches(of: /"([A-Za-z0-9-]+)" :/).map { String($0.output.1) })
        #expect(keys.count > 50)
        for key in keys.sorted() {
            #expect(pages.contains("`\(key)`") || pages.contains("`\(key)[]`"), "\(key)")
        }
    }

    @Test("an empty month says so, and nothing is made up")
    func empty() {
        let ledger = LedgerMonths.ledger([])
        #expect(LedgerView(ledger).text == "November 2026\nno nights of 2026-11 in this journal\n")
        #expect(LedgerDocument(ledger).baseline == nil && LedgerDocument(ledger).waterfall == nil)
        #expect(!LedgerPage(ledger).html.contains("<svg"))
    }

    @Test("without a whole model there is no baseline, never one of nothing")
    func fruitless() {
        let ledger = LedgerMonths.ledger([LedgerMonths.night("2026-11-03", ScriptedNights.kept(.budget))])
        #expect(ledger.baseline == nil && ledger.saved == nil)
        #expect(LedgerView(ledger).text.contains("no baseline, because no night has trained a whole model"))
        #expect(!LedgerView(ledger).text.contains("from baseline to actual"))
    }

    @Test("a month with an unpriced night has no baseline, and the night is named")
    func unpriced() {
        var terms = ScriptedNights.terms()
        terms.offers.removeAll { $0.offer.purchase == .onDemand }
        var events = ScriptedNights.cheap
        events[0].kind = .opened(terms)
        let nights = [
            LedgerMonths.night("2026-11-03", events), LedgerMonths.night("2026-11-04", ScriptedNights.cheap),
        ]
        let ledger = LedgerMonths.ledger(nights)
        #expect(ledger.baseline == nil && ledger.saved == nil)
        let text = LedgerView(ledger).text
        #expect(text.contains("baseline not found") && text.contains(/no price +recommender-2026-11-03/))
    }

    @Test("a night that still runs is booked once, before and after its model is whole")
    func running() throws {
        let events = ScriptedNights.cheap
        let whole = try #require(
            events.firstIndex { if case .modelReady = $0.kind { true } else { false } })
        for count in [whole, whole + 1] {
            let nights = [
                LedgerMonths.night("2026-11-24", events),
                LedgerMonths.night("2026-11-25", Array(events.prefix(count))),
            ]
            #expect(nights[1].status == .running && nights[1].isComparable == (count > whole))
            let document = LedgerDocument(LedgerMonths.ledger(nights))
            let steps = try #require(document.waterfall)
            #expect(steps.dropLast().reduce(Money.zero) { $0 + $1.amount } == document.spent)
            #expect(steps.contains { $0.step == .running } == (count == whole))
            #expect(document.fruitless == .zero)
        }
    }

    @Test("hostile texts are shown, not obeyed")
    func hostile() throws {
        let night = LedgerMonths.night("2026-11-03", Hostile.night)
        var ledger = LedgerMonths.ledger([night])
        ledger.drills = [LedgerDrill(job: Hostile.all, text: Hostile.all)]
        ledger.forecasts = [LedgerForecast(job: Hostile.all, nightsLeft: 1, nothing: Hostile.all)]
        let page = LedgerPage(ledger).html
        #expect(!LedgerView(ledger).text.unicodeScalars.contains(where: Hostile.isDangerous))
        #expect(!page.unicodeScalars.contains(where: Hostile.isDangerous))
        #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("onload=alert(1)>"))
        let json = try NightJSON.text(LedgerDocument(ledger))
        #expect(!json.unicodeScalars.contains(where: Hostile.isDangerous))
    }
}
