// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What the simple arithmetic of a month leaves out, in this job's own figures.
package struct MonthOmissions: Hashable, Sendable {
    private let month: MonthArithmetic
    private let terms: NightTerms

    package init(_ month: MonthArithmetic, of terms: NightTerms) {
        self.month = month
        self.terms = terms
    }

    package var sentences: [String] { [restarts, redone, kept, wait, upload] }

    /// Every start is billed from the moment that the machine is granted: one a night and one an interruption, at its own
    /// machine's rate.
    private var restarts: String {
        let starts = month.nights - month.fallback + month.interrupted
        func cost(_ rate: HourlyRate, _ starts: Int) -> Money {
            Money(units: rate.cost(of: terms.restartOverhead).units * Int128(starts))
        }
        let (spot, onDemand) = (cost(month.spot, starts), cost(month.onDemand, month.fallback))
        return "restart overhead is billed: \(DurationText.exact(terms.restartOverhead)) from \"capacity granted\" to "
            + "progress, for each of \(starts) starts on Spot \(cost(month.spot, 1).text)"
            + (month.fallback > 0
                ? " and of \(month.fallback) on on-demand \(cost(month.onDemand, 1).text)" : "")
            + ", in all \((spot + onDemand).text)"
    }

    private var redone: String {
        let half = terms.checkpointInterval / 2
        let mean = Money(units: month.spot.cost(of: half).units * Int128(month.interrupted))
        let said = Money(units: month.spot.cost(of: month.redone).units * Int128(month.interrupted))
        return "an interruption loses half a checkpoint interval on average: \(DurationText.exact(half)) of "
            + "\(DurationText.exact(terms.checkpointInterval)), \(mean.text) in \(month.interrupted) nights, where the sum "
            + "above has \(DurationText.exact(month.redone)), \(said.text); with the newest checkpoint torn, a whole "
            + "interval more"
    }

    private var kept: String {
        let half = month.hours / 2
        let saving = month.onDemand.cost(of: half) - month.spot.cost(of: half + terms.restartOverhead)
        let amount = saving >= .zero ? "\(saving.text) less" : "\((Money.zero - saving).text) more"
        return "a night that falls back pays for its Spot time too and keeps that work: with half of it done, "
            + "on-demand trains \(DurationText.exact(half)), which is \(amount) than all of it on on-demand"
    }

    private var wait: String {
        "on-demand has to be waited for: \(DurationText.exact(terms.onDemandWait)) by the job file, not billed, but the "
            + "switch must come that much earlier (\(DurationText.exact(terms.deadline - terms.latestSafeSwitch)) before "
            + "the deadline with all of the work left), while Spot is paid until the new machine trains"
    }

    private var upload: String {
        let each = month.spot.cost(of: terms.uploadTime)
        return
            "the upload of the model is billed: \(DurationText.exact(terms.uploadTime)), \(each.text) a night on Spot"
    }
}
