// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// How many times the shipped hazard the spells of one side of one pool have, with a belief that begins at 1.
///
/// The number of ends is Poisson with a mean of factor × expected, where *expected* is the shipped law's cumulative
/// hazard over every spell, ended or not: that is the exact likelihood of the factor, censored spells included. The
/// prior is a gamma distribution of mean 1 worth `priorEnds` ends, so the posterior is one too.
package struct HazardFit: Codable, Hashable, Sendable {
    /// Ends that the shipped law is worth. Two nights then move a hazard by less than a fifth; about three weeks of
    /// nights weigh as much as the shipped law.
    package static let priorEnds = 24.0

    /// How much one pool's own spells weigh.
    package enum Evidence: String, Codable, Hashable, Sendable {
        /// No spell was seen.
        case none
        /// Under a quarter of the estimate.
        case weak
        case fair
        /// Two thirds and more.
        case strong
    }

    /// What was seen between two ages.
    package struct AgeBin: Codable, Hashable, Sendable {
        package var fromHours: Double
        package var untilHours: Double
        package var ends: Int
        /// Spent at these ages by all spells.
        package var hours: Double
    }

    package var spells: Int
    /// Spells whose end was seen.
    package var ends: Int
    package var hours: Double
    /// Ends that the shipped law expects in these hours at these ages.
    package var expectedEnds: Double
    /// The shipped law with the factor's posterior mean.
    package var law: HazardLaw
    /// A tenth of the factor's posterior lies below.
    package var factorLow: Double
    /// A tenth of the factor's posterior lies above.
    package var factorHigh: Double
    /// Only those in which time was spent. Ages below the first end are one bin with it: in a trace no spell is shorter
    /// than a tick, which says nothing about a hazard.
    package var ages: [AgeBin]

    package init(_ spells: [PoolSpell]) {
        self.spells = spells.count
        ends = spells.count(where: \.ended)
        hours = spells.reduce(0) { $0 + $1.hours }
        expectedEnds = spells.reduce(0) { $0 + HazardLaw.shipped.cumulativeHazard(ageHours: $1.hours) }
        let posterior = GammaDistribution(
            shape: Self.priorEnds + Double(ends), rate: Self.priorEnds + expectedEnds)
        law = .shipped
        law.factor = posterior.mean
        factorLow = posterior.quantile(0.1)
        factorHigh = posterior.quantile(0.9)
        ages = Self.ages(of: spells)
    }

    /// The own spells' part of the estimate, from 0 to 1; the rest is the shipped law's.
    package var ownShare: Double { expectedEnds / (expectedEnds + Self.priorEnds) }

    package var evidence: Evidence {
        if spells == 0 { return .none }
        return ownShare < 0.25 ? .weak : ownShare < 2.0 / 3 ? .fair : .strong
    }

    private static func ages(of spells: [PoolSpell]) -> [AgeBin] {
        let shortest = spells.filter { $0.ended && $0.hours > 0 }.map(\.hours).min() ?? 0
        let borders = [0] + borders.filter { $0 >= shortest && $0 > 0 }
        return zip(borders, borders.dropFirst()).compactMap { from, until in
            let hours = spells.reduce(0) { $0 + max(0, min($1.hours, until) - from) }
            let ends = spells.count { $0.ended && ($0.hours > from || from == 0) && $0.hours <= until }
            return hours > 0 ? AgeBin(fromHours: from, untilHours: until, ends: ends, hours: hours) : nil
        }
    }

    /// Hours of age, each twice the one before; from three minutes to four days, and all above.
    private static let borders: [Double] = (0..<12).map { 0.05 * Double(1 << $0) } + [1e6]
}

extension HazardFit.AgeBin {
    /// Ends per hour.
    package var hazard: Double { Double(ends) / hours }

    /// Four fifths of what is to be believed of the hazard after this count alone (Jeffreys' prior).
    package var interval: ClosedRange<Double> {
        let belief = GammaDistribution(shape: Double(ends) + 0.5, rate: hours)
        return belief.quantile(0.1)...belief.quantile(0.9)
    }
}
