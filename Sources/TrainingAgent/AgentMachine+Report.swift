// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What goes into the report as it happens.
extension AgentMachine {
    mutating func note(_ start: TrainingStart) {
        if report.training == nil { report.training = start }
        // A restart in place is part of the same stay, but work that it lost must be told.
        for passed in start.passedOver where report.training?.passedOver.contains(passed) == false {
            report.training?.passedOver.append(passed)
        }
    }

    mutating func note(_ point: ProgressPoint) {
        if report.firstProgress == nil { report.firstProgress = point }
        report.progress = point
    }

    mutating func note(_ sighting: Alarm.Sighting, _ action: Alarm.Action, at now: Instant) {
        let units = report.progress?.units ?? report.training?.units ?? 0
        report.alarms.append(Alarm(at: now, sighting: sighting, units: units, action: action))
    }
}
