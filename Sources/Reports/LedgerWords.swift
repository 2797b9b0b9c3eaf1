// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A month's ledger in words, the same on a terminal and on a page.
struct LedgerWords {
    let ledger: Ledger

    var title: String {
        let jobs = ledger.jobs.map(TerminalText.sanitized).joined(separator: ", ")
        return ledger.month.name + (jobs.isEmpty ? "" : ": \(jobs)")
    }

    /// Money and promise: what is read first.
    var lead: [String] {
        guard !ledger.nights.isEmpty else {
            guard !ledger.rehearsals.isEmpty else { return ["no nights of \(ledger.month) in this journal"] }
            return ["no nights of \(ledger.month) that anybody bills; \(rehearsals)"]
        }
        return [nights + " " + timeliness, money]
    }

    private var nights: String { NumberText.count(ledger.nights.count, "night") + ":" }

    private var timeliness: String {
        let words: [(LedgerNight.Status, String)] = [
            (.inTime, "in time"), (.late, "late"), (.kept, "kept the previous model"), (.failed, "failed"),
            (.running, "still on"), (.abandoned, "abandoned"),
        ]
        return words.filter { $0.0 == .inTime || ledger.count($0.0) > 0 }
            .map { "\(ledger.count($0.0)) \($0.1)" }.joined(separator: ", ")
    }

    private var money: String {
        guard ledger.uncosted.isEmpty else {
            return "cost not found: a price is missing; \(ledger.cost.text) paid for the rest"
        }
        guard ledger.nights.contains(where: \.isComparable) else {
            return "\(ledger.cost.text) paid; no baseline, because no night has trained a whole model"
        }
        var text = "\(ledger.cost.text) paid, baseline \(MoneyText.amount(ledger.baseline))"
        if let saved = ledger.saved, let baseline = ledger.baseline, baseline > .zero {
            let percent = Self.percent(saved, of: baseline)
            text +=
                saved >= .zero
                ? ", saved \(saved.text) (\(percent))" : ", \((Money.zero - saved).text) more than it (\(percent))"
        }
        return text
    }

    var facts: [(name: String, value: String)] {
        var facts: [(name: String, value: String)] = []
        if !ledger.nights.isEmpty {
            facts.append(("baseline", baseline))
            if !ledger.unpriced.isEmpty { facts.append(("no price", Self.names(ledger.unpriced))) }
            if !ledger.uncosted.isEmpty {
                facts.append(
                    (
                        "no cost",
                        "\(Self.names(ledger.uncosted)): SageMaker charges Spot's billable seconds at its type's on-demand "
                            + "rate, which has no price"
                    ))
            }
            facts += [
                ("by purchase", purchases), ("paid for", kinds), ("fallback", fallback),
                ("interruptions", interruptions), ("waiting", waiting),
            ]
        }
        if ledger.free > .zero {
            facts.append(("not charged", "\(ledger.free.text): machines that EC2 took back within their first hour"))
        }
        if ledger.fruitless > .zero { facts.append(("without a model", fruitless)) }
        let abandoned = ledger.nights.filter { $0.status == .abandoned }
        if !abandoned.isEmpty {
            facts.append(
                (
                    "abandoned",
                    "\(Self.names(abandoned)): nobody brought it to its end; billed up to its machines' leases. Close it "
                        + "with: nightshift stop NIGHT"
                ))
        }
        facts += ledger.forecasts.map { (("forecast", forecast($0))) }
        facts += ledger.drills.map { ("resume", TerminalText.sanitized("\($0.job): \($0.text)")) }
        if !ledger.rehearsals.isEmpty, !ledger.nights.isEmpty { facts.append(("rehearsals", rehearsals)) }
        return facts
    }

    private static func names(_ nights: [LedgerNight]) -> String {
        nights.map(\.id).map(TerminalText.sanitized).joined(separator: ", ")
    }

    private var rehearsals: String {
        let cost = ledger.rehearsals.reduce(Money.zero) { $0 + $1.cost }
        return
            "\(NumberText.count(ledger.rehearsals.count, "rehearsal")), \(cost.text) by the market file, which nobody "
            + "bills"
    }

    var rehearsalTitle: String { "rehearsals, in no sum above:" }

    private var baseline: String {
        let prices = Set(
            ledger.nights.compactMap(\.onDemand).map {
                "\(MoneyText.rate($0.rate)) as of \($0.priceAsOf) (\($0.priceSource))"
            })
        guard !prices.isEmpty else { return "not found: no on-demand offer has a price" }
        return "each trained model on one on-demand machine, undisturbed, at the price frozen on its night: "
            + prices.sorted().map(TerminalText.sanitized).joined(separator: "; ")
    }

    private var purchases: String {
        PurchaseOption.allCases.map {
            "\(OutcomeWords.purchase($0)) \(ledger.cost($0).text) in \(DurationText.full(ledger.duration($0)))"
        }.joined(separator: ", ")
    }

    private var kinds: String {
        NightAccount.Kind.allCases.map {
            "\(Self.kind($0)) \(ledger.cost($0).text) (\(DurationText.full(ledger.duration($0))))"
        }.joined(separator: ", ")
    }

    private var fallback: String {
        guard ledger.fallbackNights > 0 else { return "none" }
        return "\(ledger.fallback.text) on on-demand in \(NumberText.count(ledger.fallbackNights, "night")), so that "
            + "the deadline holds"
    }

    private var interruptions: String {
        guard ledger.interruptions > 0 else { return "none" }
        return "\(ledger.interruptions) in \(NumberText.count(ledger.interruptedNights, "night"))"
    }

    private var waiting: String {
        let refusals = ledger.nights.reduce(0) { $0 + $1.refusals }
        return "\(DurationText.full(ledger.waiting)) without a machine, not paid; "
            + NumberText.count(refusals, "request") + " in vain"
    }

    private var fruitless: String { "\(ledger.fruitless.text) in nights that trained no whole model" }

    private func forecast(_ forecast: LedgerForecast) -> String {
        let nights =
            "\(TerminalText.sanitized(forecast.job)), \(NumberText.count(forecast.nightsLeft, "night")) to come"
        guard let cost = forecast.cost else { return "\(nights): \(forecast.sourceWords)" }
        return "\(nights): \(cost.text), \(forecast.sourceWords)"
    }

    /// `work $26.14 (3 h 27 min), restarts …` of one night, without what it has not paid for.
    static func kinds(_ account: NightAccount) -> String {
        NightAccount.Kind.allCases.filter { account.duration($0) > .zero }.map {
            "\(kind($0)) \(account.cost($0).text) (\(DurationText.full(account.duration($0))))"
        }.joined(separator: ", ")
    }

    static func kind(_ kind: NightAccount.Kind) -> String {
        switch kind {
        case .useful: "work"
        case .redone: "work done again"
        case .restart: "restarts"
        case .idle: "idle"
        }
    }

    static func status(_ status: LedgerNight.Status) -> String {
        switch status {
        case .inTime: "✓ in time"
        case .late: "! late"
        case .kept: "! kept the previous"
        case .failed: "✕ failed"
        case .running: "● still on"
        case .abandoned: "? abandoned"
        }
    }

    static func step(_ name: LedgerWaterfall.Step.Name) -> String {
        switch name {
        case .baseline: "baseline"
        case .spotPrice: "the same work at Spot's price"
        case .pace: "start, upload and pace that the baseline reckons with"
        case .redone: "work done again"
        case .restart: "restarts"
        case .idle: "idle: machines on their way out"
        case .free: "free by the platform's rule"
        case .withoutModel: "nights without a whole model"
        case .running: "nights that still run"
        case .paid: "paid"
        }
    }

    static func cost(_ night: LedgerNight) -> String { night.isCostKnown ? night.cost.text : "not found" }

    /// `−64.8 %` of nothing is nothing.
    static func percent(_ part: Money, of whole: Money) -> String {
        guard whole.units > 0 else { return "±0 %" }
        let magnitude = (part.units.magnitude * 2000 + whole.units.magnitude) / (whole.units.magnitude * 2)
        return "\(magnitude / 10).\(magnitude % 10) %"
    }

    static let titles: [(title: String, isNumber: Bool)] = [
        ("night", false), ("result", false), ("ready", true), ("cost", true), ("baseline", true),
        ("Spot", true), ("on-demand", true), ("redone", true), ("restarts", true), ("idle", true),
        ("interruptions", true), ("waited", true),
    ]

    func cells(_ night: LedgerNight) -> [String] {
        let clock = night.summary.terms.clock
        let account = night.account
        return [
            night.id, Self.status(night.status),
            night.summary.readyAt.map { clock.minutes($0) } ?? "–", Self.cost(night),
            night.isComparable ? MoneyText.amount(night.baseline) : "–", account.cost(.spot).text,
            account.cost(.onDemand).text, account.cost(.redone).text, account.cost(.restart).text,
            account.cost(.idle).text, "\(night.summary.totals.interruptions)",
            DurationText.short(night.summary.totals.waiting),
        ]
    }

    var totalCells: [String] {
        [
            "month", "", "", ledger.uncosted.isEmpty ? ledger.cost.text : "not found",
            ledger.baseline?.text ?? (ledger.unpriced.isEmpty ? "–" : "not found"),
            ledger.cost(.spot).text,
            ledger.cost(.onDemand).text, ledger.cost(.redone).text, ledger.cost(.restart).text,
            ledger.cost(.idle).text, "\(ledger.interruptions)", DurationText.short(ledger.waiting),
        ]
    }
}
