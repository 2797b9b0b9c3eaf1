// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// How a night ended, in a form for scripts.
package struct OutcomeDocument: Codable, Hashable, Sendable {
    /// `in-time`, `late`, `kept-previous`, `failed`.
    package var result: String
    package var text: String
    /// Why there is no new model: `budget`, `max-run`, `out-of-time`, `stopped-by-person`, `tripwire`, `training`,
    /// `checkpoints-lost`, `refused`, `gate`, `late`, `not-published`.
    package var reason: String?
    package var model: ModelArtifact?
    /// Deadline − ready; negative when late.
    package var marginSeconds: Double?

    package init(_ outcome: NightOutcome, margin: Duration?) {
        text = OutcomeWords.outcome(outcome)
        marginSeconds = margin?.realSeconds
        switch outcome {
        case .completed(let model, let late):
            result = late ? "late" : "in-time"
            self.model = model
        case .keptPrevious(let kept):
            result = "kept-previous"
            reason = kept.rawValue
        case .failed(let failure):
            result = "failed"
            reason =
                switch failure {
                case .training: "training"
                case .checkpointsLost: "checkpoints-lost"
                case .refused: "refused"
                }
        }
    }
}

package struct TotalsDocument: Codable, Hashable, Sendable {
    package var interruptionsNoticed: Int
    package var interruptionsUnnoticed: Int
    package var machinesLost: Int
    package var restarts: Int
    package var unitsRedone: Double
    package var redoneSeconds: Double
    package var restartSeconds: Double
    package var waitingSeconds: Double
    package var onSpotSeconds: Double
    package var onDemandSeconds: Double

    package init(_ totals: TimelineTotals) {
        interruptionsNoticed = totals.noticedInterruptions
        interruptionsUnnoticed = totals.unnoticedInterruptions
        machinesLost = totals.machinesLost
        restarts = totals.restarts
        unitsRedone = totals.redoneUnits.orZero
        redoneSeconds = totals.redone.realSeconds
        restartSeconds = totals.restart.realSeconds
        waitingSeconds = totals.waiting.realSeconds
        onSpotSeconds = totals.onSpot.realSeconds
        onDemandSeconds = totals.onDemand.realSeconds
    }
}
