// SPDX-License-Identifier: Apache-2.0

import NightSimulator

/// A night that has nothing but Spot: in the first pool that is up, waiting when none is.
enum SpotAlone {
    /// Whether the work is done by the deadline. `zones` as `TickSimulator.play` takes them.
    static func isOnTime(_ night: TickNight, _ zones: [[Bool]], from first: Int) -> Bool {
        var (workLeft, unsaved, overhead) = (night.work, Int64(0), Int64(0))
        var current: Int?
        for tick in first..<first + night.deadlineTicks {
            if let zone = current, !zones[zone][tick] {
                current = nil
                workLeft += unsaved
                unsaved = 0
            }
            if current == nil, let zone = zones.indices.first(where: { zones[$0][tick] }) {
                current = zone
                overhead = night.restartOverhead
            }
            guard current != nil else { continue }
            let restarted = min(overhead, night.tick)
            overhead -= restarted
            workLeft -= night.tick - restarted
            if workLeft <= 0 { return true }
            guard night.checkpointInterval > 0 else { continue }
            unsaved = (unsaved + night.tick - restarted) % night.checkpointInterval
        }
        return false
    }
}
