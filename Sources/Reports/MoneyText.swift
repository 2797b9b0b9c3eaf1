// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Money in words, without a locale.
package enum MoneyText {
    /// A missing price is said, never shown as 0.
    package static func amount(_ money: Money?) -> String { money?.text ?? "not found" }

    /// `$24.152/h`: cents at least, and as many places as the price has.
    package static func rate(_ rate: HourlyRate) -> String { "\(exact(Money(microdollars: rate.microdollars)))/h" }

    /// `$0.023`: cents at least, and as many places as there are.
    package static func exact(_ money: Money) -> String {
        let dollars = money.dollars
        let point = dollars.firstIndex(of: ".")!
        let cents = dollars.index(point, offsetBy: 3)
        var end = dollars.endIndex
        while end > cents, dollars[dollars.index(before: end)] == "0" { end = dollars.index(before: end) }
        return "$\(dollars[..<end])"
    }

    /// `saved $56.33 (54 %)` or `$4.10 (4 %) more than the baseline`
    static func comparison(_ summary: NightSummary) -> String {
        guard let saved = summary.saved, let percent = summary.changePercent else { return "saved: not found" }
        let share = percent == 0 ? "" : " (\(percent.magnitude) %)"
        return saved >= .zero
            ? "saved \(saved.text)\(share)" : "\(Money(units: -saved.units).text)\(share) more than the baseline"
    }
}
