// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The figures of a finished night by name, in the order in which people ask for them.
struct ReportFacts {
    private let summary: NightSummary
    private let clock: ClockText

    init(_ summary: NightSummary) {
        self.summary = summary
        clock = summary.terms.clock
    }

    var all: [(name: String, value: String)] {
        let totals = summary.totals
        return [
            ("ready", ready),
            ("bill", "\(spent), baseline \(MoneyText.amount(summary.baseline)), \(savedWords)"),
            ("baseline", baseline),
            ("interruptions", interruptions),
            ("redone work", redone),
            ("restarts", "\(DurationText.exact(totals.restart)) of paid machine time without progress"),
            ("waiting", "\(DurationText.exact(totals.waiting)) without a machine, not paid"),
            (
                "machine time",
                "\(DurationText.exact(totals.onSpot)) on Spot, \(DurationText.exact(totals.onDemand)) on-demand"
            ),
            ("pace", pace),
            ("checkpoints", checkpoints),
            ("model", model),
        ] + (summary.publication.map { [("in service", PublicationWords.fact($0, of: summary.terms.night))] } ?? [])
            + summary.alarms.map { ("tripwire", "\(clock.seconds($0.at)) \(AlarmWords.sentence($0))") }
    }

    var ready: String {
        guard let readyAt = summary.readyAt, let margin = summary.margin else {
            guard summary.outcome == nil else { return "no new model" }
            return summary.readyAbout.map { "about \(clock.minutes($0))" } ?? "not foreseeable without a machine"
        }
        let distance = DurationText.exact(margin >= .zero ? margin : .zero - margin)
        return "\(clock.seconds(readyAt)), \(distance) \(margin >= .zero ? "before" : "after") the deadline"
    }

    private var spent: String {
        guard !summary.isSpentKnown else { return summary.spent.text }
        return
            "not found, \(summary.spent.text) at Spot's own rate (SageMaker charges billable seconds at the on-demand "
            + "rate, which has no price)"
    }

    private var baseline: String {
        guard summary.baseline != nil else {
            return "not found: "
                + (summary.terms.onDemand == nil
                    ? "no on-demand offer has a price" : "the type that trained has no on-demand price")
        }
        return "one on-demand machine, undisturbed, "
            + (summary.isBaselineMeasured ? "at this night's own pace" : "at the job file's expectedRuntime")
    }

    private var pace: String {
        let declared = summary.terms.expectedRuntime.realSeconds / max(summary.terms.totalUnits, .leastNonzeroMagnitude)
        let promised = "expectedRuntime promised \(DurationText.full(.milliseconds(Int64(declared * 1000))))"
        guard let measured = summary.secondsPerUnit else { return "not measured; \(promised) a unit" }
        return "\(DurationText.full(.milliseconds(Int64(measured * 1000)))) a unit; \(promised)"
    }

    private var savedWords: String {
        switch summary.outcome {
        case .keptPrevious where summary.publication != nil: "the new model is not in service"
        case .keptPrevious, .failed: "no new model for it"
        case .completed: MoneyText.comparison(summary)
        case nil: "so far"
        }
    }

    var interruptions: String {
        let totals = summary.totals
        var words = NumberText.count(totals.interruptions, "interruption")
        if totals.interruptions > 0 {
            words += " (\(totals.noticedInterruptions) with notice, \(totals.unnoticedInterruptions) without)"
        }
        if totals.machinesLost > 0 {
            words +=
                "; \(NumberText.count(totals.machinesLost, "machine")) died without a word (see what was said last: "
                + "nightshift logs \(TerminalText.sanitized(summary.terms.night)))"
        }
        return words
    }

    var redone: String {
        let totals = summary.totals
        guard totals.redoneUnits > 0 else { return "none" }
        return "\(NumberText.units(totals.redoneUnits)) of \(NumberText.units(summary.terms.totalUnits)) units, "
            + DurationText.exact(totals.redone)
    }

    private var checkpoints: String {
        guard let newest = summary.newestGeneration else { return "none" }
        return
            "newest \(newest.generation) at \(NumberText.units(newest.units)) units, "
            + "\(NumberText.bytes(newest.bytes)), " + clock.seconds(newest.at)
            + (summary.terms.copiesUnverified ? ", platform-synced, unverified" : "")
    }

    private var model: String {
        guard let model = summary.model else { return "none" }
        return "sha256 \(TerminalText.sanitized(String(model.digest.prefix(16)))), \(NumberText.bytes(model.bytes)), "
            + TerminalText.sanitized(model.path)
    }
}
