// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
package import TrainingJobs

/// A month two ways: by arithmetic, and from nights simulated in the job's own market.
package struct MonthStudy: Hashable, Sendable {
    package var terms: NightTerms
    package var arithmetic: MonthArithmetic
    /// Parameters that nobody typed, with where they come from.
    package var sources: [String]
    /// Where the market comes from, in sentences.
    package var markets: [String]
    package var result: PolicyResult
    /// On-demand from the start, in the same markets; `nil` without an on-demand offer.
    package var onDemand: PolicyResult?

    package init(
        terms: NightTerms, arithmetic: MonthArithmetic, sources: [String], markets: [String], result: PolicyResult,
        onDemand: PolicyResult?
    ) {
        self.terms = terms
        self.arithmetic = arithmetic
        self.sources = sources
        self.markets = markets
        self.result = result
        self.onDemand = onDemand
    }

    package var spread: MonthSpread { Self.spread(result, arithmetic.nights) }
    package var onDemandSpread: MonthSpread? { onDemand.map { Self.spread($0, arithmetic.nights) } }
    package var interruptedNights: Double { perMonth { $0.interruptions > 0 } }
    package var fallbackNights: Double { perMonth { $0.onDemand > .zero } }
    package var lateNights: Double { perMonth { !$0.isOnTime } }

    private func perMonth(_ counts: (NightFacts) -> Bool) -> Double {
        Double(result.nights.count(where: counts)) * Double(arithmetic.nights) / Double(result.nights.count)
    }

    private static func spread(_ result: PolicyResult, _ nights: Int) -> MonthSpread {
        guard let spread = MonthSpread(result.nights.map(\.cost), nights: nights) else {
            preconditionFailure("a policy without nights")
        }
        return spread
    }
}
