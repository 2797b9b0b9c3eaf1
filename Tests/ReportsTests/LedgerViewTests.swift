// SPDX-License-Identifier: Apache-2.0

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
