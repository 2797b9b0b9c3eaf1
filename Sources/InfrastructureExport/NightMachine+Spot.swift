// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The part of a night on managed Spot.
extension NightMachine {
    /// Spans that a job spent training. A span that has not ended goes on now.
    private static func sumOfTraining(_ seconds: (_ span: String) -> String) -> String {
        let span = "(($exists(EndTime) ? $toMillis(EndTime) : $millis()) - $toMillis(StartTime)) / 1000"
        return "$sum([$states.result.SecondaryStatusTransitions[Status = 'Training'].(\(seconds(span)))])"
    }

    static let trained = sumOfTraining { $0 }
    /// Of each span the start and one checkpoint interval do not count: what was trained in them may be lost.
    static let kept = "$min([$work, " + sumOfTraining { "$max([0, \($0) - $restart - $interval])" } + "])"

    /// What a look says, whatever the job is.
    static let seen: [String: ExportedJSON] = [
        "billable": expression(
            "$exists($states.result.BillableTimeInSeconds) ? $states.result.BillableTimeInSeconds : 0"),
        "ended": expression(
            "$exists($states.result.TrainingEndTime) ? $toMillis($states.result.TrainingEndTime) : $millis()"),
        "failure": expression("$exists($states.result.FailureReason) ? $states.result.FailureReason : ''"),
        "model": expression(
            "$exists($states.result.ModelArtifacts.S3ModelArtifacts) "
                + "? $states.result.ModelArtifacts.S3ModelArtifacts : ''"),
        "secondary": expression("$states.result.SecondaryStatus"),
        "status": expression("$states.result.TrainingJobStatus"),
    ]

    /// Capacity and SageMaker's own faults: another job may do better. All else would fail again.
    static let mayRetry = "$contains($failure, 'CapacityError') or $contains($failure, 'InternalServerError')"

    static let jobName = "{% $job %}"

    func look(assign: [String: ExportedJSON], next: String) -> ExportedJSON {
        [
            "Arguments": ["TrainingJobName": .text(Self.jobName)],
            "Assign": .object(Self.seen.merging(assign) { $1 }),
            // Unreachable is not dead: what was seen last is judged again, with the time that it is now.
            "Catch": [Self.caught(["States.ALL"], next)],
            "Next": .text(next), "Output": [:], "Resource": stack.integration("sagemaker:describeTrainingJob"),
            "Retry": Self.retries(), "Type": "Task",
        ]
    }

    func stop(next: String) -> ExportedJSON {
        [
            "Arguments": ["TrainingJobName": .text(Self.jobName)],
            // It may have ended meanwhile; the next look tells.
            "Catch": [Self.caught(["States.ALL"], next)],
            "Next": .text(next), "Output": [:], "Resource": stack.integration("sagemaker:stopTrainingJob"),
            "Retry": Self.retries(except: ["SageMaker.ResourceNotFoundException"]), "Type": "Task",
        ]
    }

    func wait(_ seconds: Int, next: String) -> ExportedJSON {
        ["Next": .text(next), "Seconds": .number(seconds), "Type": "Wait"]
    }

    /// What SageMaker may still spend on Spot when it is asked for now.
    var left: [String: ExportedJSON] {
        [
            "left": Self.expression(
                "$floor(($min([$deadline, $end]) - $millis()) / 1000) - \(stack.job.safetyMargin.wholeSeconds)")
        ]
    }

    /// A creation without a clear answer may have made a job. If there is none to stop, on-demand may begin.
    private var stopUnclear: ExportedJSON {
        guard case .object(var task) = stop(next: "WaitStopped") else { preconditionFailure("a task is an object") }
        task["Catch"] = [Self.caught(["States.ALL"], "FallBack")]
        return .object(task)
    }

    var spot: [String: ExportedJSON] {
        let request = TrainingRequest(stack: stack)
        let first: [String: ExportedJSON] = [
            "job": Self.expression("$night & '-spot'"), "secondary": "Starting", "status": "InProgress",
        ]
        let durable: [String: ExportedJSON] = [
            "kept": Self.expression(Self.kept), "trained": Self.expression(Self.trained),
        ]
        return [
            "CreateSpot": [
                "Arguments": request.arguments(
                    name: "{% $night & '-spot' %}",
                    stoppingCondition: [
                        "MaxRuntimeInSeconds": Self.expression("$min([$maxRun, $left])"),
                        "MaxWaitTimeInSeconds": Self.expression("$left"),
                    ], isSpot: true),
                "Assign": .object(first),
                "Catch": [
                    // This night's own job: its creation was answered unclearly, or the night was started twice.
                    Self.caught(Self.nameTaken, "WaitSpot", first),
                    Self.caught(
                        Self.quota, "FallBack",
                        ["reason": "the quota for Spot refused the job, and waiting does not change a quota"]),
                    Self.caught(["States.ALL"], "SpotRefused", first.merging(Self.errorText) { $1 }),
                ],
                "Next": "WaitSpot", "Output": [:], "Resource": stack.integration("sagemaker:createTrainingJob"),
                "Retry": Self.retries(except: Self.nameTaken + Self.quota), "Type": "Task",
            ],
            "JudgeSpot": judgeSpot, "JudgeStopped": judgeStopped,
            "LookSpot": look(assign: durable, next: "JudgeSpot"),
            "LookStopped": look(assign: durable, next: "JudgeStopped"),
            "SpotRefused": [
                "Assign": ["reason": Self.expression("'Spot was refused: ' & $errorName & ': ' & $cause")],
                "Choices": [Self.rule(Self.isPassing, "WaitThrottled")],
                "Default": "StopUnclear", "Type": "Choice",
            ],
            "TryAgain": [
                "Assign": ["reason": Self.expression("'Spot was refused until the latest safe switch: ' & $cause")],
                "Choices": [
                    Self.rule("\(Self.slack) >= \(TrainingStack.look + TrainingStack.stopping)", "CreateSpot", left)
                ],
                "Default": "StopUnclear", "Type": "Choice",
            ],
            "StopUnclear": stopUnclear,
            "StopSpot": stop(next: "WaitStopped"), "WaitSpot": wait(TrainingStack.poll, next: "LookSpot"),
            "WaitStopped": wait(15, next: "LookStopped"), "WaitThrottled": wait(30, next: "TryAgain"),
        ]
    }

    private var judgeSpot: ExportedJSON {
        let stay = TrainingStack.look + TrainingStack.stopping
        return [
            "Choices": [
                Self.rule("$status = 'Completed'", "Completed"),
                // Stopped is not an error to SageMaker, and no success to anyone.
                Self.rule(
                    "$status = 'Stopped' and $secondary = 'MaxWaitTimeExceeded'", "FallBack",
                    ["reason": "Spot had no capacity within MaxWaitTimeInSeconds"]),
                Self.rule("$status = 'Stopped' and $secondary = 'MaxRuntimeExceeded'", "Alarm", Self.maxRunReached),
                Self.rule("$status = 'Stopped'", "Alarm", Self.stoppedByHand),
                Self.rule(
                    "$status = 'Failed' and (\(Self.mayRetry))", "FallBack",
                    ["reason": Self.expression("'Spot failed: ' & $failure")]),
                Self.rule("$status = 'Failed'", "Alarm", Self.trainingFailed),
                Self.rule(
                    "$status = 'InProgress' and \(Self.slack) < \(stay)", "StopSpot",
                    [
                        "reason": Self.expression(
                            "'the latest safe switch was reached while Spot was ' & $secondary")
                    ]),
                Self.rule(
                    "$status = 'InProgress' and $maxRun - $trained < $work - $kept + $restart + \(stay)", "StopSpot",
                    ["reason": "Spot would have used up the part of maxRun that on-demand needs"]),
            ],
            "Comment": .text(
                "Spot is left while on-demand still fits: with less than \(stay) s of slack, the longest until the next "
                    + "look and until Spot is stopped."),
            "Default": "WaitSpot", "Type": "Choice",
        ]
    }

    /// Two jobs never write the same checkpoints: on-demand begins when Spot has ended.
    private var judgeStopped: ExportedJSON {
        [
            "Choices": [
                Self.rule("$status = 'Completed'", "Completed"),
                Self.rule("$status = 'Stopped' or ($status = 'Failed' and (\(Self.mayRetry)))", "FallBack"),
                Self.rule("$status = 'Failed'", "Alarm", Self.trainingFailed),
                Self.rule(
                    "$millis() > $end", "Alarm",
                    Self.ending(
                        "MachineStateUnknown",
                        "'Look at ' & $job & ' now: it was told to stop and is not known to have stopped.'")),
            ], "Default": "WaitStopped", "Type": "Choice",
        ]
    }

    // MARK: - Ends without a model

    static let stoppedByHand = ending("StoppedByHand", "$job & ' was stopped by somebody, so nothing more was bought.'")
    static let trainingFailed = ending("TrainingFailed", "$job & ' failed, and would fail again: ' & $failure & '.'")
    static let maxRunReached = ending(
        "MaxRunReached", "$job & ' trained for as long as may be paid for (maxRun ' & $string($maxRun) & ' s).'")
}
