// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import TrainingJobs

/// Advice on a commitment in words, the same on a terminal and on a page.
package struct SavingsPlanWords: Sendable {
    let advice: SavingsPlanAdvice
    let name: String
    let prices: String
    /// What the usage file was, and what of it counts.
    let usage: String
    /// Else they are round ones and the most that is published, and none of them is known to be had.
    let discountsAreGiven: Bool

    package init(
        _ advice: SavingsPlanAdvice, job name: String, prices: String, usage: String, discountsAreGiven: Bool
    ) {
        self.advice = advice
        self.name = name
        self.prices = prices
        self.usage = usage
        self.discountsAreGiven = discountsAreGiven
    }

    var title: String {
        guard let best else {
            return "\(name): no \(advice.kind.rawValue) Savings Plan pays, neither for this job nor beside it"
        }
        let discounts = advice.cases.filter(\.pays).map { Self.percent($0.discount) }
        let when = discounts.count == advice.cases.count ? "" : " at a discount of \(discounts.joined(separator: ", "))"
        return best.cheapest.layer == .spotOnTop
            ? "\(name): Spot for this job, and \(kind) Savings Plan under your other usage and the fallback\(when)"
            : "\(name): \(kind) Savings Plan that this job shares with your other usage\(when)"
    }

    private var kind: String { advice.kind.withArticle }

    /// Of the discounts at which a plan pays, the smallest: what pays there pays at the larger ones too.
    private var best: SavingsPlanAdvice.Case? {
        advice.cases.filter(\.pays).min { $0.discount < $1.discount }
    }

    private var nights: String { NumberText.count(advice.job.nightsPerMonth, "night") }

    /// What everything rests on.
    var facts: [(name: String, words: String)] {
        let job = advice.job
        var facts = [
            (
                "on-demand",
                "\(job.instanceType) \(MoneyText.rate(job.onDemandRate)), \(DurationText.short(job.runtime)) billed a night: "
                    + "\(job.onDemandPerNight.text), \(advice.onDemandPerMonth.text) in \(nights)"
            )
        ]
        if let spot = job.spot, let night = job.spotPerNight, let month = advice.spotPerMonth {
            let fallback =
                spot.fallbackNights == 0
                ? "no fallback in any of them"
                : "on-demand in \(NumberText.exact(Double(spot.fallbackNights) / 10)) % of them, "
                    + "\(DurationText.short(spot.fallback)) each"
            facts.append(
                ("Spot", "\(night.text) a night on average, \(month.text) in \(nights); drawn nights: \(fallback)"))
        }
        facts.append(("usage", usage))
        if !advice.usage.isNone {
            facts.append(
                (
                    "",
                    "\(advice.usagePerMonth.text) in 30 days without a plan, at most "
                        + "\(MoneyText.rate(advice.usage.most)) in an hour"
                ))
        }
        facts.append(("prices", prices))
        return facts
    }

    static let aloneTitles = ["discount", "pays from", "commitment", "30 days", "of on-demand"]

    /// A plan for this job alone, at each discount.
    func alone(_ one: SavingsPlanAdvice.Case) -> [String] {
        let hours = Int64((one.discount.breakEvenHours * 3_600_000).rounded())
        let ratio = Double(one.jobAlone.total.units) / Double(max(1, advice.onDemandPerMonth.units))
        return [
            Self.percent(one.discount), "\(DurationText.short(.milliseconds(hours))) a day",
            MoneyText.rate(one.jobAlone.commitment.rate), one.jobAlone.total.text, "\(NumberText.ratio(ratio)) ×",
        ]
    }

    /// The sum behind the first row, written out.
    var aloneSum: String {
        let one = advice.cases[0]
        return
            "a commitment is paid every hour, used or not: 720 h × \(MoneyText.rate(one.jobAlone.commitment.rate)) = "
            + "\(one.jobAlone.total.text), against \(advice.job.nightsPerMonth) × \(advice.job.onDemandPerNight.text) = "
            + "\(advice.onDemandPerMonth.text) on on-demand"
    }

    static let layerTitles = [
        "discount", "this job", "commitment", "30 days, all", "this job's part", "used", "unused",
        "hours not used whole",
    ]

    func layers(_ one: SavingsPlanAdvice.Case) -> [[String]] {
        [one.onDemand, one.spotOnTop].compactMap { $0 }.map { option in
            let commitment = option.commitment
            func month(_ hourly: Money) -> String { Money(units: hourly.units * 720).text }
            return [
                Self.percent(one.discount), option.layer == .onDemand ? "on on-demand" : "on Spot",
                commitment.covers.microdollars == 0 ? "none" : MoneyText.rate(commitment.rate), option.total.text,
                option.job.text, month(commitment.used), month(commitment.unused),
                commitment.covers.microdollars == 0
                    ? "" : "\(Int(((1 - commitment.whole) * 720).rounded())) of 720",
            ]
        }
    }

    /// Rows without any plan, for comparison.
    var withoutPlanRows: [[String]] {
        let jobs = [("on on-demand", Optional(advice.onDemandPerMonth)), ("on Spot", advice.spotPerMonth)]
        return jobs.compactMap { name, job in
            job.map { ["no plan", name, "none", (advice.usagePerMonth + $0).text, $0.text, "$0.00", "$0.00", ""] }
        }
    }

    var recommendation: String {
        guard let best else {
            return advice.usage.isNone
                ? "commit to nothing: \(DurationText.short(advice.job.runtime)) a night is "
                    + "\(NumberText.percent(advice.job.runtime.realSeconds / 86400)) of the hours; say what else you use with "
                    + "--usage, and the sum is made with it"
                : "commit to nothing: your other usage is not steady enough at \(discounts)"
        }
        let option = best.cheapest
        let known =
            discountsAreGiven
            ? ""
            : best.discount == advice.kind.mostPublished
                ? " (the most that is published for any type; yours is not known: look it up before you commit)"
                : " (the smallest of these that pays; yours is not known: look it up before you commit)"
        return
            "at \(Self.percent(best.discount))\(known): commit \(MoneyText.rate(option.commitment.rate)); 30 days cost "
            + "\(option.total.text) in all, \(best.saving.text) less than without a plan"
            + (best.others.covers == option.commitment.covers
                ? "; your other usage alone asks for the same commitment" : "")
    }

    private var discounts: String { advice.cases.map { Self.percent($0.discount) }.joined(separator: ", ") }

    static let rules = [
        "no plan covers Spot; SageMaker (ml.*) is covered by SageMaker plans alone, EC2 by Compute and EC2Instance plans",
        "a commitment is for one or three years and cannot be given back",
        "one discount for all usage: AWS has one for each type, region and term; look yours up before you commit",
        "the export's hours stand for those to come; a month has 30 days",
    ]

    static func percent(_ discount: SavingsPlanDiscount) -> String {
        "\(NumberText.exact((discount.share * 10000).rounded() / 100)) %"
    }
}
