// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import TrainingJobs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Draws how a night's pools come and go, tick by tick, from what is believed of them.
///
/// Each night has factors of its own. It begins somewhere in a spell that has been going on: whether up or down, and
/// for how much longer, is drawn as a pool that has followed the law for ever would be found. With hazards that fall
/// with age that is far longer than a spell that has just begun.
///
/// What befalls one pool of a region befalls the others in part (`MarketTightness`): their factors, whether they are up
/// at the begin, and for how much longer. Each pool by itself is drawn as if it were alone.
struct DrawnMarkets: Sendable {
    private let pools: [DrawnPool]
    /// By pool, a number for its region.
    private let regions: [Int]
    private let tightness: MarketTightness

    init(_ models: [MarketModel], in regions: [String], _ tightness: MarketTightness) {
        precondition(models.count == regions.count, "pools without a region")
        pools = models.map { DrawnPool(MarketBelief($0)) }
        let names = Set(regions).sorted()
        self.regions = regions.map { names.firstIndex(of: $0) ?? 0 }
        self.tightness = tightness
    }

    /// Fills each pool's ticks, all of them alike in number, with whether it is up when each begins.
    ///
    /// After `renewal` ticks pools are met anew, under the factors that they have: what they share of their spells is
    /// forgotten as these end, and in a stretch of weeks there are many such beginnings.
    func draw(into ticks: inout [[Bool]], tickHours: Double, renewal: Int = .max, _ random: inout SplitMix64) {
        let factors = latents(&random).enumerated().map { pool, latent in
            pools[pool].factors(log: tightness.spread * latent, &random)
        }
        let count = ticks.first?.count ?? 0
        var first = 0
        while first < count {
            let range = first..<(renewal < count - first ? first + renewal : count)
            let (states, rests) = (latents(&random), latents(&random))
            for pool in pools.indices {
                pools[pool].fill(
                    &ticks[pool], range, tickHours, factors[pool],
                    state: NormalDistribution.cumulative(states[pool]),
                    rest: NormalDistribution.cumulative(rests[pool]), &random)
            }
            first = range.upperBound
        }
    }

    /// Standard normal, by pool; high is generous.
    private func latents(_ random: inout SplitMix64) -> [Double] {
        let shared = (0...(regions.max() ?? 0)).map { _ in NormalDistribution.draw(&random) }
        let (common, own) = (tightness.shared.squareRoot(), (1 - tightness.shared).squareRoot())
        return regions.map { common * shared[$0] + own * NormalDistribution.draw(&random) }
    }
}

/// One pool's spells.
private struct DrawnPool: Sendable {
    private let loss: SpellTable
    private let recovery: SpellTable

    struct Factors {
        var (up, down) = (1.0, 1.0)
        var (meanUp, meanDown) = (0.0, 0.0)
    }

    init(_ belief: MarketBelief) {
        loss = SpellTable(belief.loss)
        recovery = SpellTable(belief.recovery)
    }

    /// As the fit left them, in a period that is so much more generous.
    func factors(log generous: Double, _ random: inout SplitMix64) -> Factors {
        let up = loss.factor(&random) * exp(-generous)
        let down = recovery.factor(&random) * exp(generous)
        return Factors(up: up, down: down, meanUp: loss.meanHours(up), meanDown: recovery.meanHours(down))
    }

    /// `state` and `rest` are uniform between 0 and 1: high is up, high is long while up and short while down.
    func fill(
        _ ticks: inout [Bool], _ range: Range<Int>, _ tickHours: Double, _ factors: Factors, state: Double,
        rest: Double, _ random: inout SplitMix64
    ) {
        var isUp = (1 - state) * (factors.meanUp + factors.meanDown) < factors.meanUp
        var end =
            isUp
            ? loss.restHours(rest * factors.meanUp, factors.up)
            : recovery.restHours((1 - rest) * factors.meanDown, factors.down)
        for tick in range {
            let time = Double(tick - range.lowerBound) * tickHours
            while time >= end {
                isUp.toggle()
                end += isUp ? loss.spellHours(&random, factors.up) : recovery.spellHours(&random, factors.down)
            }
            ticks[tick] = isUp
        }
    }
}

/// One side's spells: the ages at which the cumulative hazard reaches the values of a grid, for a factor of 1.
private struct SpellTable: Sendable {
    private let belief: FactorBelief
    private let base: HazardLaw
    /// Cumulative hazards, rising; the middles between two have `spans` hours.
    private let middles: [Double]
    private let ages: [Double]

    init(_ belief: FactorBelief) {
        self.belief = belief
        var base = belief.law
        base.factor = 1
        self.base = base
        var hazards = (0...200).map { Double($0) * 0.1 }
        while let last = hazards.last, last < 400 { hazards.append(last * 1.02) }
        middles = zip(hazards, hazards.dropFirst()).map { ($0 + $1) / 2 }
        ages = hazards.map { base.ageHours(cumulativeHazard: $0) }
    }

    func factor(_ random: inout SplitMix64) -> Double { belief.distribution.draw(&random) }

    /// A spell from its begin.
    func spellHours(_ random: inout SplitMix64, _ factor: Double) -> Double {
        base.ageHours(cumulativeHazard: -log(1 - random.uniform()) / factor)
    }

    /// The mean of a whole spell: the integral of its survival.
    func meanHours(_ factor: Double) -> Double {
        var sum = 0.0
        for index in middles.indices {
            let share = exp(-factor * middles[index])
            sum += share * (ages[index + 1] - ages[index])
            if share < 1e-12 { break }
        }
        return sum
    }

    /// What is left of a spell that is met at a random moment: the place at which the integral of survival reaches
    /// `area`, out of the mean.
    func restHours(_ area: Double, _ factor: Double) -> Double {
        var sum = 0.0
        for index in middles.indices {
            let share = exp(-factor * middles[index])
            let step = share * (ages[index + 1] - ages[index])
            if sum + step >= area { return ages[index] + (area - sum) / share }
            sum += step
        }
        return ages[ages.count - 1]
    }
}
