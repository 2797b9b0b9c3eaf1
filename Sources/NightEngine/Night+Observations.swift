// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Pictures are levels; events are changes. This is the one place that turns the first into the second.
extension Night {
    mutating func absorb(
        _ pictures: [LaunchPicture], missing: [String], at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        for picture in pictures {
            guard let launch = state.launches.first(where: { $0.order.key == picture.key && $0.isLive }) else {
                continue
            }
            // It exists, so the launch was taken although its answer was lost.
            if launch.phase == .requested {
                try record(.launchAnswered(key: picture.key, .launched), at: now, in: &step)
            }
            try absorb(picture, after: launch, at: now, in: &step)
        }
        for key in missing {
            guard let launch = state.launches.first(where: { $0.order.key == key && $0.isLive }),
                launch.phase != .requested
            else { continue }
            let usage = state.bill.lines.first { $0.key == key }?.billed(at: now) ?? []
            try record(.launchEnded(key: key, .lost, at: now, usage: usage), at: now, in: &step)
        }
    }

    private mutating func absorb(
        _ picture: LaunchPicture, after launch: LaunchState, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        let key = picture.key
        let report = picture.report
        if let since = picture.billedSince, !launch.hasRun {
            try record(.machineRunning(key: key, since: since), at: now, in: &step)
        }
        if let start = report.training, picture.billedSince != nil, !launch.isTraining {
            try record(.trainingStarted(key: key, start), at: now, in: &step)
        }
        if let first = report.firstProgress, launch.firstProgress == nil {
            try record(.progressed(key: key, first), at: now, in: &step)
        }
        if let point = report.progress, point != report.firstProgress, point != launch.progress {
            try record(.progressed(key: key, point), at: now, in: &step)
        }
        for generation in report.commits where generation.generation > launch.lastCommit?.generation ?? 0 {
            try record(.committed(key: key, generation), at: now, in: &step)
        }
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
}

extension LaunchState {
    fileprivate var hasRun: Bool {
        switch phase {
        case .running, .training: true
        case .requested, .accepted, .ended: false
        }
    }
}

extension LaunchPicture {
    /// The start of the billed stay, also when it is over already.
    fileprivate var billedSince: Instant? {
        switch state {
        case .pending: nil
        case .running(let since): since
        case .ended: usage.first?.from
        }
    }
}
