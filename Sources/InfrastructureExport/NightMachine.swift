// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// One night as a state machine of Step Functions, in the Amazon States Language with JSONata.
///
/// JSONata because JSONPath cannot subtract two times. The job is created, looked at and stopped by calls of its own
/// instead of `createTrainingJob.sync`: `.sync` says nothing before the job ends, so a job that still waits for
/// capacity could not be left in time, and its timeout stops a job without saying whether it did stop.
package struct NightMachine {
    let stack: TrainingStack

    package init(_ stack: TrainingStack) { self.stack = stack }

    /// Its input is `{"deadline": "2026-11-25T08:00:00Z"}`, its execution's name the night.
    package var definition: ExportedJSON {
        [
            "Comment": .text("One night of \(stack.job.name). \(stack.provenance)"),
            "QueryLanguage": "JSONata",
            "StartAt": "Plan",
            "States": .object(opening.merging(spot) { $1 }.merging(onDemand) { $1 }.merging(ends) { $1 }),
            // Behind the machine's own end of a night.
            "TimeoutSeconds": .number(stack.job.maxWait.wholeSeconds + 3600),
        ]
    }

    // MARK: - Expressions

    static func expression(_ text: String) -> ExportedJSON { .text("{% \(text) %}") }

    /// Seconds that are to spare if on-demand were bought now, counting only work that is surely durable.
    static let slack = "($min([$deadline, $end]) - $millis()) / 1000 - ($work - $kept) - $reserve"
    /// A call that failed without an answer, or with one that asks for patience.
    static let isPassing =
        "$contains($cause, 'Rate exceeded') or $contains($cause, 'Throttl') or $contains($cause, 'Status Code: 5')"
        + " or $contains($cause, 'Unable to execute HTTP request')"

    static func rule(_ condition: String, _ next: String, _ assign: [String: ExportedJSON] = [:]) -> ExportedJSON {
        var rule: [String: ExportedJSON] = ["Condition": expression(condition), "Next": .text(next)]
        if !assign.isEmpty { rule["Assign"] = .object(assign) }
        return .object(rule)
    }

    /// The night ends without a model: an alarm, then the failed end of that name.
    static func ending(_ outcome: String, _ words: String) -> [String: ExportedJSON] {
        ["outcome": .text(outcome), "words": expression(words)]
    }

    /// 2, 4, 8 and 16 s, except for answers that asking again cannot change.
    static func retries(except final: [String] = []) -> ExportedJSON {
        let all: ExportedJSON = [
            "BackoffRate": .decimal("2.0"), "ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 4,
        ]
        guard !final.isEmpty else { return [all] }
        return [["ErrorEquals": .list(final.map(ExportedJSON.text)), "MaxAttempts": 0], all]
    }

    static let nameTaken = ["SageMaker.ResourceInUseException", "SageMaker.ResourceInUse"]
    static let quota = ["SageMaker.ResourceLimitExceededException", "SageMaker.ResourceLimitExceeded"]

    static let errorText: [String: ExportedJSON] = [
        "cause": expression("$exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ''"),
        "errorName": expression("$states.errorOutput.Error"),
    ]

    static func caught(_ errors: [String], _ next: String, _ assign: [String: ExportedJSON] = [:]) -> ExportedJSON {
        var catcher: [String: ExportedJSON] = [
            "ErrorEquals": .list(errors.map(ExportedJSON.text)), "Next": .text(next),
        ]
        if !assign.isEmpty { catcher["Assign"] = .object(assign) }
        return .object(catcher)
    }

    // MARK: - Opening

    private var opening: [String: ExportedJSON] {
        let job = stack.job
        let plan: ExportedJSON = [
            "Assign": [
                "deadline": Self.expression("$toMillis($states.input.deadline)"),
                "end": Self.expression(
                    "$toMillis($states.context.Execution.StartTime) + \(job.maxWait.wholeSeconds) * 1000"),
                "interval": .number(stack.interval), "kept": 0, "late": false,
                "maxRun": .number(job.maxRun.wholeSeconds),
                "night": Self.expression("$states.context.Execution.Name"), "reason": "",
                "reserve": .number(stack.reserve),
                "restart": .number(stack.restart), "trained": 0, "tries": 0, "work": .number(stack.work),
            ],
            "Comment": .text(
                "Seconds and milliseconds. reserve = restart overhead \(stack.restart) + on-demand's wait "
                    + "\(job.onDemandWait.wholeSeconds) + upload \(job.uploadTime.wholeSeconds) + margin "
                    + "\(job.safetyMargin.wholeSeconds)."),
            "Next": "EnoughTime", "Type": "Pass",
        ]
        let enough: ExportedJSON = [
            "Choices": [
                Self.rule(
                    "\(Self.slack) < 0", "Alarm",
                    Self.ending(
                        "DeadlineTooNear",
                        "'Nothing was bought: on-demand, bought now, could not have the model in place by ' & "
                            + "$fromMillis($deadline) & '. Start earlier, or move the deadline.'")),
                Self.rule(
                    "\(Self.slack) >= \(stack.spotRoom)", "CreateSpot",
                    left),
            ],
            "Assign": ["reason": "there was no time left for Spot"],
            "Comment": .text(
                "Spot needs \(stack.spotRoom) s of slack: a start, a checkpoint interval, two looks, and being stopped."
            ),
            "Default": "FallBack", "Type": "Choice",
        ]
        return ["EnoughTime": enough, "Plan": plan]
    }

    // MARK: - Ends

    private var ends: [String: ExportedJSON] {
        [
            "Alarm": tell(
                subject: "$night & ': ' & $outcome",
                message: "$words & ' No model came of this night; the one in service stays. Execution: ' "
                    + "& $states.context.Execution.Id", next: "NightFailed"),
            "Completed": [
                "Choices": [
                    Self.rule("$ended > $deadline", "TellFinishedLate", ["late": true])
                ], "Default": "Done", "Type": "Choice",
            ],
            "Done": [
                "Output": [
                    "billableSeconds": Self.expression("$billable"),
                    "fellBackBecause": Self.expression("$reason"), "late": Self.expression("$late"),
                    "model": Self.expression("$model"), "night": Self.expression("$night"),
                    "trainingJob": Self.expression("$job"),
                ], "Type": "Succeed",
            ],
            "NightFailed": [
                "Cause": Self.expression("$words"), "Error": Self.expression("$outcome"), "Type": "Fail",
            ],
            "TellFinishedLate": tell(
                subject: "$night & ': finished late'",
                message: "'The model is there, after the deadline: ' & $model", next: "Done"),
        ]
    }

    /// An alarm never holds a night up: when it cannot be sent the night goes on.
    func tell(subject: String, message: String, next: String) -> ExportedJSON {
        [
            "Arguments": [
                "Message": Self.expression(message), "Subject": Self.expression("$substring(\(subject), 0, 99)"),
                "TopicArn": .text(stack.topicArn),
            ],
            "Catch": [Self.caught(["States.ALL"], next)],
            "Next": .text(next), "Resource": .text("arn:\(stack.role.partition):states:::sns:publish"),
            "Retry": Self.retries(), "Type": "Task",
        ]
    }
}
