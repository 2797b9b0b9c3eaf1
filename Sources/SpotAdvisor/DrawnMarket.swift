// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import TrainingJobs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Draws how one pool comes and goes through a night, tick by tick, from what is believed of it.
///
/// Each night has factors of its own. It begins somewhere in a spell that has been going on: whether up or down, and
/// for how much longer, is drawn as a pool that has followed the law for ever would be found. With hazards that fall
/// with age that is far longer than a spell that has just begun.
struct DrawnMarket: Sendable {
    private let loss: SpellTable
    private let recovery: SpellTable

    init(_ model: MarketModel) {
        let belief = MarketBelief(model)
        loss = SpellTable(belief.loss)
        recovery = SpellTable(belief.recovery)
    }

    /// Fills `ticks` with whether the pool is up when each begins.
    func draw(into ticks: inout [Bool], tickHours: Double, _ random: inout SplitMix64) {
        let (upFactor, downFactor) = (loss.factor(&random), recovery.factor(&random))
        let (meanUp, meanDown) = (loss.meanHours(upFactor), recovery.meanHours(downFactor))
        var isUp = random.uniform() * (meanUp + meanDown) < meanUp
        var end =
            isUp
            ? loss.restHours(random.uniform() * meanUp, upFactor)
            : recovery.restHours(random.uniform() * meanDown, downFactor)
        for tick in ticks.indices {
            let time = Double(tick) * tickHours
            while time >= end {
                isUp.toggle()
                end += isUp ? loss.spellHours(&random, upFactor) : recovery.spellHours(&random, downFactor)
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
