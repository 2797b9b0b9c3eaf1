// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension JobBuilder {
    /// What the file says, on top of the defaults.
    static func tripwires(_ values: JobValues) -> TripwireSettings {
        var settings = TripwireSettings()
        guard let group = values.group("tripwires") else { return settings }
        func choice(_ tripwire: Tripwire) -> TripwireChoice {
            let written = group.group(tripwire.rawValue)?.text("then").flatMap(TripwireChoice.init(rawValue:))
            return written ?? TripwireSettings().choice(for: tripwire)
        }
        func bounds(_ tripwire: Tripwire) -> JobValues { group.group(tripwire.rawValue) ?? JobValues(values: [:]) }
        settings.stalled = choice(.stalled)
        settings.stalledAfter = bounds(.stalled).duration("after").map { JSONSeconds(wrappedValue: $0) }
        settings.noCheckpoint = choice(.noCheckpoint)
        settings.checkpointIntervals = bounds(.noCheckpoint).count("intervals") ?? settings.checkpointIntervals
        settings.badLoss = choice(.badLoss)
        settings.lossMetric = bounds(.badLoss).text("metric")
        settings.explodesAt = bounds(.badLoss).number("explodesAt") ?? settings.explodesAt
        settings.lossJump = choice(.lossJump)
        settings.lossJumpAbove = bounds(.lossJump).number("above") ?? settings.lossJumpAbove
        settings.startedOver = choice(.startedOver)
        settings.diskFilling = choice(.diskFilling)
        settings.diskBelowBytes = bounds(.diskFilling).bytes("below")
        settings.noModel = choice(.noModel)
        settings.nothingToResume = choice(.nothingToResume)
        return settings
    }
}
