// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What the job's choice makes of a tripwire that fired.
extension AgentMachine {
    /// More than a person reads. A tripwire that fires and clears without end must not fill the journal.
    static let alarmLimit = 100

    mutating func tripped(_ sighting: Alarm.Sighting, at now: Instant) -> [Directive] {
        // One that is about to end anyway is left to end.
        guard phase == .training, trainer == .alive else { return [] }
        switch tripwires.choice(for: sighting.tripwire) {
        case .off: return []
        case .goOn:
            guard report.alarms.count < Self.alarmLimit else { return [] }
            note(sighting, .wentOn, at: now)
            return [.saveReport]
        case .stop: return stop(for: sighting, at: now)
        case .restart:
            guard restartsInARow < Self.failureLimit else { return stop(for: sighting, at: now) }
            noteRestart(sighting, at: now)
            return [.signalTrainer(.kill), .saveReport]
        }
    }

    /// The training process said that it was done.
    mutating func noModel(at now: Instant) -> [Directive] {
        guard phase == .publishing else { return [] }
        switch tripwires.noModel {
        case .off: return end(.trainingFailed(NoModel().description))
        case .restart where restartsInARow < Self.failureLimit:
            // A machine that goes leaves the next try to another one.
            if report.notice != nil { return end(.interrupted(noticed: true)) }
            if let orderedToEnd { return end(orderedToEnd) }
            noteRestart(.noModel, at: now)
            return [.saveReport] + afterTrainer()
        case .restart, .stop, .goOn: return stop(for: .noModel, at: now)
        }
    }

    mutating func nothingToResume(_ expected: Int?, _ why: String, at now: Instant) -> [Directive] {
        guard phase == .restoring, trainer != .alive else { return [] }
        if startsFromZero { return [.startFromZero] }
        let sighting = Alarm.Sighting.nothingToResume(expected: expected, why: why)
        switch tripwires.nothingToResume {
        case .off: return end(.checkpointsLost(why))
        case .goOn:
            startsFromZero = true
            note(sighting, .restarted(generation: nil), at: now)
            return [.saveReport, .startFromZero]
        case .restart, .stop:
            note(sighting, .stopped(restarts: 0), at: now)
            return end(.checkpointsLost(why))
        }
    }

    private mutating func stop(for sighting: Alarm.Sighting, at now: Instant) -> [Directive] {
        note(sighting, .stopped(restarts: restartsInARow), at: now)
        return end(.tripped(sighting))
    }

    private mutating func noteRestart(_ sighting: Alarm.Sighting, at now: Instant) {
        restartsInARow += 1
        let generation = durableGeneration > 0 ? durableGeneration : nil
        note(sighting, .restarted(generation: generation), at: now)
        phase = .restoring
    }
}
