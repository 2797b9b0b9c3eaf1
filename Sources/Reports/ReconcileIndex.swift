// SPDX-License-Identifier: Apache-2.0

/// Finds the night or launch that a line of a bill is about: by resource, then by tag.
struct ReconcileIndex {
    enum Place: Hashable {
        /// A launch's key, of the month's nights.
        case launch(String)
        /// A night of the month, by its tag alone.
        case night(String)
        /// A night that bears our marks and is not in the journal.
        case unknown(String)
        case otherMonth
        case foreign
    }

    private var launches: [String: Bool] = [:]
    private var nights: [String: Bool] = [:]
    private let jobs: Set<String>

    init(_ all: [LedgerNight], in month: CalendarMonth) {
        jobs = Set(all.map(\.job))
        for night in all {
            let isInside = month.contains(night.date)
            nights[night.id] = isInside
            for key in night.launches { launches[key] = isInside }
        }
    }

    func place(of line: ReconcileFile.Line) -> Place {
        // An ARN ends with the name: `…:training-job/recommender-2026-11-24-a1`.
        let name = line.resource.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? ""
        if let isInside = launches[name] { return isInside ? .launch(name) : .otherMonth }
        if let isInside = nights[line.night] { return isInside ? .night(line.night) : .otherMonth }
        if !line.night.isEmpty { return .unknown(line.night) }
        if let night = launchedNight(name) { return .unknown(night) }
        return .foreign
    }

    /// `recommender-2026-11-24-a7` of a known job is ours by its form.
    private func launchedNight(_ name: String) -> String? {
        guard let match = name.wholeMatch(of: /((.+)-\d{4}-\d{2}-\d{2}(?:\.\d+)?)-a\d+/),
            jobs.contains(String(match.output.2))
        else { return nil }
        return String(match.output.1)
    }
}
