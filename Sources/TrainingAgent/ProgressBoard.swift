// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TrainingJobs

/// Progress told by the training process, by the wall time at which it was read.
///
/// The pump writes, the agent reads when it looks around: a process that tells progress a thousand times a second
/// costs no event each time. Where it forgets, it tells less progress, never more.
final class ProgressBoard: Sendable {
    private struct Memory {
        var values = ToldValues()
        var newest: (wall: Instant, units: Double)?
        /// The first since the restart; given once.
        var first: Double?
        var isFresh = true
    }

    private let memory = Mutex(Memory())

    /// Forgets everything: training goes on from here.
    func restart(at wall: Instant, units: Double) {
        memory.withLock { memory in
            memory = Memory()
            memory.values.tell(units, at: wall)
        }
    }

    func tell(_ units: Double, at wall: Instant) {
        memory.withLock { memory in
            if memory.isFresh { memory.first = units }
            memory.isFresh = false
            memory.newest = (wall, units)
            memory.values.tell(units, at: wall)
        }
    }

    var hasNews: Bool { memory.withLock { $0.newest != nil } }

    /// The newest progress, if some was told since it was last taken; `first` is the first since the restart, once.
    func take() -> (wall: Instant, units: Double, first: Double?)? {
        memory.withLock { memory in
            defer { (memory.newest, memory.first) = (nil, nil) }
            return memory.newest.map { ($0.wall, $0.units, memory.first) }
        }
    }

    /// What had been told at a moment.
    func units(at wall: Instant) -> Double {
        memory.withLock { memory in memory.values.value(at: wall) ?? memory.values.first ?? 0 }
    }
}
