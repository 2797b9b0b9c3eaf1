// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Opens a night: Scheduler knows only when it fired, in UTC, and may fire twice. This machine works out the local date
/// and the deadline, clock changes included, and starts the night's machine under the night's name, which Step
/// Functions takes once.
package struct OpenMachine {
    let stack: TrainingStack

    package init(_ stack: TrainingStack) { self.stack = stack }

    /// Its input is `{"scheduled": "2026-11-25T00:00:00Z"}`.
    package var definition: ExportedJSON {
        [
            "Comment": .text("Opens the nights of \(stack.job.name). \(stack.provenance)"),
            "QueryLanguage": "JSONata", "StartAt": "Read",
            "States": [
                "Alarm": NightMachine(stack).tell(
                    subject: "'\(stack.job.name): a night was not opened'",
                    message:
                        "'The night that was scheduled for ' & $fromMillis($scheduled) & ' was not opened: ' & $errorName "
                        + "& ': ' & $cause", next: "NotOpened"),
                "AlreadyOpen": ["Comment": "Scheduler delivers at least once.", "Type": "Succeed"],
                "NameNight": [
                    "Assign": [
                        "night": NightMachine.expression(
                            "'\(stack.job.name)-' & $substring($fromMillis($deadline + \(offset("$deadline")) * 1000), 0, 10)"
                        )
                    ], "Comment": "A night is named by the local date of its deadline.", "Next": "Open", "Type": "Pass",
                ],
                "NotOpened": [
                    "Cause": NightMachine.expression("$cause"), "Error": NightMachine.expression("$errorName"),
                    "Type": "Fail",
                ],
                "Open": [
                    "Arguments": [
                        "Input": NightMachine.expression("$string({'deadline': $fromMillis($deadline)})"),
                        "Name": NightMachine.expression("$night"), "StateMachineArn": .text(stack.nightMachineArn),
                    ],
                    "Catch": [
                        NightMachine.caught([Self.alreadyExists], "AlreadyOpen"),
                        NightMachine.caught(["States.ALL"], "Alarm", NightMachine.errorText),
                    ],
                    "Next": "Opened", "Resource": stack.integration("sfn:startExecution"),
                    "Retry": NightMachine.retries(except: [Self.alreadyExists]), "Type": "Task",
                ],
                "Opened": ["Type": "Succeed"],
                "Read": [
                    "Assign": [
                        "offsets": .list(
                            stack.offsets.map {
                                ["from": .text($0.from.iso8601), "seconds": .number($0.seconds)]
                            }),
                        "scheduled": NightMachine.expression("$toMillis($states.input.scheduled)"),
                    ],
                    "Comment": .text("Seconds east of UTC in \(stack.job.schedule.timeZone), each from its moment on."),
                    "Next": "SetDeadline", "Type": "Pass",
                ],
                "SetDeadline": [
                    "Assign": [
                        "deadline": NightMachine.expression(
                            "$scheduled + (\(stack.window) + \(offset("$scheduled")) - "
                                + "\(offset("($scheduled + \(stack.window) * 1000)"))) * 1000")
                    ], "Comment": "A night with a clock change is an hour longer or shorter.", "Next": "NameNight",
                    "Type": "Pass",
                ],
            ],
        ]
    }

    private static let alreadyExists = "Sfn.ExecutionAlreadyExistsException"

    private func offset(_ moment: String) -> String { "$offsets[$toMillis(from) <= \(moment)][-1].seconds" }
}
