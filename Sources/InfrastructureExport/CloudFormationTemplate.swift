// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// All of it as one CloudFormation template.
package struct CloudFormationTemplate {
    let stack: TrainingStack

    package init(_ stack: TrainingStack) { self.stack = stack }

    package var document: ExportedJSON {
        [
            "AWSTemplateFormatVersion": "2010-09-09",
            "Conditions": ["HasEmail": ["Fn::Not": [["Fn::Equals": [["Ref": "AlarmEmail"], ""]]]]],
            "Description": .text("Nights of \(stack.job.name) on managed Spot with a fallback that keeps the deadline"),
            "Metadata": ["Nightshift": .list(stack.notes.map(ExportedJSON.text))],
            "Outputs": [
                "AlarmTopic": ["Value": ["Ref": "AlarmTopic"]], "NightMachine": ["Value": ["Ref": "NightMachine"]],
            ],
            "Parameters": [
                "AlarmEmail": [
                    "Default": "", "Description": "Where alarms are mailed to; empty for nowhere", "Type": "String",
                ]
            ],
            "Resources": .object(resources),
        ]
    }

    private var resources: [String: ExportedJSON] {
        var all: [String: ExportedJSON] = [
            "AlarmSubscription": [
                "Condition": "HasEmail",
                "Properties": [
                    "Endpoint": ["Ref": "AlarmEmail"], "Protocol": "email", "TopicArn": ["Ref": "AlarmTopic"],
                ],
                "Type": "AWS::SNS::Subscription",
            ],
            "AlarmTopic": ["Properties": ["TopicName": .text(stack.topicName)], "Type": "AWS::SNS::Topic"],
            "NightMachine": machine(stack.nightMachineName, NightMachine(stack).definition, role: "NightRole"),
            "NoNightAlarm": noNight,
            "OpenMachine": machine(stack.openMachineName, OpenMachine(stack).definition, role: "OpenRole"),
            "Schedule": schedule,
        ]
        for role in StackPolicies(stack).roles {
            all[role.id] = [
                "Properties": [
                    "AssumeRolePolicyDocument": role.trust,
                    "Policies": [["PolicyDocument": role.policy, "PolicyName": "nightshift"]],
                ], "Type": "AWS::IAM::Role",
            ]
        }
        return all
    }

    private func machine(_ name: String, _ definition: ExportedJSON, role: String) -> ExportedJSON {
        [
            "Properties": [
                "Definition": definition, "RoleArn": ["Fn::GetAtt": [.text(role), "Arn"]],
                "StateMachineName": .text(name), "StateMachineType": "STANDARD",
            ], "Type": "AWS::StepFunctions::StateMachine",
        ]
    }

    private var schedule: ExportedJSON {
        [
            "Properties": [
                "FlexibleTimeWindow": ["Mode": "OFF"], "Name": .text(stack.scheduleName),
                "ScheduleExpression": .text(stack.scheduleExpression),
                "ScheduleExpressionTimezone": .text(stack.job.schedule.timeZone),
                "Target": [
                    "Arn": ["Ref": "OpenMachine"], "Input": .text(TrainingStack.scheduleInput),
                    // The default would start a night up to a day after its deadline.
                    "RetryPolicy": ["MaximumEventAgeInSeconds": .number(stack.retryAge), "MaximumRetryAttempts": 10],
                    "RoleArn": ["Fn::GetAtt": ["ScheduleRole", "Arn"]],
                ],
            ], "Type": "AWS::Scheduler::Schedule",
        ]
    }

    /// A day without a night that succeeded is one whatever the cause, Scheduler's included.
    private var noNight: ExportedJSON {
        [
            "Properties": [
                "AlarmActions": [["Ref": "AlarmTopic"]],
                "AlarmDescription": .text("No night of \(stack.job.name) succeeded within a day"),
                "ComparisonOperator": "LessThanThreshold",
                "Dimensions": [["Name": "StateMachineArn", "Value": ["Ref": "NightMachine"]]],
                "EvaluationPeriods": 1, "MetricName": "ExecutionsSucceeded", "Namespace": "AWS/States",
                "Period": 86400, "Statistic": "Sum", "Threshold": 1, "TreatMissingData": "breaching",
            ], "Type": "AWS::CloudWatch::Alarm",
        ]
    }
}

extension TrainingStack {
    /// Scheduler puts the moment in, in UTC.
    static let scheduleInput = "{\"scheduled\": \"<aws.scheduler.scheduled-time>\"}"

    /// Every day at the night's start, in the job's zone.
    package var scheduleExpression: String {
        "cron(\(job.schedule.startMinutes % 60) \(job.schedule.startMinutes / 60) * * ? *)"
    }
}
