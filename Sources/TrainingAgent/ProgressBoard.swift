// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TrainingJobs

/// Progress told by the training process, by the wall time at which it was read.
///
/// The pump writes, the agent reads when it looks around: a process that tells progress a thousand times a second
/// costs no event each time. What it remembers stays small; where it forgets, it tells less progress, never more.
final class ProgressBoard: Sendable {
    private static let capacity = 4096

    private struct Memory {
        var points: [(wall: Instant, units: Double)] = []
        var newest: (wall: Instant, units: Double)?
    }

    private let memory = Mutex(Memory())

    /// Forgets everything: training goes on from here.
    func restart(at wall: Instant, units: Double) {
        memory.withLock { $0 = Memory(points: [(wall, units)], newest: nil) }
    }

    func tell(_ units: Double, at wall: Instant) {
        memory.withLock { memory in
            memory.newest = (wall, units)
            if let last = memory.points.last, last.wall == wall {
                memory.points[memory.points.count - 1].units = units
                return
            }
            if memory.points.count >= Self.capacity {
                memory.points = memory.points.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            }
            memory.points.append((wall, units))
        }
    }

    var hasNews: Bool { memory.withLock { $0.newest != nil } }

    /// The newest progress, if some was told since it was last taken.
    func take() -> (wall: Instant, units: Double)? {
        memory.withLock { memory in
            defer { memory.newest = nil }
            return memory.newest
        }
    }

    /// What had been told at a moment.
    func units(at wall: Instant) -> Double {
        memory.withLock { memory in
            memory.points.last { $0.wall <= wall }?.units ?? memory.points.first?.units ?? 0
        }
    }
}
