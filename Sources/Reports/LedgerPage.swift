// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A month's ledger on one page of HTML: nothing is loaded, nothing is run, and it prints.
package struct LedgerPage: Sendable {
    private let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    package var html: String {
        let words = LedgerWords(ledger: ledger)
        let nights = ledger.nights.isEmpty ? [] : [tiles, calendar, cost, waterfall]
        let tables = [facts(words), ledger.nights.isEmpty ? nil : self.nights(words), rehearsals(words)]
        let footer = nights.isEmpty && ledger.rehearsals.isEmpty ? [] : [self.footer]
        return HTMLPage.text(title: words.title, ([header(words)] + nights + tables + footer).compactMap { $0 })
    }

    private func header(_ words: LedgerWords) -> String {
        let lead = words.lead.map { "<p class=\"lead\">\(HTMLText.escaped($0)).</p>" }.joined(separator: "\n")
        return "<header><h1>\(HTMLText.escaped(words.title))</h1></header>\n\(lead)"
    }

    private var tiles: String {
        var tiles: [(name: String, value: String, note: String)] = [
            (
                "Paid", ledger.uncosted.isEmpty ? ledger.cost.text : "not found",
                NumberText.count(ledger.nights.count, "night")
            ),
            ("Baseline", ledger.baseline?.text ?? "none", "on-demand, undisturbed"),
        ]
        if let saved = ledger.saved, let baseline = ledger.baseline {
            let share = LedgerWords.percent(saved, of: baseline)
            tiles.append(
                saved >= .zero
                    ? ("Saved", saved.text, share) : ("Dearer", (Money.zero - saved).text, share))
        }
        tiles.append(
            ("In time", "\(ledger.count(.inTime))", "of \(ledger.nights.count(where: \.isOver)) that are over"))
        tiles.append(("Interruptions", "\(ledger.interruptions)", "in \(ledger.interruptedNights) nights"))
        tiles.append(("Fallback", ledger.fallback.text, "in \(ledger.fallbackNights) nights"))
        let cells = tiles.map {
            "<div><dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.value))</dd>"
                + "<dd class=\"small\">\(HTMLText.escaped($0.note))</dd></div>"
        }
        return "<dl class=\"tiles\">\n\(cells.joined(separator: "\n"))\n</dl>"
    }

    private var calendar: String {
        figure(
            "Nights", CalendarSVG(ledger: ledger).text,
            "✓ in time, ! late, ↺ the previous model stays, ✕ failed, ● still on, ? abandoned. Each night stands at the date of its "
                + "deadline. Point at a square for details.")
    }

    private var cost: String {
        figure(
            "Cost", LedgerCostSVG(ledger: ledger).text, "Point at a bar for its parts; the table below has them too.")
    }

    private var waterfall: String? {
        LedgerWaterfall(ledger).map {
            figure(
                "From baseline to actual", WaterfallSVG(waterfall: $0).text,
                "Steps sum exactly. Nights without a whole model have no baseline, so they count as loss in full.")
        }
    }

    private func figure(_ title: String, _ picture: String, _ caption: String) -> String {
        "<h2>\(title)</h2>\n<figure>\n\(picture)<figcaption>\(HTMLText.escaped(caption))</figcaption>\n</figure>"
    }

    private func facts(_ words: LedgerWords) -> String? {
        guard !words.facts.isEmpty else { return nil }
        var table = HTMLTable(
            caption: "Measured from the journal; a forecast says what it is drawn from",
            columns: [.init(title: "What"), .init(title: "How much")])
        table.rows = words.facts.map { [$0.name, $0.value] }
        return "<h2>Where time and money went</h2>\n" + table.text
    }

    private func nights(_ words: LedgerWords) -> String {
        var table = HTMLTable(
            caption: "Amounts in dollars; parts add up to nights and nights to the month, to the micro-dollar",
            columns: LedgerWords.titles.map { .init(title: $0.title, style: $0.isNumber ? .number : .whole) })
        table.rows = ledger.nights.map(words.cells)
        table.total = words.totalCells
        return "<h2>The nights</h2>\n" + table.text
    }

    private func rehearsals(_ words: LedgerWords) -> String? {
        guard !ledger.rehearsals.isEmpty else { return nil }
        var table = HTMLTable(
            caption: "Nobody bills these; they are in no sum of the month",
            columns: LedgerWords.titles.map { .init(title: $0.title, style: $0.isNumber ? .number : .whole) })
        table.rows = ledger.rehearsals.map(words.cells)
        return "<h2>Rehearsals</h2>\n" + table.text
    }

    private var footer: String {
        let clock = ClockText(timeZone: ledger.timeZone)
        let local = "\(clock.date(ledger.at)) \(clock.seconds(ledger.at)) \(clock.zoneName)"
        return """
            <footer>As of \(HTMLText.escaped(local)) (\(ledger.at.iso8601)). Estimated from billed time and frozen prices; \
            the cloud's invoice is the last word until the month is reconciled with it.</footer>
            """
    }
}
