// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// How training goes on one machine, as arithmetic: stretches of training with a save after each.
struct TrainingCourse: Sendable {
    let start: TrainingStart
    let totalUnits: Double
    let conditions: TrainingConditions
    /// Training stops there for a last save.
    let noticeAt: Instant?

    init(_ start: TrainingStart, totalUnits: Double, conditions: TrainingConditions, noticeAt: Instant?) {
        self.start = start
        self.totalUnits = totalUnits
        self.conditions = conditions
        let heeded = conditions.savesOnNotice ? noticeAt : nil
        self.noticeAt = heeded.flatMap { $0 > start.at ? $0 : nil }
    }

    /// The saves that are durable by an instant, after so many before; the one for a notice is the last.
    func saves(after count: Int, until limit: Instant) -> [(units: Double, at: Instant)] {
        var found: [(units: Double, at: Instant)] = []
        while let next = save(count + found.count + 1), next.at <= limit { found.append(next) }
        return found
    }

    /// When the model is in place, if nothing stops it before; `nil` when a notice does.
    var readyAt: Instant? {
        let trained = instant(of: totalUnits)
        if let noticeAt, trained + conditions.saveTime > noticeAt { return nil }
        return trained + conditions.saveTime + conditions.upload
    }

    /// The units that were told last by an instant, and when; `nil` before the first. Whole ones but for the last of
    /// all, unless a fraction is asked for.
    func told(by now: Instant, withFraction: Bool) -> ProgressPoint? {
        let reached = units(at: now)
        let whole = start.units + (reached - start.units + 1e-9).rounded(.down)
        let units = reached >= totalUnits - 1e-9 ? totalUnits : withFraction ? reached : whole
        guard units > start.units else { return nil }
        return ProgressPoint(at: instant(of: units), units: units)
    }

    /// The n-th save (1, 2 …) of this machine.
    private func save(_ number: Int) -> (units: Double, at: Instant)? {
        let before = start.units + Double(number - 1) * conditions.unitsPerCheckpoint
        guard before < totalUnits - 1e-9 else { return nil }
        let units = min(before + conditions.unitsPerCheckpoint, totalUnits)
        let at = instant(of: units) + conditions.saveTime
        guard let noticeAt, at > noticeAt else { return (units, at + conditions.commitLag) }
        // The notice came first: what was trained by then is saved, unless an earlier save holds it already.
        let last = self.units(at: noticeAt)
        let isFirstAfterNotice = number == 1 || instant(of: before) + conditions.saveTime <= noticeAt
        return isFirstAfterNotice && last > before ? (last, noticeAt + conditions.saveTime + conditions.commitLag) : nil
    }

    /// When these units are trained, which is before they are saved.
    private func instant(of units: Double) -> Instant {
        let gained = units - start.units
        let savesBefore = max(0, (gained / conditions.unitsPerCheckpoint - 1e-9).rounded(.up) - 1)
        let seconds = gained * conditions.secondsPerUnit + savesBefore * conditions.saveTime.realSeconds
        return start.at + .milliseconds(Int64((seconds * 1000 - 1e-6).rounded(.up)))
    }

    private func units(at now: Instant) -> Double {
        let elapsed = max(0, (min(now, noticeAt ?? now) - start.at).realSeconds)
        let stretch = conditions.unitsPerCheckpoint * conditions.secondsPerUnit
        let cycles = (elapsed / (stretch + conditions.saveTime.realSeconds) + 1e-12).rounded(.down)
        let rest = elapsed - cycles * (stretch + conditions.saveTime.realSeconds)
        let gained = cycles * conditions.unitsPerCheckpoint + min(max(0, rest), stretch) / conditions.secondsPerUnit
        return min(totalUnits, start.units + gained)
    }
}
