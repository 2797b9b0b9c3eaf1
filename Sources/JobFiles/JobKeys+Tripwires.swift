// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension JobKeys {
    /// What is watched for while a night runs. The defaults are `TripwireSettings`' own; a test holds the two together.
    static let tripwires = JobKey(
        name: "tripwires", presence: .optional,
        kind: .group(
            [
                wire(
                    .stalled, [.restart, .stop, .goOn],
                    [
                        JobKey(
                            name: "after", presence: .optional, kind: .duration(least: .seconds(1)),
                            summary: "Without it the longer of two restartOverheads and three units of progress (three "
                                + "checkpointIntervals where checkpoints' names tell progress), and longer for a job that turns out slower.",
                            example: "30 min")
                    ],
                    "No progress for so long while the training process lives; restartOverhead is added at its start, "
                        + "uploadTime at its end."),
                wire(
                    .noCheckpoint, [.restart, .stop, .goOn],
                    [
                        JobKey(
                            name: "intervals", presence: .otherwise("2"), kind: .count(1...100),
                            summary: "So many checkpointIntervals without one.", example: "2")
                    ], "Nothing was committed although training made progress."),
                wire(
                    .badLoss, [.restart, .stop, .goOn],
                    [
                        JobKey(
                            name: "explodesAt", presence: .otherwise("10"), kind: .positiveNumber,
                            summary: "So many times the smallest so far, and above where it began.", example: "10"),
                        JobKey(
                            name: "metric", presence: .optional, kind: .text(.metricName),
                            summary: "The metric that is the loss; without it the first that is called loss, or ends "
                                + "in it.", example: "loss"),
                    ], "The loss is NaN, infinite or exploding. While it is no number nothing is committed."),
                wire(
                    .lossJump, [.restart, .stop, .goOn],
                    [
                        JobKey(
                            name: "above", presence: .otherwise("50 %"), kind: .percent,
                            summary: "The rise that is one.", example: "50 %")
                    ],
                    "The first loss after a resume is higher than that of the checkpoint was."),
                wire(
                    .startedOver, [.restart, .stop, .goOn], [],
                    "A checkpoint was restored, but the first progress told is below it: the script began again."),
                wire(
                    .diskFilling, [.stop, .goOn],
                    [
                        JobKey(
                            name: "below", presence: .optional, kind: .size,
                            summary: "Without it room for two more checkpoints.", example: "5 GB")
                    ], "Room on the machine, at checkpointUri or at outputPath runs out."),
                wire(
                    .noModel, [.restart, .stop], [],
                    "The training process ended with exit code 0 and nothing in SM_MODEL_DIR."),
                wire(
                    .nothingToResume, [.stop, .goOn], [],
                    "Committed checkpoints were expected and none can be restored. goOn starts from zero."),
            ], exactlyOneOf: []),
        summary: "What is watched for while the night runs, and what is done then: restart from the newest whole "
            + "checkpoint, stop and keep the previous model, goOn with a warning, or off.",
        example: "{stalled: {after: 30 min, then: restart}, diskFilling: {below: 5 GB, then: goOn}}")

    private static func wire(
        _ tripwire: Tripwire, _ choices: [TripwireChoice], _ bounds: [JobKey], _ summary: String
    ) -> JobKey {
        let words = (choices + [.off]).map(\.rawValue)
        let otherwise = TripwireSettings().choice(for: tripwire).rawValue
        let then = JobKey(
            name: "then", presence: .otherwise(otherwise), kind: .choice(words, later: []),
            summary: "\(words.dropLast().joined(separator: ", ")) or off.", example: otherwise)
        let first = bounds.first.map { "\($0.name): \($0.example), " } ?? ""
        return JobKey(
            name: tripwire.rawValue, presence: .optional, kind: .group(bounds + [then], exactlyOneOf: []),
            summary: summary, example: "{\(first)then: \(otherwise)}")
    }
}
