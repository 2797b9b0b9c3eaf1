// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The nights of a month in the squares of a calendar, weeks from Monday.
struct CalendarSVG {
    let ledger: Ledger

    private static let (width, cell, height) = (960.0, 134.0, 58.0)
    private static let (left, top) = (11.0, 30.0)

    var text: String {
        let shift = CalendarMonth.weekday(of: ledger.month.first)
        let rows = (shift + ledger.month.days + 6) / 7
        let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        let head = weekdays.enumerated().map { column, name in
            SVG.text(Self.left + Double(column) * Self.cell + 6, 18, name, "ns-soft")
        }
        let cells = ledger.month.dates.enumerated().map { index, date in
            square(date, column: (shift + index) % 7, row: (shift + index) / 7)
        }
        let counts = LedgerNight.Status.allCases.filter { ledger.count($0) > 0 }
            .map { "\(ledger.count($0)) \(LedgerWords.status($0).dropFirst(2))" }.joined(separator: ", ")
        return LedgerStyle.picture(
            "calendar", "\(ledger.month.name): \(counts)", width: Self.width,
            height: Self.top + Double(rows) * Self.height + 8, head + cells)
    }

    /// Several nights of a date share its square: the worst of them gives the colour.
    private func square(_ date: LocalDate, column: Int, row: Int) -> String {
        let nights = ledger.nights.filter { $0.date == date }
        let (x, y) = (Self.left + Double(column) * Self.cell, Self.top + Double(row) * Self.height)
        let order: [LedgerNight.Status] = [.failed, .abandoned, .late, .kept, .running, .inTime]
        let worst = order.first { status in nights.contains { $0.status == status } }
        let look = worst.map(LedgerStyle.cell)
        let box = SVG.rect(
            x + 2, y + 2, Self.cell - 4, Self.height - 4, look?.style ?? "lg-none", extra: " rx=\"5\"")
        let day = SVG.text(x + 10, y + 19, "\(date.day)", nights.isEmpty ? "ns-soft" : "ns-strong")
        guard let look else { return SVG.group("\(date): no night", box + day) }
        let cost = nights.reduce(Money.zero) { $0 + $1.cost }
        let interruptions = nights.reduce(0) { $0 + $1.summary.totals.interruptions }
        let more = nights.count > 1 ? " ×\(nights.count)" : ""
        let note = interruptions > 0 ? NumberText.count(interruptions, "interruption") : ""
        let words = nights.map {
            "\($0.id): \(LedgerWords.status($0.status)), \(LedgerWords.cost($0)), baseline \(MoneyText.amount($0.baseline)), "
                + NumberText.count($0.summary.totals.interruptions, "interruption")
        }
        return SVG.group(
            words.joined(separator: "; "),
            box + day + SVG.text(x + Self.cell - 10, y + 20, look.sign + more, "lg-big", anchor: "end")
                + SVG.text(x + 10, y + 34, cost.text, "ns-text")
                + SVG.text(x + 10, y + 48, note, "ns-soft"))
    }
}
