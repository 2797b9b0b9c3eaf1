// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

@testable import TrainingAgent

/// A stay that is looked at once a minute of the night.
struct WatchedStay {
    var tripwires: Tripwires
    /// Night minutes since the first training process was started.
    var minutes = 0
    var rooms: [Tripwires.Room] = []
    var seen: [(minutes: Int, sighting: Alarm.Sighting)] = []

    init(_ job: TrainingJob, from generation: Int? = nil, units: Double = 0) {
        tripwires = Tripwires(job: job, stallFloor: .zero, checkpointFloor: .zero)
        begin(from: generation, units: units)
    }

    mutating func begin(from generation: Int? = nil, units: Double = 0) {
        let start = TrainingStart(
            at: Instant(milliseconds: 0), generation: generation, units: units, passedOver: [])
        tripwires.began(start)
    }

    /// A look a minute.
    mutating func pass(minutes: Int) {
        for _ in 0..<minutes {
            self.minutes += 1
            for sighting in tripwires.look(after: .minutes(1), heard: false, rooms: rooms) {
                seen.append((self.minutes, sighting))
            }
        }
    }

    var times: [Int] { seen.map(\.minutes) }

    /// Twenty units in four hours, so one in twelve minutes, saved each twelve minutes; a restart takes ten, writing the
    /// model four.
    static func job(_ change: (inout TripwireSettings) -> Void = { _ in }) -> TrainingJob {
        var job = Orders.job(source: "/s", uri: "/u", output: "/o")
        change(&job.tripwires)
        return job
    }

    /// How long a stall may last is all that is asked.
    static func stalling() -> TrainingJob {
        job {
            $0.stalledAfter = JSONSeconds(wrappedValue: .minutes(30))
            $0.noCheckpoint = .off
        }
    }
}
