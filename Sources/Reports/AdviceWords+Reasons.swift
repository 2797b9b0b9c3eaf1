// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import TrainingJobs

extension AdviceWords {
    /// Why, with this job's own figures, and what would change it.
    func sentence(_ obstacle: AdviceVerdict.Obstacle) -> String {
        let (terms, deadline) = (advice.brief.terms, advice.deadline)
        switch obstacle {
        case .noCheckpoint:
            return
                "An interruption would lose the whole night's work: \(advice.brief.resume.words). Save now and then, "
                + "then run the drill."
        case .drillFailed:
            return "\(advice.brief.resume.words.capitalizedFirst). Read its report, repair the resume, and drill again."
        case .hopelessDeadline:
            return "On-demand alone needs \(DurationText.full(deadline.work + deadline.overheads)), and the window is "
                + "\(DurationText.full(deadline.window))."
        case .sharpDeadline:
            return "On-demand must be bought within \(DurationText.full(deadline.slack)) of the start, but Spot needs "
                + "\(DurationText.full(deadline.roomForSpot)) to make anything durable. An earlier start of "
                + "\(DurationText.full(deadline.roomForSpot * 2 - deadline.slack)) would make room."
        case .shortJob:
            return "Starting and finishing take \(DurationText.full(terms.restartOverhead + terms.uploadTime)) beside "
                + "\(DurationText.full(terms.expectedRuntime)) of work, and each interruption pays the start again. Run it "
                + "on-demand, or together with others."
        case .thinPool:
            return
                "Spot is absent or lost so often that a night is expected to cost less than a tenth below on-demand. "
                + "More zones or types make the pool deeper."
        case .costlyFailure:
            return "\(Self.percent(advice.risk.lateShare)) of nights on Spot are expected late, on on-demand "
                + "\(Self.percent(advice.risk.lateShareOnDemand)); at \(MoneyText.amount(advice.risk.cost)) each the "
                + "difference is \(MoneyText.amount(advice.risk.expected)) a night: more than Spot saves."
        case .smallBill:
            return "Spot would save about \(advice.worth.savedPerMonth.text) \(span), which does not pay back "
                + "\(advice.worth.engineering.text) of engineering\(advice.worth.runsOnce ? "" : " within a year")."
        case .noDiscount:
            return "Spot costs \(terms.cheapestSpot.map { MoneyText.rate($0.rate) } ?? "not found") where on-demand "
                + "costs \(terms.onDemandRateText). Look at other zones."
        case .nothingToCompare:
            return "The job offers no Spot or no on-demand that has a price. Add both to offers, with prices."
        }
    }

    func sentence(_ condition: AdviceVerdict.Condition) -> String {
        switch condition {
        case .runDrill: "prove that it resumes: nightshift drill (\(advice.brief.resume.words))"
        case .drillAgain: "drill again (\(advice.brief.resume.words))"
        case .sayFailureCost: "say what a late night costs: failureCost in the job file"
        case .weakEvidence:
            "watch the first nights: little was seen of these pools, and half of what is believed of them would not pay"
        case .lateRisk:
            "accept that \(Self.percent(advice.risk.lateShare)) of nights are late (on on-demand "
                + "\(Self.percent(advice.risk.lateShareOnDemand))), or start earlier"
        case .offerSpot: "offer Spot in the job file: add spot to purchaseOptions"
        case .oldPrices:
            "look the prices up: the oldest is "
                + (advice.brief.oldestPriceDays.map { "\($0) days old" } ?? "of a day that is not known")
        case .shortJob:
            "know that starting and finishing take \(DurationText.full(advice.brief.terms.restartOverhead + advice.brief.terms.uploadTime)) "
                + "beside \(DurationText.full(advice.brief.terms.expectedRuntime)) of work"
        }
    }

    /// What comes first where Spot fits; nothing where it does not.
    var conditions: [String] {
        advice.verdict.fit == .doesNotFit ? [] : advice.verdict.conditions.map(sentence)
    }

    /// Name and answer of each filter, in order.
    var filters: [(name: String, words: String)] {
        [
            ("can it resume?", advice.brief.resume.words), ("deadline", deadlineWords), ("pool depth", poolWords),
            ("cost of a failed night", failureWords), ("worth the work?", worthWords),
        ]
    }

    private var deadlineWords: String {
        let deadline = advice.deadline
        return "\(deadline.form.rawValue): \(DurationText.full(deadline.window)) window, "
            + "\(DurationText.full(deadline.work)) work, \(DurationText.full(deadline.overheads)) for restart, on-demand's "
            + "wait, upload and margin; \(DurationText.full(deadline.slack)) slack, of which Spot needs "
            + DurationText.full(deadline.roomForSpot)
    }

    private var poolWords: String {
        guard let pool = advice.pools.max(by: { $0.available < $1.available }) else { return "no Spot offer" }
        let size = pool.available < 0.3 ? "thin" : pool.available < 0.7 ? "middling" : "deep"
        return "\(size): \(pool.offer.offer.instanceType) \(pool.offer.offer.zone) up "
            + "\(Self.whole(pool.available)) of the time, \(Self.whole(pool.uninterrupted(hours: 4))) that "
            + "a machine stays 4 h (\(Self.evidence(pool)))"
    }

    static func evidence(_ pool: PoolDepth) -> String {
        let base =
            switch pool.evidence {
            case .shippedLaw: "law of public traces of 2022 and 2023, other GPU types"
            case .traces(let count): NumberText.count(count, "trace")
            case .ownNights(let count): NumberText.count(count, "night") + " of your own"
            }
        return pool.isWeak ? "\(base): weak evidence" : base
    }

    private var failureWords: String {
        guard let cost = advice.risk.cost else { return "not said: failureCost in the job file" }
        if cost == .zero { return "nothing: yesterday's model stays in service" }
        return "\(cost.text); \(Self.percent(advice.risk.lateShare)) of nights late on Spot, "
            + "\(Self.percent(advice.risk.lateShareOnDemand)) on on-demand: \(MoneyText.amount(advice.risk.expected)) a "
            + "night for the difference"
    }

    private var worthWords: String {
        let worth = advice.worth
        let engineering = worth.engineering.text + (worth.engineeringIsAssumed ? ", assumed," : "") + " of engineering"
        let nights = NumberText.count(advice.brief.nightsPerMonth, "night")
        if worth.engineering == .zero {
            return "about \(worth.savedPerMonth.text) saved \(span) (\(nights)), for no work"
        }
        if worth.runsOnce { return "about \(worth.savedPerMonth.text) saved once, for \(engineering)" }
        guard let months = worth.paybackMonths else { return "nothing is saved that could pay \(engineering)" }
        return "about \(worth.savedPerMonth.text) saved a month (\(nights)); "
            + "\(engineering) is paid back in \(NumberText.tenths(months)) months"
    }

    /// What the answer hangs on.
    var sensitivity: [String] {
        let hangs = advice.sensitivity
        var lines: [String] = []
        if let least = hangs.leastAvailability {
            lines.append(
                "below \(Self.whole(least)) availability Spot no longer pays"
                    + (hangs.availability.map { " (believed: \(Self.whole($0)))" } ?? ""))
        } else if hangs.paysNow {
            lines.append("Spot pays with next to no availability")
        }
        if let greatest = hangs.greatestRatio {
            lines.append(
                "above \(Self.whole(greatest)) of on-demand's price it no longer pays"
                    + (advice.brief.terms.spotRatio.map { " (now: \(Self.whole($0)))" } ?? ""))
        } else {
            lines.append("it would not pay at any price of Spot")
        }
        if let cost = hangs.greatestFailureCost {
            lines.append(
                "above \(cost.text) a late night it no longer pays (now: \(advice.risk.cost?.text ?? "not said"))")
        } else if hangs.paysNow {
            lines.append("whatever a late night costs, it pays: no more of them than on on-demand")
        }
        if let window = hangs.leastWindow {
            let terms = advice.brief.terms
            lines.append(
                "with a deadline before \(terms.clock.minutes(terms.start + window)) it no longer pays (now: "
                    + "\(terms.clock.minutes(terms.deadline)))")
        } else if hangs.paysNow {
            lines.append("it pays with any deadline that on-demand can keep")
        }
        return lines
    }

    /// Type and zone, its price, how deep it is believed to be, and why.
    static let poolTitles = ["pool", "an hour", "as of", "up", "stays 4 h", "mean spell", "evidence"]

    var poolCells: [[String]] {
        advice.pools.map { pool in
            [
                "\(pool.offer.offer.instanceType) \(pool.offer.offer.zone)", MoneyText.rate(pool.offer.rate),
                pool.offer.priceAsOf, Self.whole(pool.available), Self.whole(pool.uninterrupted(hours: 4)),
                "\(NumberText.tenths(pool.meanSpellHours)) h", Self.evidence(pool),
            ]
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
