// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Values by the wall time at which they were told. What it remembers stays small; it forgets every other value when it
/// is full.
struct ToldValues: Sendable {
    private static let capacity = 4096

    private var points: [(wall: Instant, value: Double)] = []

    mutating func tell(_ value: Double, at wall: Instant) {
        if let last = points.last, last.wall == wall {
            points[points.count - 1].value = value
            return
        }
        if points.count >= Self.capacity {
            points = points.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        }
        points.append((wall, value))
    }

    var first: Double? { points.first?.value }

    /// What had been told last at a moment.
    func value(at wall: Instant) -> Double? { points.last { $0.wall <= wall }?.value }
}
