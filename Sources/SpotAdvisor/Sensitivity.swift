// SPDX-License-Identifier: Apache-2.0

import NightSimulator
package import TrainingJobs

/// What the verdict hangs on: how far one thing may go, all else as it is, before Spot does not pay any more.
///
/// Spot pays while what a year saves covers the engineering. Found by bisection over simulated nights, to a hundredth of
/// the range.
package struct AdviceSensitivity: Hashable, Sendable {
    /// Below this share of the time with capacity Spot no longer pays; `nil` when it pays with next to none, or never.
    package let leastAvailability: Double?
    /// Above this share of on-demand's price it no longer pays; `nil` when it never does.
    package let greatestRatio: Double?
    /// With less time from start to deadline it no longer pays; `nil` when any deadline that on-demand keeps will do, or
    /// it never pays.
    package let leastWindow: Duration?
    package let availability: Double?
    /// Above this a late night makes Spot too dear; `nil` when no more nights are late than on on-demand, or Spot does
    /// not pay even if they cost nothing.
    package let greatestFailureCost: Money?
    /// Spot pays as things are.
    package let paysNow: Bool

    private static let nights = 120
    private static let steps = 7
    /// Of the believed hazard of a return: next to no capacity, ever.
    private static let slowestReturn = 0.1
    /// Three minutes between looks: a third of the work, and the same answer to a percent.
    private static let tick = Duration.minutes(3)

    /// `nightsToPay` are those within which the engineering must have paid for itself.
    init(_ terms: NightTerms, nightsToPay: Int, engineering: Money, failureCost: Money?, seed: UInt64) {
        var terms = terms
        terms.policy = .nightshift
        terms.tick = max(terms.tick, Self.tick)
        let perNight = Double(engineering.units) / Double(nightsToPay)
        let failure = Double(failureCost?.units ?? 0)
        /// What a night has left after engineering, `nil` where it is not a tenth cheaper; and the late nights added.
        func gain(_ terms: NightTerms) -> (left: Double, added: Double)? {
            guard let baseline = terms.baseline,
                let forecast = NightForecast(of: terms, nights: Self.nights, seed: seed)
            else { return nil }
            let saved = Double((baseline - forecast.meanCost).units)
            guard saved >= AdviceJudgement.leastGain * Double(baseline.units) else { return nil }
            return (saved - perNight, forecast.late - FailureRisk.lateOnDemand(terms))
        }
        func pays(_ terms: NightTerms) -> Bool { gain(terms).map { $0.left >= failure * $0.added } ?? false }
        let now = gain(terms)
        paysNow = now.map { $0.left >= failure * $0.added } ?? false
        greatestFailureCost = now.flatMap { now in
            now.left < 0 || now.added < 1e-6 ? nil : Money(units: Int128((now.left / now.added).rounded()))
        }
        let spot = terms.cheapestSpot
        availability = spot.map { MarketBelief(terms.marketModel(of: $0.offer)).availability }
        guard let spot, let onDemand = terms.onDemand else {
            leastAvailability = nil
            greatestRatio = nil
            leastWindow = nil
            return
        }
        let cheapest = Double(onDemand.rate.microdollars) * 0.02
        greatestRatio =
            pays(terms.with(spot: spot, cheapest))
            ? Self.bisect(0.02, 1) { pays(terms.with(spot: spot, Double(onDemand.rate.microdollars) * $0)) } : nil
        guard paysNow else {
            leastAvailability = nil
            leastWindow = nil
            return
        }
        func believed(returning scale: Double) -> Double {
            MarketBelief(terms.with(returns: scale).marketModel(of: spot.offer)).availability
        }
        leastAvailability =
            pays(terms.with(returns: Self.slowestReturn))
            ? nil
            : believed(
                returning: Self.bisect(1, Self.slowestReturn) { pays(terms.with(returns: $0)) })
        let (window, least) = ((terms.deadline - terms.start).realSeconds, terms.leastWindow.realSeconds)
        func cut(_ seconds: Double) -> NightTerms { terms.withWindow(.seconds(seconds.rounded())) }
        leastWindow =
            window <= least || pays(cut(least))
            ? nil : .seconds(Self.bisect(window, least) { pays(cut($0)) }.rounded())
    }

    /// `holds` at the first end and not at the other: the last place found at which it still holds.
    private static func bisect(_ good: Double, _ bad: Double, _ holds: (Double) -> Bool) -> Double {
        var (good, bad) = (good, bad)
        for _ in 0..<steps {
            let middle = (good + bad) / 2
            if holds(middle) { good = middle } else { bad = middle }
        }
        return good
    }
}

extension NightTerms {
    /// All Spot offers' prices scaled so that the given one's is this, in microdollars an hour.
    fileprivate func with(spot: PricedOffer, _ rate: Double) -> NightTerms {
        var terms = self
        let scale = rate / Double(spot.rate.microdollars)
        for index in terms.offers.indices where terms.offers[index].offer.purchase == .spot {
            let scaled = Double(terms.offers[index].rate.microdollars) * scale
            terms.offers[index].rate = HourlyRate(microdollars: max(1, Int64(scaled.rounded())))
        }
        return terms
    }

    /// Spells as long as they are, and capacity returning at so many times its hazard.
    fileprivate func with(returns scale: Double) -> NightTerms {
        var terms = self
        terms.marketModels = offers.filter { $0.offer.purchase == .spot }.map { priced in
            var model = marketModel(of: priced.offer)
            model.recovery.factor *= scale
            return OfferModel(instanceType: priced.offer.instanceType, zone: priced.offer.zone, model: model)
        }
        return terms
    }
}
