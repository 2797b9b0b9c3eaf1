// SPDX-License-Identifier: Apache-2.0

/// What a share seen in so many trials says about the true share: Wilson's score interval at 95 %.
///
/// It keeps within 0 and 1 and has a width also when all or none succeeded, where nothing is certain yet either.
package struct WilsonInterval: Hashable, Sendable {
    package let low: Double
    package let high: Double

    /// There must be at least one trial.
    package init(_ successes: Int, of trials: Int) {
        precondition(trials > 0 && (0...trials).contains(successes), "\(successes) of \(trials)")
        let z = 1.959963984540054
        let count = Double(trials)
        let share = Double(successes) / count
        let middle = share + z * z / (2 * count)
        let reach = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        let scale = 1 + z * z / count
        low = successes == 0 ? 0 : (middle - reach) / scale
        high = successes == trials ? 1 : (middle + reach) / scale
    }
}
