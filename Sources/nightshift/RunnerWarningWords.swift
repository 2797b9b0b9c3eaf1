// SPDX-License-Identifier: Apache-2.0

import NightRunner
import Reports
import TrainingJobs

enum RunnerWarningWords {
    static func text(_ warning: RunnerWarning, terms: NightTerms) -> String {
        let clock = ClockText(timeZone: terms.timeZone)
        switch warning {
        case .unreachable(let since, let why):
            return """
                the machines of \(terms.night) have not answered since \(clock.withZone(since)): \(why)
                they go on by themselves, until \(clock.withZone(terms.end)) at the latest; nothing is bought meanwhile
                """
        case .reachableAgain(let since):
            return "the machines of \(terms.night) answer again; they had not since \(clock.withZone(since))"
        case .leftover(let key):
            return "\(key) was still there although the journal does not count it as running; it was told to stop"
        case .publicationFailing(let why):
            return """
                the model of \(terms.night) is ready but could not be put into service: \(TerminalText.sanitized(why))
                the previous one stays; it is tried again until \(clock.withZone(terms.end))
                """
        case .unverified(let why):
            return """
                whether a machine of \(terms.night) is left could not be asked: \(why)
                each ends by itself at \(clock.withZone(terms.end)) at the latest; look again with the same command
                """
        }
    }
}
