// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Money and other numbers in words, without a locale.
package enum MoneyText {
    /// A missing price is said, never shown as 0.
    package static func amount(_ money: Money?) -> String { money?.text ?? "not found" }

    /// `$24.152/h`: cents at least, and as many places as the price has.
    package static func rate(_ rate: HourlyRate) -> String {
        let dollars = Money(microdollars: rate.microdollars).dollars
        let point = dollars.firstIndex(of: ".")!
        let cents = dollars.index(point, offsetBy: 3)
        var end = dollars.endIndex
        while end > cents, dollars[dollars.index(before: end)] == "0" { end = dollars.index(before: end) }
        return "$\(dollars[..<end])/h"
    }

    /// `−54 %`, `+12 %`
    package static func change(_ percent: Int) -> String {
        percent < 0 ? "−\(percent.magnitude) %" : percent > 0 ? "+\(percent) %" : "±0 %"
    }

    /// `saved $56.33 (54 %)` or `$4.10 (4 %) more than the baseline`
    static func comparison(_ summary: NightSummary) -> String {
        guard let saved = summary.saved, let percent = summary.changePercent else { return "saved: not found" }
        let share = percent == 0 ? "" : " (\(percent.magnitude) %)"
        return saved >= .zero
            ? "saved \(saved.text)\(share)" : "\(Money(units: -saved.units).text)\(share) more than the baseline"
    }

    /// Progress in the job's own units: `11`, `11.4`.
    package static func units(_ units: Double) -> String {
        let tenths = (units * 10).rounded() / 10
        return tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int64(tenths)) : "\(tenths)"
    }

    /// Whole percent of 1, cut off: 100 is said only when all is done.
    static func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded(.down))) %" }

    /// `1 interruption`, `2 interruptions`, `no interruption`
    static func count(_ count: Int, _ noun: String) -> String {
        count == 0 ? "no \(noun)" : "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
