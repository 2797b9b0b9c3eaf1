// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension NightTerms {
    /// `recommender 2026-11-25`: the job, then what the night's id adds to it.
    var title: String {
        let date = night.hasPrefix(job + "-") ? String(night.dropFirst(job.count + 1)) : night
        return TerminalText.sanitized(date == night ? night : "\(job) \(date)")
    }

    /// A job's offers are of one backend.
    var copiesUnverified: Bool { offers.contains(where: \.offer.copiesUnverified) }

    var jobText: String { TerminalText.sanitized(job) }
    var clock: ClockText { ClockText(timeZone: timeZone) }
}
