// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Pictures are levels; events are changes. This is the one place that turns the first into the second.
extension Night {
    /// Launches are gone through in order of epoch, so the order in which the answers arrived leaves no trace. What is
    /// told of a key that is not live (unknown, or over already) is no news.
    mutating func absorb(
        _ pictures: [LaunchPicture], missing: [String], at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        for launch in state.liveLaunches {
            if let picture = pictures.first(where: { $0.key == launch.order.key }) {
                try absorb(picture, after: launch, at: now, in: &step)
            } else if missing.contains(launch.order.key) {
                try bury(launch, at: now, in: &step)
            }
        }
    }

    private mutating func absorb(
        _ picture: LaunchPicture, after earlier: LaunchState, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        let key = picture.key
        let report = picture.report
        // It exists, so the launch was taken although its answer was lost.
        if earlier.phase == .requested { try record(.launchAnswered(key: key, .launched), at: now, in: &step) }
        try absorbStays(of: picture, after: earlier, at: now, in: &step)
        let launch = state.liveLaunches.first { $0.order.key == key } ?? earlier
        if let start = report.training, launch.runningSince != nil, launch.trainingStart != start {
            try record(.trainingStarted(key: key, start), at: now, in: &step)
        }
        // Before the progress that was made since: a tripwire may have started training again.
        for alarm in report.alarms.dropFirst(launch.alarms) {
            try recordCommits(of: report, key, until: alarm.at, at: now, in: &step)
            try record(.alarmed(key: key, alarm), at: now, in: &step)
        }
        if let first = report.firstProgress, launch.firstProgress == nil {
            try record(.progressed(key: key, first), at: now, in: &step)
        }
        if let point = report.progress, point != report.firstProgress, point != launch.progress {
            try record(.progressed(key: key, point), at: now, in: &step)
        }
        try recordCommits(of: report, key, until: nil, at: now, in: &step)
        if let notice = report.notice, launch.notice == nil {
            try record(.noticed(key: key, notice), at: now, in: &step)
        }
        for failure in report.trainerFailures.dropFirst(launch.trainerFailures) {
            try record(.trainerFailed(key: key, failure), at: now, in: &step)
        }
        if let model = report.model, state.model == nil {
            try record(.modelReady(key: key, model), at: now, in: &step)
        }
        if case .ended(let reason, let at) = picture.state {
            try record(.launchEnded(key: key, reason, at: at, usage: picture.usage), at: now, in: &step)
        }
    }

    /// When a machine is there, or is not any more although its launch goes on. Whole stays between two looks are only in
    /// the bill.
    private mutating func absorbStays(
        of picture: LaunchPicture, after launch: LaunchState, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        let key = picture.key
        if let known = launch.runningSince {
            let taken: Instant?
            switch picture.state {
            case .running(let since) where since > known:
                taken = picture.usage.last { $0.until <= since }?.until ?? since
            case .pending: taken = picture.usage.last?.until
            case .running, .ended: taken = nil
            }
            guard let taken else { return }
            try record(.waitingAgain(key: key, since: max(known, taken)), at: now, in: &step)
        }
        let hasRun = state.bill.lines.contains { $0.key == key && !$0.usage.isEmpty }
        if let since = picture.begin(afterStays: hasRun) {
            try record(.machineRunning(key: key, since: since), at: now, in: &step)
        }
    }

    /// Those that are news, and only those that had been made by `limit`.
    private mutating func recordCommits(
        of report: AgentReport, _ key: String, until limit: Instant?, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        let known = state.liveLaunches.first { $0.order.key == key }?.lastCommit?.generation ?? 0
        for generation in report.commits where generation.generation > known {
            if let limit, generation.at > limit { continue }
            try record(.committed(key: key, generation), at: now, in: &step)
        }
    }

    /// The backend is sure that there is no such launch.
    private mutating func bury(_ launch: LaunchState, at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        // Asked for and never taken: it is asked for again.
        guard !launch.isOpen else { return }
        let key = launch.order.key
        let usage = state.bill.lines.first { $0.key == key }?.billed(at: now) ?? []
        let reason: EndReason = launch.stopRequested == nil ? .lost : .stopped
        try record(.launchEnded(key: key, reason, at: now, usage: usage), at: now, in: &step)
    }
}

extension LaunchPicture {
    /// The start of the present stay, also when it is over already; of several that are over, the first.
    fileprivate func begin(afterStays hasRun: Bool) -> Instant? {
        switch state {
        case .pending: nil
        case .running(let since): since
        case .ended: hasRun ? nil : usage.first?.from
        }
    }
}
