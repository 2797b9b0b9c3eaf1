// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The part of a night on on-demand: from the same checkpoints, under a new name for each try.
extension NightMachine {
    var onDemand: [String: ExportedJSON] {
        let request = TrainingRequest(stack: stack)
        let name = "$night & '-ondemand-' & $string($tries)"
        let first: [String: ExportedJSON] = [
            "job": Self.expression(name), "secondary": "Starting", "status": "InProgress", "under": 0,
        ]
        return [
            "CreateOnDemand": [
                "Arguments": request.arguments(
                    name: Self.expression(name),
                    stoppingCondition: ["MaxRuntimeInSeconds": Self.expression("$left")], isSpot: false),
                "Assign": .object(first),
                "Catch": [
                    Self.caught(Self.nameTaken, "TellFallback", first),
                    Self.caught(
                        Self.quota, "Alarm",
                        Self.ending(
                            "QuotaRefused",
                            "'On-demand was refused by its own quota. Ask AWS for \(stack.instanceType) for training "
                                + "job usage in \(stack.region). ' & ($exists($states.errorOutput.Cause) "
                                + "? $states.errorOutput.Cause : '')")),
                    Self.caught(["States.ALL"], "OnDemandRefused", Self.errorText),
                ],
                "Next": "TellFallback", "Output": [:], "Resource": stack.integration("sagemaker:createTrainingJob"),
                "Retry": Self.retries(except: Self.nameTaken + Self.quota), "Type": "Task",
            ],
            "FallBack": fallBack,
            "JudgeOnDemand": judgeOnDemand,
            "LookOnDemand": look(assign: ["under": Self.expression(Self.trained)], next: "JudgeOnDemand"),
            "OnDemandRefused": [
                "Assign": .object(
                    Self.ending("CreationRefused", "'On-demand was refused: ' & $errorName & ': ' & $cause")),
                "Choices": [Self.rule("(\(Self.isPassing)) and $millis() < $end", "WaitThrottledOnDemand")],
                "Default": "Alarm", "Type": "Choice",
            ],
            "StopOnDemand": stop(next: "Alarm"),
            "TellFallback": tell(
                subject: "$night & ': on-demand'",
                message: "'On-demand was asked for because ' & $reason & '. Training job: ' & $job & '; ' & "
                    + "$string($floor($kept)) & ' s of work are kept.'", next: "WaitOnDemand"),
            "TellLate": tell(
                subject: "$night & ': will be late'",
                message: "$job & ' is ' & $secondary & ' and is not expected by the deadline, ' & "
                    + "$fromMillis($deadline)", next: "WaitOnDemand"),
            "WaitOnDemand": wait(TrainingStack.poll, next: "LookOnDemand"),
            "WaitThrottledOnDemand": wait(30, next: "CreateOnDemand"),
        ]
    }

    /// A night that will be late is still trained, as long as `maxWait` has room for the work that is left.
    private var fallBack: ExportedJSON {
        let needed = "($work - $kept + \(stack.restart + stack.job.uploadTime.wholeSeconds))"
        return [
            "Choices": [
                Self.rule(
                    "($end - $millis()) / 1000 < \(needed)", "Alarm",
                    Self.ending(
                        "NoTimeLeft",
                        "'On-demand has no time left before the end of the night (maxWait), needed because ' & $reason "
                            + "& '.'")),
                Self.rule(
                    "$maxRun - $trained < $work - $kept", "Alarm", Self.maxRunReached),
            ],
            "Assign": [
                "left": Self.expression("$floor($min([$maxRun - $trained, ($end - $millis()) / 1000]))"),
                "tries": Self.expression("$tries + 1"),
            ],
            "Default": "CreateOnDemand", "Type": "Choice",
        ]
    }

    private var judgeOnDemand: ExportedJSON {
        let upload = stack.job.uploadTime.wholeSeconds
        let expected = "$max([0, $work - $kept - $under]) + ($under > 0 ? 0 : $restart) + \(upload)"
        return [
            "Choices": [
                Self.rule("$status = 'Completed'", "Completed"),
                Self.rule("$status = 'Stopped' and $secondary = 'MaxRuntimeExceeded'", "Alarm", Self.maxRunReached),
                Self.rule("$status = 'Stopped'", "Alarm", Self.stoppedByHand),
                Self.rule(
                    "$status = 'Failed' and (\(Self.mayRetry))", "FallBack",
                    ["reason": Self.expression("'on-demand failed: ' & $failure")]),
                Self.rule("$status = 'Failed'", "Alarm", Self.trainingFailed),
                Self.rule(
                    "$millis() > $end", "StopOnDemand",
                    Self.ending("NoTimeLeft", "$job & ' was stopped at the end of the night (maxWait).'")),
                Self.rule(
                    "$not($late) and ($deadline - $millis()) / 1000 < \(expected)", "TellLate", ["late": true]),
            ], "Default": "WaitOnDemand", "Type": "Choice",
        ]
    }
}
