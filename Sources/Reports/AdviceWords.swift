// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import SpotMarket
import TrainingJobs

/// The sentences of advice, which the terminal, the page and the document share.
package struct AdviceWords {
    let advice: Advice

    package init(_ advice: Advice) { self.advice = advice }

    private var terms: NightTerms { advice.brief.terms }

    /// `Spot does not fit this job: the deadline is sharp.`
    var headline: String {
        switch advice.verdict.fit {
        case .fits: "Spot fits this job."
        case .fitsWithConditions: "Spot fits this job, with conditions."
        case .doesNotFit:
            "Spot does not fit this job: \(advice.verdict.obstacles.map(Self.short).joined(separator: "; "))."
        }
    }

    /// `nil` where there is nothing to forecast.
    var odds: String? {
        guard let odds = spotRow?.odds else { return nil }
        let clock = terms.clock
        return "on Spot, with the switch: ready by \(clock.minutes(terms.deadline)) in "
            + "\(Self.percent(odds.onTime)) of nights (\(SimulationWords.share(odds.onTimeLow))–\(Self.percent(odds.onTimeHigh)); "
            + "\(advice.brief.nights) simulated)"
    }

    var money: String {
        let baseline = "on-demand \(MoneyText.amount(terms.baseline))"
        guard let nights = spotRow?.nights else { return "\(baseline) a night; on Spot: not found" }
        return "a night on Spot: p10 \(nights.p10.text), p50 \(nights.p50.text), p90 \(nights.p90.text); \(baseline)"
    }

    var switchLine: String {
        let clock = terms.clock
        guard terms.onDemand != nil else { return "no on-demand offer: nothing keeps the deadline if Spot is absent" }
        return
            "latest safe switch to on-demand: \(clock.withZone(terms.latestSafeSwitch)) in the night that ends on "
            + "\(clock.date(terms.deadline)), if nothing is durable by then"
    }

    /// What has been decided for, and why.
    var recommendation: String {
        guard let option = advice.recommended else {
            return advice.deadline.form == .hopeless
                ? "nothing: \(sentence(.hopelessDeadline))" : "nothing can be recommended: no price was found"
        }
        guard option.isSpot else {
            return "\(Self.name(option)): " + advice.verdict.obstacles.map(sentence).joined(separator: " ") + plan
        }
        var words =
            "\(Self.name(option)), with Nightshift's switch to on-demand: saves about "
            + "\(advice.worth.savedPerMonth.text) \(span) and keeps the deadline as the odds say"
        if let own = advice.row(option)?.perMonth, option == .managedSpot, let row = advice.row(.ec2Spot),
            let ec2 = row.perMonth, ec2.units * 20 < own.units * 19
        {
            words +=
                "; EC2 Spot would save \((own - ec2).text) more\(age(of: row)), for which the team restarts machines and "
                + "moves checkpoints itself"
        }
        return words + "." + plan
    }

    /// A job that runs so long that a commitment is used.
    private var plan: String {
        guard let cost = advice.planWouldCost, let row = advice.row(.savingsPlan), let discount = row.discount else {
            return ""
        }
        return
            " It runs so many hours that a Savings Plan may cost less: \(cost.text) a month at the largest published "
            + "discount (\(Self.whole(discount))), for 1 or 3 years; look your own discount up: nightshift savings-plan."
    }

    var span: String { advice.worth.runsOnce ? "once" : "a month" }

    private func age(of row: OptionRow) -> String {
        let days = row.prices.compactMap { LocalDate($0.priceAsOf) }.map { advice.brief.today.dayNumber - $0.dayNumber }
        guard let most = days.max(), most > PriceUse.defaultMaximumAgeDays else { return "" }
        return " at prices of up to \(most) days ago"
    }

    var spotRow: OptionRow? {
        advice.row(advice.spotOption)
    }

    /// Halves are tens of tenths here: rounded before they are cut.
    static func whole(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    static func percent(_ share: Double) -> String { "\(SimulationWords.share(share)) %" }

    package static func name(_ option: AdviceOption) -> String {
        switch option {
        case .managedSpot: "SageMaker managed Spot"
        case .sagemakerOnDemand: "SageMaker on-demand"
        case .ec2Spot: "EC2 Spot, self-managed"
        case .batchSpot: "AWS Batch on Spot"
        case .hyperPod: "SageMaker HyperPod"
        case .savingsPlan: "Savings Plan + on-demand"
        case .ec2OnDemand: "EC2 on-demand"
        }
    }

    static func asks(_ option: AdviceOption) -> String {
        switch option {
        case .managedSpot: "checkpoints in the script; the platform restarts it; a switch to on-demand from outside"
        case .sagemakerOnDemand, .ec2OnDemand: "nothing"
        case .ec2Spot: "images, machines, restarts, checkpoints to S3, clean-up: all yours"
        case .batchSpot: "a container, queues, checkpoints to S3, a deadline from outside; Batch restarts it"
        case .hyperPod:
            "a cluster of your own, paid while its nodes exist: here those of one night, on-demand; its Spot has no published price"
        case .savingsPlan: "a commitment of 1 or 3 years, paid every hour; covers no Spot"
        }
    }

    /// In one line, with why not.
    static let notConsidered = [
        "Capacity Blocks: sold by the day from 24 h on, paid upfront, ending at 11:30 UTC: six days of a nightly job's hours "
            + "would be paid for each one that is used",
        "SageMaker training plans: reserved and paid upfront for a span; not combined with managed Spot",
    ]

    static let notModelled = [
        "a Spot machine is there at once or not at all; boot and download are in the restart",
        "saves are part of expectedRuntime; the save at a notice is not counted; no quota, no failing code, prices stay "
            + "as they are",
        "EC2's and SageMaker's pools are different pools; the same law is believed of both",
        "pools of a region share how tight the weeks are and how the night begins; later spells are drawn apart, real ones often go together",
    ]

    static func short(_ obstacle: AdviceVerdict.Obstacle) -> String {
        switch obstacle {
        case .noCheckpoint: "it saves no checkpoints"
        case .drillFailed: "its last drill failed"
        case .hopelessDeadline: "even on-demand is too late"
        case .sharpDeadline: "the deadline is sharp"
        case .shortJob: "the job is short"
        case .thinPool: "the pool is thin"
        case .costlyFailure: "a late night costs too much"
        case .smallBill: "the bill is small"
        case .noDiscount: "there is no discount"
        case .nothingToCompare: "a price is missing"
        }
    }
}

extension NightTerms {
    /// The price of on-demand for an hour, or that it was not found.
    var onDemandRateText: String { onDemand.map { MoneyText.rate($0.rate) } ?? "not found" }
}
