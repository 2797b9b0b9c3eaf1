// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import TrainingJobs

/// Many jobs for a terminal, a row a job.
package struct PortfolioView: Sendable {
    private let portfolio: AdvicePortfolio

    package init(_ portfolio: AdvicePortfolio) { self.portfolio = portfolio }

    package var text: String {
        var table = TextTable(
            PortfolioCells.titles.enumerated().map { ($0.element, [3, 5, 6, 7].contains($0.offset) ? .right : .left) })
        for (index, advice) in portfolio.ranked.enumerated() { table.add(PortfolioCells(advice, index).cells) }
        return
            (["\(PortfolioWords.title(portfolio))", ""] + table.lines + ["", " \(PortfolioWords.first(portfolio))"]
            + PortfolioWords.plans(portfolio).map { " \($0)" })
            .map(TerminalText.sanitized).joined(separator: "\n") + "\n"
    }
}

enum PortfolioWords {
    static func title(_ portfolio: AdvicePortfolio) -> String {
        let unpriced =
            portfolio.unpriced.isEmpty ? "" : " (without a price: \(portfolio.unpriced.joined(separator: ", ")))"
        return "\(NumberText.count(portfolio.ranked.count, "job")): about \(portfolio.savedPerMonth.text) of "
            + "\(portfolio.baselinePerMonth.text) a month can be saved\(unpriced)"
    }

    static func first(_ portfolio: AdvicePortfolio) -> String {
        guard let first = portfolio.ranked.first, first.isWorthDoing else { return "Spot fits none of these jobs" }
        return "the first week of engineering pays most on \(first.brief.title): "
            + "\(first.worth.savedPerWeek.text) a month for each week (a week is taken as \(first.worth.week.text))"
    }

    static func plans(_ portfolio: AdvicePortfolio) -> [String] {
        portfolio.plans.map { plan in
            "together \(plan.jobs.joined(separator: ", ")) fill hours that a \(plan.kind.rawValue) Savings Plan would cover: "
                + "\(MoneyText.rate(plan.commitment.rate)) committed saves up to \(plan.savedPerMonth.text) a month at the "
                + "largest published discount (\(AdviceWords.whole(plan.kind.mostPublished.share))); see: nightshift savings-plan"
        }
    }
}

struct PortfolioCells {
    static let titles = [
        "", "job", "verdict", "on-demand a month", "prices as of", "saved a month", "engineering", "saved per week",
        "buy it as",
        "because",
    ]

    let cells: [String]

    init(_ advice: Advice, _ index: Int) {
        let words = AdviceWords(advice)
        let fits = advice.isWorthDoing
        let row = words.spotRow.flatMap { $0.prices.isEmpty ? nil : $0 }
        let own = row.flatMap { AdviceWords.asOf($0, on: advice.brief.today) } ?? "not found"
        cells = [
            fits ? "\(index + 1)" : "", advice.brief.title, advice.verdict.fit.rawValue,
            MoneyText.amount(advice.baselinePerMonth), own,
            fits ? advice.worth.savedPerMonth.text : "–", advice.worth.engineering.text,
            fits ? advice.worth.savedPerWeek.text : "–",
            (advice.recommended.map(AdviceWords.name)
                ?? (advice.deadline.form == .hopeless ? "nothing is in time" : "not found"))
                + (advice.planWouldCost == nil ? "" : ", or a Savings Plan"),
            fits
                ? advice.verdict.conditions.map(words.sentence).joined(separator: "; ")
                : advice.verdict.obstacles.map(AdviceWords.short).joined(separator: "; "),
        ]
    }
}
