// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A month of nights by simple arithmetic, exactly: so many nights of so many hours, some of them interrupted, some on
/// on-demand.
package struct MonthArithmetic: Hashable, Sendable {
    package var nights: Int
    /// Of training in one undisturbed night.
    package var hours: Duration
    package var onDemand: HourlyRate
    package var spot: HourlyRate
    /// Nights with an interruption, and nights on on-demand; together no more than all.
    package var interrupted: Int
    package var fallback: Int
    /// Work that an interrupted night does again.
    package var redone: Duration

    package init(
        nights: Int, hours: Duration, onDemand: HourlyRate, spot: HourlyRate, interrupted: Int, redone: Duration,
        fallback: Int
    ) {
        precondition(
            interrupted >= 0 && fallback >= 0 && interrupted + fallback <= nights,
            "\(interrupted) + \(fallback) of \(nights) nights")
        self.nights = nights
        self.hours = hours
        self.onDemand = onDemand
        self.spot = spot
        self.interrupted = interrupted
        self.redone = redone
        self.fallback = fallback
    }

    /// So many nights of one kind.
    package struct Term: Hashable, Sendable {
        package var nights: Int
        package var hours: Duration
        package var rate: HourlyRate

        package var cost: Money { Money(units: rate.cost(of: hours).units * Int128(nights)) }
        /// `27 × 4 h × $10.00/h = $1,080.00`
        package var words: String {
            "\(nights) × \(DurationText.exact(hours)) × \(MoneyText.rate(rate)) = \(cost.text)"
        }
    }

    package struct Scenario: Hashable, Sendable {
        package enum Name: String, Codable, Hashable, Sendable, CaseIterable {
            case baseline
            case ideal
            case interruptions
            case fallback
            case both
        }

        package var name: Name
        package var terms: [Term]

        package var cost: Money { terms.reduce(.zero) { $0 + $1.cost } }
        package var words: String { terms.map(\.words).joined(separator: " + ") }
    }

    package var scenarios: [Scenario] { Scenario.Name.allCases.map(scenario) }

    package func scenario(_ name: Scenario.Name) -> Scenario {
        let (interrupted, fallback) =
            switch name {
            case .baseline: (0, nights)
            case .ideal: (0, 0)
            case .interruptions: (self.interrupted, 0)
            case .fallback: (0, self.fallback)
            case .both: (self.interrupted, self.fallback)
            }
        let terms = [
            Term(nights: nights - interrupted - fallback, hours: hours, rate: spot),
            Term(nights: interrupted, hours: hours + redone, rate: spot),
            Term(nights: fallback, hours: hours, rate: onDemand),
        ]
        return Scenario(name: name, terms: terms.filter { $0.nights > 0 })
    }
}
