// SPDX-License-Identifier: Apache-2.0

import NightEngine
package import SpotMarket
package import TrainingJobs

/// Many nights of one job under several policies, each policy in the very same markets.
package struct NightStudy: Sendable {
    private let terms: NightTerms
    private let conditions: TrainingConditions
    private let market: @Sendable (_ night: Int) throws -> Market
    private let width: Int

    /// `market` is asked with the night's number, from 0, and always gives the same market for it. `width` is how many
    /// nights are played at once; it changes no result.
    package init(
        _ terms: NightTerms, under conditions: TrainingConditions, width: Int,
        market: @escaping @Sendable (_ night: Int) throws -> Market
    ) {
        self.terms = terms
        self.conditions = conditions
        self.width = width
        self.market = market
    }

    package func results(of policies: [PolicyName], nights: Int) async throws -> [PolicyResult] {
        try await results(of: policies.map { Plan(terms, $0) }, nights: nights)
    }

    /// The same with the deadline so long after the start; the night's end moves with it.
    package func sweep(
        _ windows: [Duration], of policies: [PolicyName], nights: Int
    ) async throws -> [DeadlinePoint] {
        let plans = windows.flatMap { window in policies.map { Plan(terms.withWindow(window), $0) } }
        let results = try await results(of: plans, nights: nights)
        return windows.enumerated().map { index, window in
            DeadlinePoint(
                window: window, results: Array(results[index * policies.count..<(index + 1) * policies.count]))
        }
    }

    /// What a night costs at least, on average; `nil` when some night has no course that is in time.
    package func optimum(nights: Int) async throws -> Money? {
        let (bound, market) = (HindsightBound(terms, under: conditions), market)
        let costs = try await ParallelNights.results(nights, width: width) { bound.cost(in: try market($0)) }
            .compactMap { $0 }
        guard costs.count == nights else { return nil }
        return Money(units: costs.reduce(Money.zero, +).units / Int128(nights))
    }

    /// One night's record.
    package func events(of policy: PolicyName, night: Int) throws -> [NightEvent] {
        let plan = Plan(terms, policy)
        return try SimulatedNight(
            terms: plan.terms, market: try market(night), conditions: conditions, behind: plan.net
        ).events
    }

    private func results(of plans: [Plan], nights: Int) async throws -> [PolicyResult] {
        let (conditions, market) = (conditions, market)
        let facts = try await ParallelNights.results(nights, width: width) { number in
            let market = try market(number)
            return try plans.map { plan in
                try SimulatedNight(terms: plan.terms, market: market, conditions: conditions, behind: plan.net)
                    .events.facts
            }
        }
        return plans.enumerated().map { index, plan in
            PolicyResult(plan.terms.policy, facts.map { $0[index] })
        }
    }

    /// A policy is solved once for all of its nights.
    private struct Plan {
        let terms: NightTerms
        let net: SafetyNet

        init(_ terms: NightTerms, _ policy: PolicyName) {
            var own = terms
            own.policy = policy
            self.terms = own
            net = own.safetyNet
        }
    }
}

/// What policies come to with one deadline.
package struct DeadlinePoint: Hashable, Sendable {
    package let window: Duration
    package let results: [PolicyResult]

    package init(window: Duration, results: [PolicyResult]) {
        self.window = window
        self.results = results
    }
}

extension NightTerms {
    /// The least time from start to deadline that on-demand can keep, whatever Spot does.
    package var leastWindow: Duration { deadline - latestSafeSwitch }

    /// The deadline so long after the start; no more time after it than before.
    package func withWindow(_ window: Duration) -> NightTerms {
        var terms = self
        terms.deadline = start + window
        terms.end = terms.deadline + max(.zero, end - deadline)
        return terms
    }

    /// From the shortest deadline that can be kept to twice as long, this night's own among them.
    package func sweptWindows(_ count: Int) -> [Duration] {
        precondition(count >= 2, "a sweep of \(count)")
        let least = leastWindow.milliseconds
        let most = max(least * 2, (deadline - start).milliseconds)
        let even = (0..<count).map { least + (most - least) * Int64($0) / Int64(count - 1) }
        return Set(even + [(deadline - start).milliseconds]).sorted().map { .milliseconds($0) }
    }
}
