// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Testing
import TrainingAgent
import TrainingJobs

@Suite struct RequestTests {
    private static let pattern = "failed to satisfy constraint: Member must satisfy regular expression pattern: "

    /// What is changed in a right request, and all that AWS says of it after "N validation errors detected: ".
    static let wrong: [([String: JSONValue?], String)] = [
        (
            ["TrainingJobName": "no_underscores"],
            "Value 'no_underscores' at 'trainingJobName' \(pattern)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
        ),
        (
            ["TrainingJobName": nil],
            "Value null at 'trainingJobName' failed to satisfy constraint: Member must not be null"
        ),
        (
            ["RoleArn": "arn:aws:iam::12:role/somebody"],
            "Value 'arn:aws:iam::12:role/somebody' at 'roleArn' \(pattern)"
                + #"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"#
        ),
        (
            ["OutputDataConfig": .object(["S3OutputPath": "/tmp/models"])],
            "Value '/tmp/models' at 'outputDataConfig.s3OutputPath' \(pattern)(https|s3)://([^/]+)/?(.*)"
        ),
        (
            ["StoppingCondition": .object(["MaxRuntimeInSeconds": .integer("0")])],
            "Value '0' at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must have value "
                + "greater than or equal to 1"
        ),
        (
            ["StoppingCondition": .object(["MaxPendingTimeInSeconds": .integer("60")])],
            "Value '60' at 'stoppingCondition.maxPendingTimeInSeconds' failed to satisfy constraint: Member must have "
                + "value greater than or equal to 7200"
        ),
        (
            ["Environment": .object(["1ST": "x"])],
            "Value '{1ST=x}' at 'environment' failed to satisfy constraint: Map keys must satisfy constraint: [Member "
                + "must have length less than or equal to 512, Member must have length greater than or equal to 0, "
                + "Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]"
        ),
        (
            ["RetryStrategy": .object(["MaximumRetryAttempts": .integer("31")])],
            "Value '31' at 'retryStrategy.maximumRetryAttempts' failed to satisfy constraint: Member must have value "
                + "less than or equal to 30"
        ),
        (
            ["AlgorithmSpecification": .object(["TrainingInputMode": "Stream", "TrainingImage": "x"])],
            "Value 'Stream' at 'algorithmSpecification.trainingInputMode' failed to satisfy constraint: Member must "
                + "satisfy enum value set: [Pipe, File, FastFile]"
        ),
        (
            [
                "InputDataConfig": .array([
                    .object([
                        "ChannelName": "a b",
                        "DataSource": .object(["S3DataSource": .object(["S3DataType": "S3Prefix", "S3Uri": "s3://b/"])]
                        ),
                    ])
                ])
            ],
            #"Value 'a b' at 'inputDataConfig.1.member.channelName' \#(pattern)[A-Za-z0-9\.\-_]+"#
        ),
        (
            ["InputDataConfig": .array([])],
            "Value '[]' at 'inputDataConfig' failed to satisfy constraint: Member must have length greater than or equal "
                + "to 1"
        ),
        (
            ["Tags": .array([.object(["Key": .string(String(repeating: "k", count: 129)), "Value": ""])])],
            "Value '\(String(repeating: "k", count: 129))' at 'tags.1.member.key' failed to satisfy constraint: Member "
                + "must have length less than or equal to 128"
        ),
    ]

    @Test("Each violation is told in AWS's words", arguments: wrong.indices)
    func violations(index: Int) {
        let (changes, text) = Self.wrong[index]
        let fault = #expect(throws: ServiceFault.self) {
            try TrainingJobRequest(StageBench.request("job", changes: changes))
        }
        #expect(fault == .validation("1 validation error detected: " + text))
    }

    @Test("All violations come in one message")
    func allAtOnce() {
        let fault = #expect(throws: ServiceFault.self) {
            try TrainingJobRequest(
                StageBench.request(
                    "a_b",
                    changes: ["RoleArn": nil, "ResourceConfig": .object(["InstanceType": "ml.t2.medium"])]))
        }
        #expect(fault?.code == "ValidationException")
        #expect(fault?.message.hasPrefix("3 validation errors detected: Value 'a_b' at 'trainingJobName' ") == true)
        #expect(fault?.message.contains("; Value null at 'roleArn' failed to satisfy constraint: ") == true)
        #expect(
            fault?.message.contains(
                "; Value 'ml.t2.medium' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must "
                    + "satisfy enum value set: [ml.m4.xlarge, ") == true)
    }

    /// What no shape can say.
    static let senseless: [([String: JSONValue?], String)] = [
        (
            [
                "StoppingCondition": .object([
                    "MaxRuntimeInSeconds": .integer("60"), "MaxWaitTimeInSeconds": .integer("120"),
                ])
            ], "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true"
        ),
        (
            ["EnableManagedSpotTraining": .bool(true)],
            "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds when "
                + "EnableManagedSpotTraining is set to true"
        ),
        (
            StageBench.spot(maxRuntime: 100, maxWait: 99),
            "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds when "
                + "EnableManagedSpotTraining is set to true"
        ),
        (
            ["ResourceConfig": .object(["InstanceType": "ml.m5.large", "InstanceCount": .integer("0")])],
            "Invalid InstanceCount. It must be at least 1"
        ),
    ]

    @Test("What makes no sense is refused with the reason", arguments: senseless.indices)
    func senselessRequests(index: Int) {
        let (changes, text) = Self.senseless[index]
        let fault = #expect(throws: ServiceFault.self) {
            try TrainingJobRequest(StageBench.request("job", changes: changes))
        }
        #expect(fault == .validation(text))
    }

    @Test("A member of the wrong type is a SerializationException")
    func wrongType() {
        let fault = #expect(throws: ServiceFault.self) {
            try TrainingJobRequest(
                StageBench.request("job", changes: ["HyperParameters": .object(["a": .integer("1")])]))
        }
        #expect(fault?.code == "SerializationException")
    }

    @Test("Members that the stage does not know are taken and told back")
    func unknownMembers() throws {
        let profiler: JSONValue = .object(["S3OutputPath": "s3://b/", "DisableProfiler": .bool(false)])
        let request = try TrainingJobRequest(StageBench.request("job", changes: ["ProfilerConfig": profiler]))
        let job = StoredTrainingJob(
            request: request, arn: "arn", record: StageJobRecord(created: Instant(milliseconds: 0)), tags: [])
        #expect(job.description["ProfilerConfig"] == profiler)
        #expect(job.description["OutputDataConfig"]?["KmsKeyId"] == "")
        #expect(job.description["TrainingTimeInSeconds"] == nil)
    }
}
