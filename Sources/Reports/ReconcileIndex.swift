// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Finds the night or launch that a line of a bill is about: by resource, then by tag.
struct ReconcileIndex {
    enum Place: Hashable {
        /// A launch's key, of the month's nights.
        case launch(String)
        /// A night of the month, by its tag alone.
        case night(String)
        /// A night of the month that bears our marks and is not in the journal.
        case unknown(String)
        case leftOut(Reconciliation.LeftOut.Why)
    }

    private enum Known {
        case compared
        case leftOut(Reconciliation.LeftOut.Why)
    }

    private let month: CalendarMonth
    private let job: String?
    private var launches: [String: Known] = [:]
    private var nights: [String: Known] = [:]
    private let jobs: Set<String>

    /// `all` are the journal's nights; those of the month, of `job` where one is named, are compared.
    init(_ all: [LedgerNight], in month: CalendarMonth, of job: String?) {
        self.month = month
        self.job = job
        jobs = Set(all.map(\.job))
        for night in all {
            let known: Known =
                if night.isRehearsal {
                    .leftOut(.rehearsal)
                } else if !month.contains(night.date) {
                    .leftOut(.otherMonth)
                } else {
                    job ?? night.job == night.job ? .compared : .leftOut(.otherJob)
                }
            nights[night.id] = known
            for key in night.launches { launches[key] = known }
        }
    }

    func place(of line: ReconcileFile.Line) -> Place {
        // An ARN ends with the name: `…:training-job/recommender-2026-11-24-a1`.
        let name = line.resource.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? ""
        if let known = launches[name] { return place(known, .launch(name)) }
        if let known = nights[line.night] { return place(known, .night(line.night)) }
        if !line.night.isEmpty { return stranger(line.night) }
        if let night = launchedNight(name) { return stranger(night) }
        return .leftOut(.foreign)
    }

    private func place(_ known: Known, _ compared: Place) -> Place {
        if case .leftOut(let why) = known { .leftOut(why) } else { compared }
    }

    /// A night's id says its job and its date, so that one of another month or job is no alarm here.
    private func stranger(_ night: String) -> Place {
        guard let match = night.wholeMatch(of: /(.+)-(\d{4}-\d{2}-\d{2})(?:\.\d+)?/),
            let date = LocalDate(String(match.output.2))
        else { return .unknown(night) }
        if !month.contains(date) { return .leftOut(.otherMonth) }
        if let job, job != match.output.1 { return .leftOut(.otherJob) }
        return .unknown(night)
    }

    /// `recommender-2026-11-24-a7` of a known job is ours by its form.
    private func launchedNight(_ name: String) -> String? {
        guard let match = name.wholeMatch(of: /((.+)-\d{4}-\d{2}-\d{2}(?:\.\d+)?)-a\d+/),
            jobs.contains(String(match.output.2))
        else { return nil }
        return String(match.output.1)
    }
}
