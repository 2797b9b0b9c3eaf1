// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import AWSClient

/// Against a server that checks signatures by code that is neither ours nor botocore's signer.
@Suite struct MotoTests {
    private typealias Call = @Sendable (AWSCaller) async throws -> Void

    /// A call of each protocol and service. Names that do not exist: a refusal of the name is an accepted signature.
    private static let calls: [(String, Call)] = [
        ("SageMaker", { _ = try await TrainingJobCalls($0, region: "eu-west-1").list() }),
        ("STS", { _ = try await IdentityCalls($0, region: "eu-west-1").callerIdentity() }),
        ("IAM", { _ = try await IdentityCalls($0, region: "eu-west-1").role("absent") }),
        ("Logs", { _ = try await LogCalls($0, region: "eu-west-1").streams(of: "g h/ü", prefix: "") }),
        (
            "Service Quotas",
            { caller in
                let body = Array(#"{"ServiceCode":"vpc"}"#.utf8)
                _ = try await caller.json(
                    .serviceQuotas, region: "eu-west-1", operation: "ListAWSDefaultServiceQuotas", body: body)
            }
        ),
    ]

    @Test func `the right secret passes and a wrong one is refused, for every service we call`() async throws {
        let ran: Bool? = try await MotoServer.serve { moto in
            for (name, call) in Self.calls {
                await #expect(throws: Never.self, "\(name)") { try await call(moto.caller()) }
                await #expect("\(name)") {
                    try await call(moto.caller(secret: moto.secret + "x"))
                } throws: {
                    switch $0 {
                    case AWSError.denied(_, "SignatureDoesNotMatch", _): true
                    case TrainingJobError.denied("SignatureDoesNotMatch", _): true
                    default: false
                    }
                }
            }
            return true
        }
        if ran == nil { print("skipped: Python's moto is not installed") }
    }

    @Test func `pages of jobs and of log events are read to the end`() async throws {
        let ran: Bool? = try await MotoServer.serve { moto in
            let caller = moto.caller()
            let jobs = TrainingJobCalls(caller, region: "eu-west-1")
            for number in 0..<110 {
                _ = try await jobs.create(
                    TrainingJobRequest(
                        trainingJobName: "night-\(number)", roleArn: "arn:aws:iam::123456789012:role/x",
                        algorithmSpecification: .init(trainingImage: "image", trainingInputMode: "File"),
                        outputDataConfig: .init(s3OutputPath: "s3://b/"),
                        resourceConfig: .init(instanceType: "ml.m5.large", instanceCount: 1, volumeSizeInGB: 30),
                        stoppingCondition: .init(maxRuntimeInSeconds: 60)))
            }
            let listed = try await jobs.list()
            #expect(Set(listed.map(\.trainingJobName)).count == 110)
            #expect(try await jobs.describe("night-7").trainingJobStatus == .completed)
            await #expect {
                _ = try await jobs.describe("absent")
            } throws: {
                switch $0 {
                // moto has words of its own for it.
                case TrainingJobError.invalid("ValidationException", _), TrainingJobError.notFound: true
                default: false
                }
            }

            func log(_ operation: String, _ body: String) async throws {
                _ = try await caller.json(.logs, region: "eu-west-1", operation: operation, body: Array(body.utf8))
            }
            try await log("CreateLogGroup", #"{"logGroupName":"g"}"#)
            for number in 0..<60 {
                try await log("CreateLogStream", #"{"logGroupName":"g","logStreamName":"n/algo-\#(number)"}"#)
            }
            let now = Int64(Date.now.timeIntervalSince1970 * 1000)
            let events = (0..<50).map { #"{"timestamp":\#(now - 50 + Int64($0)),"message":"line \#($0)"}"# }
            try await log(
                "PutLogEvents",
                #"{"logGroupName":"g","logStreamName":"n/algo-0","logEvents":[\#(events.joined(separator: ","))]}"#)
            let logs = LogCalls(caller, region: "eu-west-1")
            #expect(try await logs.streams(of: "g", prefix: "n/").count == 60)
            let all = try await logs.allEvents(of: "n/algo-0", in: "g")
            #expect(all.events.map(\.message) == (0..<50).map { "line \($0)" })
            let late = try await logs.allEvents(of: "n/algo-0", in: "g", from: Instant(milliseconds: now - 10))
            #expect(late.events.count == 10)
            return true
        }
        if ran == nil { print("skipped: Python's moto is not installed") }
    }
}
