// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Who may do what: exact actions on exact resources, and nothing that no file here uses.
package struct StackPolicies {
    let stack: TrainingStack

    package init(_ stack: TrainingStack) { self.stack = stack }

    /// A role that the stack makes: who takes it, and what it may do.
    struct Role {
        /// In CloudFormation; Terraform's is the same in small letters.
        var id: String
        var name: String
        var trust: ExportedJSON
        var policy: ExportedJSON
    }

    var roles: [Role] {
        [
            Role(
                id: "NightRole", name: "nightshift-\(stack.job.name)-night",
                trust: trust("states.amazonaws.com", for: stack.nightMachineArn), policy: night),
            Role(
                id: "OpenRole", name: "nightshift-\(stack.job.name)-open",
                trust: trust("states.amazonaws.com", for: stack.openMachineArn), policy: open),
            Role(
                id: "ScheduleRole", name: "nightshift-\(stack.job.name)-schedule",
                trust: trust("scheduler.amazonaws.com", for: nil), policy: schedule),
        ]
    }

    package var document: ExportedJSON {
        var members: [String: ExportedJSON] = ["Comment": .text(stack.provenance)]
        for role in roles {
            members[role.id] = ["AssumeRolePolicyDocument": role.trust, "PolicyDocument": role.policy]
        }
        // It exists already; this is what it needs for this job, to be compared with what it has.
        members["TrainingRole"] = [
            "Arn": .text(stack.role.arn),
            "AssumeRolePolicyDocument": trust("sagemaker.amazonaws.com", for: nil), "PolicyDocument": training,
        ]
        return .object(members)
    }

    // MARK: - Each role's policy

    private var night: ExportedJSON {
        let jobs = ExportedJSON.text(stack.arn("sagemaker", "training-job/\(stack.job.name)-*"))
        return policy([
            [
                "Action": "sagemaker:CreateTrainingJob",
                "Condition": [
                    "ForAllValues:StringEquals": ["sagemaker:InstanceTypes": [.text(stack.instanceType)]]
                ],
                "Effect": "Allow", "Resource": jobs, "Sid": "Create",
            ],
            [
                "Action": ["sagemaker:AddTags", "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
                "Effect": "Allow", "Resource": jobs, "Sid": "LookAndStop",
            ],
            [
                "Action": "iam:PassRole",
                "Condition": ["StringEquals": ["iam:PassedToService": "sagemaker.amazonaws.com"]], "Effect": "Allow",
                "Resource": .text(stack.role.arn), "Sid": "PassTrainingRole",
            ],
            alarm,
        ])
    }

    private var open: ExportedJSON {
        policy([
            [
                "Action": "states:StartExecution", "Effect": "Allow", "Resource": .text(stack.nightMachineArn),
                "Sid": "OpenNight",
            ], alarm,
        ])
    }

    private var schedule: ExportedJSON {
        policy([
            [
                "Action": "states:StartExecution", "Effect": "Allow", "Resource": .text(stack.openMachineArn),
                "Sid": "Start",
            ]
        ])
    }

    private var alarm: ExportedJSON {
        ["Action": "sns:Publish", "Effect": "Allow", "Resource": .text(stack.topicArn), "Sid": "Alarm"]
    }

    private var training: ExportedJSON {
        let readable = stack.channels.map(\.uri) + [stack.codeUri]
        let written = [stack.checkpointUri, stack.outputUri]
        let buckets = Set((readable + written).map(bucket)).sorted()
        return policy([
            [
                "Action": "s3:GetObject", "Effect": "Allow",
                "Resource": .list(Set(readable.map(objects)).sorted().map(ExportedJSON.text)), "Sid": "ReadData",
            ],
            [
                "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], "Effect": "Allow",
                "Resource": .list(Set(written.map(objects)).sorted().map(ExportedJSON.text)), "Sid": "WriteResults",
            ],
            [
                "Action": ["s3:GetBucketLocation", "s3:ListBucket"], "Effect": "Allow",
                "Resource": .list(buckets.map { .text("arn:\(stack.role.partition):s3:::\($0)") }),
                "Sid": "ListBuckets",
            ],
            [
                "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Effect": "Allow", "Resource": .text(repository), "Sid": "PullImage",
            ],
            ["Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*", "Sid": "LogInToRegistry"],
            [
                "Action": [
                    "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents",
                ], "Effect": "Allow",
                "Resource": .text(stack.arn("logs", "log-group:/aws/sagemaker/TrainingJobs*")), "Sid": "WriteLog",
            ],
            [
                "Action": "cloudwatch:PutMetricData",
                "Condition": ["StringEquals": ["cloudwatch:namespace": "/aws/sagemaker/TrainingJobs"]],
                "Effect": "Allow", "Resource": "*", "Sid": "WriteMetrics",
            ],
        ])
    }

    // MARK: - Parts

    private func policy(_ statements: [ExportedJSON]) -> ExportedJSON {
        ["Statement": .list(statements), "Version": "2012-10-17"]
    }

    /// Only this account's use of the service, and where it can be said only this machine.
    private func trust(_ service: String, for source: String?) -> ExportedJSON {
        var condition: [String: ExportedJSON] = [
            "StringEquals": ["aws:SourceAccount": .text(stack.role.account)]
        ]
        if let source { condition["ArnLike"] = ["aws:SourceArn": .text(source)] }
        return policy([
            [
                "Action": "sts:AssumeRole", "Condition": .object(condition), "Effect": "Allow",
                "Principal": ["Service": .text(service)],
            ]
        ])
    }

    private func bucket(_ uri: String) -> String {
        String(uri.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)[0])
    }

    /// The prefix itself, for an archive, and what is below it.
    private func objects(_ uri: String) -> String {
        "arn:\(stack.role.partition):s3:::\(uri.dropFirst(5))" + (uri.hasSuffix(".tar.gz") ? "" : "/*")
    }

    private var repository: String {
        let parts = stack.trainingImage.split(separator: "/", maxSplits: 1)
        let host = parts[0].split(separator: ".")
        let name = parts[1].prefix { $0 != ":" && $0 != "@" }
        return "arn:\(stack.role.partition):ecr:\(host[3]):\(host[0]):repository/\(name)"
    }
}
