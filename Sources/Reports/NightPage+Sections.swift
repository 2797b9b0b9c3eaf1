// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension NightPage {
    /// The figures that are asked for first.
    var tiles: String {
        let totals = summary.totals
        let baseline = "on-demand baseline \(MoneyText.amount(summary.baseline))"
        var tiles: [(String, String, String)] = []
        if let ready = summary.readyAt, let margin = summary.margin {
            let word = margin >= .zero ? "early" : "late"
            tiles.append(("Ready", clock.minutes(ready), "\(DurationText.full(margin.size)) \(word)"))
        } else if let about = summary.readyAbout {
            tiles.append(("Ready about", clock.minutes(about), "deadline \(clock.minutes(summary.terms.deadline))"))
        } else {
            tiles.append(("Ready", "–", summary.outcome == nil ? "no machine yet" : "no new model"))
        }
        if summary.outcome == nil {
            let needed =
                "needed by now: \(NumberText.units(summary.neededUnits)) of "
                + NumberText.units(summary.terms.totalUnits)
            tiles.append(("Progress", NumberText.percent(summary.fraction), needed))
        }
        tiles.append((summary.outcome == nil ? "Cost so far" : "Cost", summary.spent.text, baseline))
        if case .completed = summary.outcome, let saved = summary.saved, let percent = summary.changePercent {
            let words = "\(NumberText.change(percent)) against the baseline"
            tiles.append(saved >= .zero ? ("Saved", saved.text, words) : ("Extra cost", saved.magnitudeText, words))
        } else if let slack = summary.slack, let latest = summary.latestSafeSwitch {
            let words = "latest safe switch \(clock.minutes(latest))"
            tiles.append(("Slack", slack < .zero ? "none" : DurationText.short(slack), words))
        }
        let notices = "\(totals.noticedInterruptions) with notice, \(totals.unnoticedInterruptions) without"
        tiles.append(("Interruptions", "\(totals.interruptions)", notices))
        let redone = "\(NumberText.units(totals.redoneUnits)) of \(NumberText.units(summary.terms.totalUnits)) units"
        tiles.append(("Redone work", DurationText.short(totals.redone), redone))
        let items = tiles.map { title, value, note in
            "<div><dt>\(HTMLText.escaped(title))</dt><dd>\(HTMLText.escaped(value))</dd>"
                + "<dd class=\"small\">\(HTMLText.escaped(note))</dd></div>"
        }
        return "<dl class=\"tiles\">\n\(items.joined(separator: "\n"))\n</dl>"
    }

    var machines: String {
        let rows = LaunchRow.rows(timeline, bill, at: now)
        guard !rows.isEmpty else { return "<h2>Machines</h2>\n<p>No machine was granted; nothing was paid.</p>" }
        var table = HTMLTable(
            caption: "One line for each launch that was accepted",
            columns: [
                .init(title: "Launch", style: .whole), .init(title: "Offer", style: .whole),
                .init(title: "From", style: .whole), .init(title: "Until", style: .whole),
                .init(title: "Billed", style: .number), .init(title: "Cost", style: .number),
                .init(title: "How it ended"),
            ])
        table.rows = rows.map { row in
            [
                row.name, row.offer, row.from.map(clock.seconds) ?? "–",
                row.until.map(clock.seconds) ?? (row.from == nil ? "–" : "still runs"), DurationText.exact(row.billed),
                row.cost.text, row.end,
            ]
        }
        let billed = rows.reduce(Duration.zero) { $0 + $1.billed }
        table.total = ["all", "", "", "", DurationText.exact(billed), summary.spent.text, ""]
        return "<h2>Machines</h2>\n" + table.text
    }

    var time: String {
        var table = HTMLTable(
            caption: "Measured from the journal's events", columns: [.init(title: "What"), .init(title: "How much")])
        table.rows = ReportFacts(summary).all.map { [$0.name, $0.value] }
        let account = NightAccount(timeline, bill, at: now)
        if !account.pieces.isEmpty { table.rows.append(["paid for", LedgerWords.kinds(account)]) }
        return "<h2>Where time and money went</h2>\n" + table.text
    }

    var decisions: String {
        guard !timeline.decisions.isEmpty else { return "" }
        var table = HTMLTable(
            caption:
                "Recorded when the choice or its reason changed; while it waits, the first and the last questions only",
            columns: [
                .init(title: "Time", style: .whole), .init(title: "Decided to"), .init(title: "Because"),
                .init(title: "Rejected"),
                .init(title: "Latest safe switch", style: .number), .init(title: "Slack", style: .number),
            ])
        table.rows = timeline.tellingDecisions.map { recorded in
            let decision = recorded.decision
            let rejected = decision.alternatives.map {
                "\(DecisionWords.choice($0.choice)): \(DecisionWords.rejection($0, of: decision, in: summary.terms, clock: clock))"
            }
            return [
                clock.seconds(recorded.at), DecisionWords.action(decision), DecisionWords.reason(decision.reason),
                rejected.isEmpty ? "–" : rejected.joined(separator: "; "), clock.minutes(decision.latestSafeSwitch),
                DurationText.short(decision.slack),
            ]
        }
        return "<h2>Decisions</h2>\n" + table.text
    }

    var promise: String {
        let terms = summary.terms
        var table = HTMLTable(
            caption: "What could be bought, at the prices known when the night opened",
            columns: [
                .init(title: "Instance", style: .whole), .init(title: "Zone", style: .whole),
                .init(title: "Option", style: .whole),
                .init(title: "Price", style: .number), .init(title: "As of", style: .whole), .init(title: "Source"),
            ])
        table.rows = terms.offers.map { priced in
            [
                priced.offer.instanceType, priced.offer.zone, OutcomeWords.purchase(priced.offer.purchase),
                MoneyText.rate(priced.rate), priced.priceAsOf, priced.priceSource,
            ]
        }
        let sum = SwitchSum(terms, latest: terms.latestSafeSwitch)
        let words =
            "Latest safe switch with nothing durable: \(clock.minutes(terms.deadline)) − \(sum.totalText) = "
            + "\(clock.minutes(terms.latestSafeSwitch)), from \(sum.words). Policy \(terms.policy.rawValue), budget "
            + "\(terms.budget?.text ?? "no limit"), no machine after \(clock.minutes(terms.end))."
        return "<h2>Prices and promise</h2>\n" + table.text + "\n<p class=\"soft\">\(HTMLText.escaped(words))</p>"
    }

    var eventList: String {
        var table = HTMLTable(
            caption: "Progress is in the picture, not in this list",
            columns: [
                .init(title: "Event", style: .number), .init(title: "Time", style: .whole),
                .init(title: "What happened"),
            ])
        table.rows = events.compactMap { event in
            EventLine.words(for: event.kind, clock: clock, copiesUnverified: summary.terms.copiesUnverified).map {
                ["\(event.sequence)", clock.seconds(event.at), $0]
            }
        }
        return "<details><summary>Journal (\(table.rows.count) lines)</summary>\n\(table.text)\n</details>"
    }
}

extension Duration {
    var size: Duration { self < .zero ? .zero - self : self }
}

extension Money {
    fileprivate var magnitudeText: String { Money(units: units < 0 ? -units : units).text }
}
