// SPDX-License-Identifier: Apache-2.0

/// One stretch of having or lacking Spot capacity, as far as it was seen.
package struct PoolSpell: Hashable, Sendable {
    package enum Side: String, Codable, Hashable, Sendable {
        /// With capacity: it ends by an interruption.
        case up
        /// Without: it ends when capacity returns.
        case down
    }

    package var side: Side
    /// From when it was first seen to its end, or to the last that is known of it.
    package var hours: Double
    /// Whether its end was seen. If not, it lasted longer than `hours`.
    package var ended: Bool

    package init(side: Side, hours: Double, ended: Bool) {
        self.side = side
        self.hours = hours
        self.ended = ended
    }
}

extension AvailabilityTrace {
    /// The trace as spells. The first is counted from the trace's begin, as whoever begins to watch then would; a tick
    /// that nobody watched cuts a spell off without an end.
    package var spells: [PoolSpell] {
        var spells: [PoolSpell] = []
        var start = 0
        for tick in 1...count {
            let goesOn = tick < count && isKnown(tick) == isKnown(start) && self[tick] == self[start]
            if goesOn { continue }
            if isKnown(start) {
                let hours = Double(gapMilliseconds * Int64(tick - start)) / 3_600_000
                spells.append(
                    PoolSpell(
                        side: self[start] ? .up : .down, hours: hours, ended: tick < count && isKnown(tick)))
            }
            start = tick
        }
        return spells
    }
}
