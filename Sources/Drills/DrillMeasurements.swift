// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a drill measures for the promise and the advice, on the machine that it ran on. Absent what was not seen.
package struct DrillMeasurements: Codable, Hashable, Sendable {
    /// From the start of the machine's agent to training being as far as it was at the kill's checkpoint plus one unit,
    /// less what that unit takes: restore, start-up, first batch. Median.
    package var restartOverhead: JSONSeconds?
    /// Of it, until the training process was started.
    package var restore: JSONSeconds?
    package var checkpointBytes: Int64?
    /// Writing one checkpoint, as its files changed. Median.
    package var save: JSONSeconds?
    /// From one checkpoint to the next. Median.
    package var saveInterval: JSONSeconds?
    /// From the notice to the end of the stay, its last checkpoint committed.
    package var lastSave: JSONSeconds?
    /// A checkpoint was committed after the notice, in the time that it gives.
    package var savesOnNotice: Bool?
    /// An undisturbed run, from the start of training to the model.
    package var undisturbed: JSONSeconds?

    package init(controls: [DrillRun], disturbed: [DrillRun]) {
        let control = controls.first?.stays.first
        let stays = controls.flatMap(\.stays)
        func middle(_ values: [Duration]) -> JSONSeconds? {
            values.isEmpty ? nil : JSONSeconds(wrappedValue: values.sorted()[values.count / 2])
        }
        checkpointBytes = (stays + disturbed.flatMap(\.stays)).flatMap(\.commits).map(\.bytes).max()
        save = middle(stays.flatMap { $0.saves.map(\.length) })
        saveInterval = middle(stays.flatMap { zip($0.saves.dropFirst(), $0.saves).map { $0.from - $1.from } })
        let resumed = disturbed.flatMap { $0.stays.dropFirst() }.filter { $0.restored != nil }
        restore = middle(resumed.map(\.trainingAt))
        restartOverhead = middle(resumed.compactMap { stay in control.flatMap { stay.restartOverhead(against: $0) } })
        undisturbed = middle(
            controls.compactMap { run in
                guard let stay = run.stays.last, let last = stay.progress.last else { return nil }
                return last.at - stay.trainingAt
            })
        for stay in disturbed.flatMap(\.stays) {
            if case .noticed(let after, let saved) = stay.end {
                lastSave = after
                savesOnNotice = saved
            }
        }
    }

    /// The notice gives two minutes (EC2 user guide, "Spot Instance interruption notices").
    package static let noticeTime = Duration.seconds(120)

    package var lastSaveFits: Bool? {
        guard let lastSave, let savesOnNotice else { return nil }
        return savesOnNotice && lastSave.wrappedValue <= Self.noticeTime
    }
}

extension DrillStay {
    /// What the resume cost beside training: the first unit after it, less what an undisturbed run took for it.
    fileprivate func restartOverhead(against control: DrillStay) -> Duration? {
        guard let first = progress.first(where: { $0.units > restored?.units ?? 0 }),
            let index = control.progress.firstIndex(where: { $0.units == first.units }), index > 0
        else { return nil }
        let before = control.progress[index - 1]
        guard before.units >= restored?.units ?? 0 else { return nil }
        return max(.zero, first.at - (control.progress[index].at - before.at))
    }
}
