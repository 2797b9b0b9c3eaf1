// SPDX-License-Identifier: Apache-2.0

import NightRunner
import Reports
import TrainingJobs

enum RefusalWords {
    static func text(_ refusal: NightOpening.Refusal, job: TrainingJob) -> String {
        let clock = ClockText(timeZone: job.schedule.timeZone)
        switch refusal {
        case .deadlinePassed(let deadline):
            return """
                not started: the deadline \(clock.date(deadline)) \(clock.withZone(deadline)) has passed
                what to do: name another night with --date
                """
        case .hopeless(let terms, let now):
            let late = now - terms.latestSafeSwitch
            return """
                not started: even on-demand from now on would come too late for \(clock.withZone(terms.deadline)), \
                by \(DurationText.full(late))
                because work \(DurationText.full(terms.expectedRuntime)) + restart \
                \(DurationText.full(terms.restartOverhead)) + upload \(DurationText.full(terms.uploadTime)) + on-demand \
                wait \(DurationText.full(terms.onDemandWait)) + margin \(DurationText.full(terms.safetyMargin)) is more \
                than the \(DurationText.full(terms.deadline - now)) that are left
                what to do: start earlier, move schedule.deadline, or correct expectedRuntime; nothing was bought
                """
        }
    }
}
