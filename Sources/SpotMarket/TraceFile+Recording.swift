// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension TraceFile {
    /// A trace of what one night learned of a pool: 1 with capacity, 0 without, `null` while nobody knew.
    ///
    /// `nil` when the night learned nothing of it. A tick has the value of its first instant.
    package init?(recording stretches: [SpellReader.Stretch], of pool: MarketPool, gap: Duration) {
        let own = stretches.filter { $0.pool == pool }.sorted { $0.from < $1.from }
        guard let start = own.first?.from, let end = own.map(\.until).max() else { return nil }
        let gapMilliseconds = gap.milliseconds
        func tick(_ instant: Instant) -> Int {
            Int(((instant - start).milliseconds + gapMilliseconds - 1) / gapMilliseconds)
        }
        var data = [TraceValue](repeating: .notKnown, count: tick(end) + 1)
        for stretch in own {
            let up = stretch.spell.side == .up
            for index in tick(stretch.from)..<max(tick(stretch.from), tick(stretch.until)) {
                data[index] = .number(up ? 1 : 0)
            }
            // An end says what was true right after it.
            if stretch.spell.ended { data[tick(stretch.until)] = .number(up ? 0 : 1) }
        }
        while data.last == .notKnown { data.removeLast() }
        guard !data.isEmpty else { return nil }
        format = Self.ownFormat
        version = 1
        offer = pool
        metadata = Metadata(
            gap: .number(Double(gapMilliseconds) / 1000), availableWhen: "positive", prices: nil, start: start)
        self.data = data
    }
}

extension SpellReader.Stretch {
    package var until: Instant { from + .milliseconds(Int64((spell.hours * 3_600_000).rounded())) }
}
