// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a night will do and cost at most, before anything is bought.
package struct PlanView: Sendable {
    private let terms: NightTerms
    private let publishing: PublishSettings
    private let clock: ClockText

    package init(_ terms: NightTerms, publishing: PublishSettings = .standard) {
        self.terms = terms
        self.publishing = publishing
        clock = terms.clock
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }

    /// The first two lines carry the clock time and the money.
    package var lines: [String] {
        ["\(terms.title): ready before \(clock.withZone(terms.deadline)) – \(switchWords)", moneyLine]
            + warnings + [""] + offers + [""] + sum + [""] + limits
    }

    /// What a person should know before saying yes; empty when all is well.
    package var warnings: [String] {
        var warnings: [String] = []
        var unlimited = terms
        unlimited.budget = nil
        if let budget = terms.budget, let worst = unlimited.worstCase, worst > budget {
            warnings.append(
                "warning: the worst case \(worst.text) is above the budget \(budget.text); such a night would stop at "
                    + "the budget and keep the previous model")
        }
        if let refused = terms.spotRefused {
            warnings.append("warning: Spot is left alone tonight (requireDrill): \(TerminalText.sanitized(refused))")
        }
        if terms.onDemand == nil {
            warnings.append("warning: no on-demand offer is priced; nothing can keep the deadline if Spot is absent")
        } else if terms.latestSafeSwitch < terms.start {
            let late = DurationText.full(terms.start - terms.latestSafeSwitch)
            warnings.append("warning: on-demand alone would need a start \(late) earlier to keep this deadline")
        }
        return warnings
    }

    private var switchWords: String {
        guard terms.policy != .onDemandOnly else { return "on-demand from the start" }
        return "latest safe switch to on-demand \(clock.minutes(terms.latestSafeSwitch, on: terms.deadline))"
    }

    private var moneyLine: String {
        let work = terms.restartOverhead + terms.expectedRuntime + terms.uploadTime
        let spot = terms.offers.filter { $0.offer.purchase == .spot }.map(\.rate).min()
        let onSpot = spot.map { "about \($0.cost(of: work).text)" } ?? "not found"
        return "at most \(MoneyText.amount(terms.worstCase)) (on-demand baseline \(MoneyText.amount(terms.baseline)); "
            + "on Spot all night \(onSpot))"
    }

    private var offers: [String] {
        var table = TextTable([
            ("instance", .left), ("zone", .left), ("option", .left), ("price", .right), ("as of", .left),
            ("source", .left),
        ])
        for priced in terms.offers {
            table.add([
                priced.offer.instanceType, priced.offer.zone, OutcomeWords.purchase(priced.offer.purchase),
                MoneyText.rate(priced.rate), priced.priceAsOf, priced.priceSource,
            ])
        }
        return table.lines
    }

    private var sum: [String] {
        let parts = SwitchSum(terms, latest: terms.latestSafeSwitch)
        return [
            " latest safe switch, if nothing is durable by then",
            "   \(parts.words)",
            "   \(clock.minutes(terms.promisedBy)) − \(parts.totalText) = "
                + clock.minutes(terms.latestSafeSwitch, on: terms.deadline),
        ]
    }

    private var limits: [String] {
        [
            " policy   \(terms.policy.rawValue); looks every \(DurationText.exact(terms.tick)), "
                + "asks a refused offer again after \(DurationText.exact(terms.retryInterval))",
            " window   \(clock.date(terms.start)) \(clock.minutes(terms.start)) to "
                + "\(clock.date(terms.deadline)) \(clock.minutes(terms.deadline)); no machine after "
                + "\(clock.minutes(terms.end, on: terms.deadline)) (maxWait)",
            " budget   \(terms.budget?.text ?? "no limit"); training time at most "
                + "\(DurationText.full(terms.maxRun)) (maxRun)",
            " saves    a checkpoint every \(DurationText.exact(terms.checkpointInterval)); an interruption loses "
                + "that and the unfinished save at most",
        ] + (publishing == .standard ? [] : [" publish  \(PublicationWords.settings(publishing))"])
    }
}
