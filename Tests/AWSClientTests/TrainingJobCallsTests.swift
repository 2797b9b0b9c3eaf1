// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import AWSClient

@Suite struct TrainingJobCallsTests {
    private func calls(_ aws: ScriptedAWS) -> TrainingJobCalls {
        TrainingJobCalls(aws.caller(["AWS_MAX_ATTEMPTS": "1"]), region: "eu-west-1")
    }

    private static let request = TrainingJobRequest(
        trainingJobName: "night-1", roleArn: "arn:aws:iam::1:role/x",
        algorithmSpecification: .init(
            trainingImage: "image", trainingInputMode: "File", metricDefinitions: [.init(name: "loss", regex: "l=(.*)")]
        ),
        hyperParameters: ["Epochs": "3", "lr": "0.1"],
        outputDataConfig: .init(s3OutputPath: "s3://b/"),
        resourceConfig: .init(instanceType: "ml.p4d.24xlarge", instanceCount: 1, volumeSizeInGB: 30),
        stoppingCondition: .init(maxRuntimeInSeconds: 14400, maxWaitTimeInSeconds: 28800),
        enableManagedSpotTraining: true, checkpointConfig: .init(s3Uri: "s3://b/c/", localPath: "/opt/ml/checkpoints"))

    @Test func `a request has AWS's own names, keeps the job's, and survives being read back`() async throws {
        let aws = ScriptedAWS([.json(200, #"{"TrainingJobArn":"arn:1"}"#)])
        #expect(try await calls(aws).create(Self.request) == "arn:1")
        let asked = try #require(aws.asked.first)
        #expect(asked["X-Amz-Target"] == "SageMaker.CreateTrainingJob")
        #expect(asked.endpoint.host == "api.sagemaker.eu-west-1.amazonaws.com")
        #expect(asked["Authorization"]?.contains("/eu-west-1/sagemaker/aws4_request") == true)
        let text = String(decoding: asked.body, as: UTF8.self)
        #expect(
            text == #"""
                {"AlgorithmSpecification":{"MetricDefinitions":[{"Name":"loss","Regex":"l=(.*)"}],"TrainingImage":"image","TrainingInputMode":"File"},"CheckpointConfig":{"LocalPath":"/opt/ml/checkpoints","S3Uri":"s3://b/c/"},"EnableManagedSpotTraining":true,"HyperParameters":{"Epochs":"3","lr":"0.1"},"OutputDataConfig":{"S3OutputPath":"s3://b/"},"ResourceConfig":{"InstanceCount":1,"InstanceType":"ml.p4d.24xlarge","VolumeSizeInGB":30},"RoleArn":"arn:aws:iam::1:role/x","StoppingCondition":{"MaxRuntimeInSeconds":14400,"MaxWaitTimeInSeconds":28800},"TrainingJobName":"night-1"}
                """#)
        #expect(try JSONDecoder().decode(TrainingJobRequest.self, from: Data(asked.body)) == Self.request)
    }

    @Test func `a description keeps words it does not know, and times to the millisecond`() async throws {
        let text = #"""
            {"TrainingJobName":"n","TrainingJobStatus":"Hibernating","SecondaryStatus":"Dreaming","CreationTime":1795600000.123,
             "SecondaryStatusTransitions":[{"Status":"Interrupted","StartTime":1795600000,"StatusMessage":"Spot"}],
             "TrainingTimeInSeconds":10,"BillableTimeInSeconds":4,"SomethingNew":{"x":[1]},"HyperParameters":{"Epochs":"3"}}
            """#
        let found = try await calls(ScriptedAWS([.json(200, text)])).describe("n")
        #expect(found.trainingJobStatus.rawValue == "Hibernating" && !found.trainingJobStatus.isEnd)
        #expect(found.secondaryStatus?.rawValue == "Dreaming")
        #expect(found.creationTime?.instant.milliseconds == 1_795_600_000_123)
        #expect(found.secondaryStatusTransitions?.first?.status == .interrupted)
        #expect(found.hyperParameters == ["Epochs": "3"])
        let again = try JSONDecoder().decode(TrainingJobDescription.self, from: try JSONEncoder().encode(found))
        #expect(again == found)
    }

    @Test func `no capacity is told apart from every other failure`() throws {
        func description(_ status: String, _ reason: String?) throws -> TrainingJobDescription {
            TrainingJobDescription(
                trainingJobName: "n", trainingJobStatus: .init(rawValue: status), failureReason: reason)
        }
        let capacity = "CapacityError: Unable to provision requested ML compute capacity."
        #expect(try description("Failed", capacity).failedForCapacity)
        #expect(try !description("Stopped", capacity).failedForCapacity)
        #expect(try !description("Failed", "AlgorithmError: exit code: 1").failedForCapacity)
        #expect(try !description("Failed", nil).failedForCapacity)
    }

    @Test(arguments: [
        (400, "ResourceInUse", "there", TrainingJobError.nameTaken("there")),
        (400, "ResourceLimitExceeded", "quota", .quota("quota")),
        (400, "ThrottlingException", "Rate exceeded", .throttled("ThrottlingException")),
        (400, "ValidationException", "Requested resource not found.", .notFound("Requested resource not found.")),
        (
            400, "ValidationException",
            "The request was rejected because the training job is in status Stopped",
            .alreadyEnding("The request was rejected because the training job is in status Stopped")
        ),
        (400, "ValidationException", "no", .invalid(code: "ValidationException", message: "no")),
        (400, "AccessDeniedException", "not you", .denied(code: "AccessDeniedException", message: "not you")),
        (500, "InternalFailure", "", .unreachable("500 InternalFailure")), (503, "", "", .unreachable("503 ")),
    ])
    func `a refusal is told by what it means`(
        status: Int, code: String, message: String, meaning: TrainingJobError
    ) async {
        let answer = ScriptedAWS.Answer.json(status, #"{"__type":"\#(code)","message":"\#(message)"}"#)
        await #expect(throws: meaning) { _ = try await calls(ScriptedAWS([answer])).create(Self.request) }
        await #expect(throws: meaning) { try await calls(ScriptedAWS([answer])).stop("n") }
    }

    @Test func `what is not clear is unreachable: silence, and an answer that is none`() async {
        for aws in [ScriptedAWS([]), ScriptedAWS([.json(200, "<html>")])] {
            await #expect {
                _ = try await calls(aws).create(Self.request)
            } throws: {
                if case TrainingJobError.unreachable = $0 { true } else { false }
            }
        }
    }

    @Test func `a listing follows its pages to the end, and not in circles`() async throws {
        func page(_ names: [String], next: String?) -> ScriptedAWS.Answer {
            let jobs = names.map {
                #"{"TrainingJobName":"\#($0)","TrainingJobArn":"a","CreationTime":1.5,"TrainingJobStatus":"Failed"}"#
            }
            let next = next.map { #","NextToken":"\#($0)""# } ?? ""
            return .json(200, #"{"TrainingJobSummaries":[\#(jobs.joined(separator: ","))]\#(next)}"#)
        }
        let aws = ScriptedAWS([page(["a", "b"], next: "2"), page([], next: "3"), page(["c"], next: nil)])
        let filter = TrainingJobCalls.Filter(
            nameContains: "night", status: .inProgress, createdAfter: Instant(milliseconds: 1500))
        #expect(try await calls(aws).list(filter).map(\.trainingJobName) == ["a", "b", "c"])
        #expect(
            String(decoding: aws.asked[1].body, as: UTF8.self)
                == #"{"CreationTimeAfter":1.5,"MaxResults":100,"NameContains":"night","NextToken":"2","#
                + #""SortBy":"CreationTime","SortOrder":"Descending","StatusEquals":"InProgress"}"#)
        await #expect(throws: TrainingJobError.self) {
            _ = try await calls(ScriptedAWS([page(["a"], next: "2"), page([], next: "3"), page([], next: "2")])).list()
        }
    }
}
