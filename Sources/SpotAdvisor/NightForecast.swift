// SPDX-License-Identifier: Apache-2.0

import NightEngine
package import NightSimulator
import SpotMarket
package import TrainingJobs

/// What a night will come to, as far as can be said: many nights drawn from what is believed of the market, each
/// played by the policy behind the safety net.
///
/// The draws hold the uncertainty of the fit and of whether the night begins with capacity. The same input gives the
/// same samples.
package struct NightForecast: Hashable, Sendable {
    package struct Sample: Hashable, Sendable {
        package var cost: Money
        package var isOnTime: Bool
        /// Had there been no on-demand at all.
        package var isOnTimeOnSpotAlone: Bool
        package var onSpot: Duration
        package var onDemand: Duration
        package var interruptions: Int
        /// Of the cost, for machines that were taken back within their first hour; EC2 does not charge it.
        package var youngSpot = Money.zero
        /// In time, but not if on-demand had let one wait twice as long as it promises.
        package var isTight = false

        package init(_ outcome: TickOutcome, _ night: TickNight, onSpotAlone: Bool) {
            func time(_ ticks: Int) -> Duration { .milliseconds(Int64(ticks) * night.tick) }
            let onDemandTime = time(outcome.onDemandTicks)
            cost = zip(outcome.spotTicks, night.spotRates).reduce(
                HourlyRate(microdollars: night.onDemandRate).cost(of: onDemandTime)
            ) { $0 + HourlyRate(microdollars: $1.1).cost(of: time($1.0)) }
            isOnTime = !outcome.isLate(night)
            if let finish = outcome.finishTick, isOnTime, outcome.onDemandTicks > 0 {
                isTight = Int64(night.deadlineTicks - finish) * night.tick < night.onDemandWait
            }
            if !isOnTime {
                // What is left of a late night is not known: it saves nothing.
                let whole = HourlyRate(microdollars: night.onDemandRate)
                    .cost(of: .milliseconds(night.work + night.restartOverhead))
                cost = max(cost, whole)
            }
            isOnTimeOnSpotAlone = onSpotAlone
            onSpot = time(outcome.spotTicks.reduce(0, +))
            onDemand = onDemandTime
            interruptions = outcome.interruptions
            youngSpot = zip(outcome.youngSpotTicks, night.spotRates).reduce(.zero) {
                $0 + HourlyRate(microdollars: $1.1).cost(of: time($1.0))
            }
        }
    }

    /// In the order in which they were drawn; at least one.
    package let samples: [Sample]
    private let sorted: [Money]

    /// `models` and `regions` are those of the night's zones, in their order; the policy believes the models too.
    package init(
        of night: TickNight, believing models: [MarketModel], in regions: [String],
        tightness: MarketTightness = .measured, policy: PolicyName = .nightshift, nights: Int, seed: UInt64
    ) {
        precondition(nights > 0 && models.count == night.spotRates.count, "a forecast without nights or models")
        let markets = DrawnMarkets(models, in: regions, tightness)
        var simulator = TickSimulator(
            night, .net(SafetyNet(policy.policy(for: night.outlook(wholeTicks: true), believing: models))))
        let tickHours = Double(night.tick) / 3_600_000
        // The published rules of time look one tick past the deadline.
        var zones = models.map { _ in [Bool](repeating: false, count: night.deadlineTicks + 2) }
        var samples: [Sample] = []
        samples.reserveCapacity(nights)
        for number in 0..<nights {
            var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15)
            markets.draw(into: &zones, tickHours: tickHours, &random)
            samples.append(
                Sample(
                    simulator.play(zones, from: 0), night, onSpotAlone: SpotAlone.isOnTime(night, zones, from: 0)))
        }
        self.samples = samples
        sorted = samples.map(\.cost).sorted()
    }

    /// Rounded toward zero in the finest unit.
    package var meanCost: Money { Money(units: sorted.reduce(.zero, +).units / Int128(sorted.count)) }

    /// The least cost that so many percent of the nights do not exceed (nearest rank).
    package func cost(percentile: Int) -> Money {
        precondition((1...100).contains(percentile), "percentile \(percentile)")
        return sorted[(sorted.count * percentile + 99) / 100 - 1]
    }

    /// Between 0 and 1, as all chances here.
    package var onTime: Double { share(\.isOnTime) }
    package var onTimeOnSpotAlone: Double { share(\.isOnTimeOnSpotAlone) }
    /// That on-demand is used at all.
    package var fallback: Double { share { $0.onDemand > .zero } }
    /// Late in the play, or because on-demand let one wait longer than it promises.
    package var late: Double { 1 - onTime + FailureRisk.longerWaits * share(\.isTight) }
    package var meanOnDemand: Duration { mean(\.onDemand) }
    package var meanOnSpot: Duration { mean(\.onSpot) }
    package var meanInterruptions: Double {
        Double(samples.reduce(0) { $0 + $1.interruptions }) / Double(samples.count)
    }

    private func share(_ holds: (Sample) -> Bool) -> Double {
        Double(samples.count(where: holds)) / Double(samples.count)
    }

    private func mean(_ value: (Sample) -> Duration) -> Duration {
        .milliseconds(samples.reduce(0) { $0 + value($1).milliseconds } / Int64(samples.count))
    }
}

extension NightForecast {
    /// A job's night by its terms, with the terms' own policy and models. `nil` without a Spot offer, where nothing is
    /// left to chance, or without on-demand, where nothing is promised.
    package init?(of terms: NightTerms, nights: Int, seed: UInt64) {
        let spot = terms.offers.filter { $0.offer.purchase == .spot }
            .sorted { ($0.rate, $0.offer.name) < ($1.rate, $1.offer.name) }
        guard !spot.isEmpty, let night = TickNight(terms, spot: spot) else { return nil }
        self.init(
            of: night, believing: spot.map { terms.marketModel(of: $0.offer) },
            in: spot.map(\.offer.region), policy: terms.policy, nights: nights,
            seed: seed)
    }
}

extension TickNight {
    /// The upload counts as work: its machine is paid for, and it must be over by the same moment.
    fileprivate init?(_ terms: NightTerms, spot: [PricedOffer]) {
        guard let onDemand = terms.onDemand else { return nil }
        let trainingEnd = terms.promisedBy - terms.safetyMargin
        self.init(
            tick: terms.tick.milliseconds, work: (terms.expectedRuntime + terms.uploadTime).milliseconds,
            deadline: (trainingEnd - terms.start).milliseconds, restartOverhead: terms.restartOverhead.milliseconds,
            spotRates: spot.map(\.rate.microdollars), onDemandRate: onDemand.rate.microdollars)
        onDemandWait = terms.onDemandWait.milliseconds
        checkpointInterval = max(1, terms.checkpointInterval.milliseconds)
        overlapsMoves = true
    }
}
