// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TrainingJobs

/// The loss as the training process tells it. The pump writes, the agent reads when it looks around.
final class LossBoard: Sendable {
    private struct Memory {
        var watch: LossWatch
        var values = ToldValues()
        var sightings: [Alarm.Sighting] = []
    }

    private let memory: Mutex<Memory>

    init(_ watch: LossWatch) { memory = Mutex(Memory(watch: watch)) }

    /// Training goes on from here; what the last process told and nobody took is void.
    func begin(before: Double?, fromZero: Bool) {
        memory.withLock { memory in
            memory.watch.begin(before: before, fromZero: fromZero)
            memory.values = ToldValues()
            memory.sightings = []
        }
    }

    func tell(_ reading: LossReading, at wall: Instant) {
        memory.withLock { memory in
            memory.sightings += memory.watch.tell(reading)
            if case .number(let loss) = reading { memory.values.tell(loss, at: wall) }
        }
    }

    var hasNews: Bool { memory.withLock { !$0.sightings.isEmpty } }

    /// What was seen since it was last taken, and whether the newest value is finite.
    func take() -> (sightings: [Alarm.Sighting], isFinite: Bool) {
        memory.withLock { memory in
            defer { memory.sightings = [] }
            return (memory.sightings, memory.watch.isFinite)
        }
    }

    /// The loss that had been told last at a moment.
    func loss(at wall: Instant) -> Double? { memory.withLock { $0.values.value(at: wall) } }
}
