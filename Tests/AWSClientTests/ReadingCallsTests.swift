// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import AWSClient

/// Logs, identity and quotas.
@Suite struct ReadingCallsTests {
    @Test func `streams follow their pages, and a group that is not there yet has none`() async throws {
        let aws = ScriptedAWS([
            .json(200, #"{"logStreams":[{"logStreamName":"n/algo-2"}],"nextToken":"x"}"#),
            .json(200, #"{"logStreams":[{"logStreamName":"n/algo-1"}]}"#),
        ])
        let logs = LogCalls(aws.caller(), region: "eu-west-1")
        #expect(try await logs.streams(of: LogCalls.trainingJobs, prefix: "n/") == ["n/algo-1", "n/algo-2"])
        #expect(aws.asked[1]["X-Amz-Target"] == "Logs_20140328.DescribeLogStreams")
        #expect(
            String(decoding: aws.asked[1].body, as: UTF8.self)
                == #"{"limit":50,"logGroupName":"/aws/sagemaker/TrainingJobs","logStreamNamePrefix":"n/","#
                + #""nextToken":"x","orderBy":"LogStreamName"}"#)
        let absent = ScriptedAWS([.json(400, #"{"__type":"ResourceNotFoundException","message":"no"}"#)])
        #expect(try await LogCalls(absent.caller(), region: "eu-west-1").streams(of: "g", prefix: "") == [])
    }

    @Test func `a stream is read until its token stands still, through answers without events`() async throws {
        let aws = ScriptedAWS([
            .json(200, #"{"events":[{"timestamp":1000,"message":"a"}],"nextForwardToken":"f/1"}"#),
            .json(200, #"{"events":[],"nextForwardToken":"f/2"}"#),
            .json(200, #"{"events":[{"timestamp":2000,"message":"b"}],"nextForwardToken":"f/3"}"#),
            .json(200, #"{"events":[],"nextForwardToken":"f/3"}"#),
        ])
        let part = try await LogCalls(aws.caller(), region: "eu-west-1").allEvents(
            of: "s", in: "g", from: Instant(milliseconds: 1000))
        #expect(part.events.map(\.message) == ["a", "b"] && part.next == "f/3")
        #expect(part.events.map(\.at.milliseconds) == [1000, 2000])
        #expect(String(decoding: aws.asked[0].body, as: UTF8.self).contains(#""startTime":1000"#))
    }

    @Test func `who we are is read, and IAM is asked where it lives`() async throws {
        let aws = ScriptedAWS([
            .json(
                200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn>"
                    + "<UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
            ),
            .json(
                200,
                "<GetRoleResponse><GetRoleResult><Role><RoleName>r</RoleName><Arn>arn:aws:iam::1:role/r</Arn>"
                    + "<AssumeRolePolicyDocument>%7B%22a%22%3A1%7D</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>"
            ),
            .json(404, "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>"),
        ])
        let calls = IdentityCalls(aws.caller(), region: "eu-west-1")
        #expect(
            try await calls.callerIdentity() == .init(account: "123456789012", arn: "arn:aws:iam::123456789012:user/x"))
        #expect(try await calls.role("r") == .init(name: "r", arn: "arn:aws:iam::1:role/r", trustPolicy: #"{"a":1}"#))
        #expect(try await calls.role("absent") == nil)
        #expect(aws.asked[0].endpoint.host == "sts.eu-west-1.amazonaws.com")
        #expect(aws.asked[1].endpoint.host == "iam.amazonaws.com")
        #expect(aws.asked[1]["Authorization"]?.contains("/us-east-1/iam/aws4_request") == true)
    }

    @Test func `permissions follow their markers, and only allowed is allowed`() async throws {
        func page(_ action: String, _ decision: String, marker: String?) -> ScriptedAWS.Answer {
            .json(
                200,
                "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults><member>"
                    + "<EvalActionName>\(action)</EvalActionName><EvalDecision>\(decision)</EvalDecision></member></EvaluationResults>"
                    + "<IsTruncated>\(marker != nil)</IsTruncated>" + (marker.map { "<Marker>\($0)</Marker>" } ?? "")
                    + "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>")
        }
        let aws = ScriptedAWS([
            page("s3:GetObject", "allowed", marker: "m"), page("s3:PutObject", "implicitDeny", marker: nil),
        ])
        let found = try await IdentityCalls(aws.caller(), region: "eu-west-1").simulate(
            role: "arn:aws:iam::1:role/r", actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::b/*"])
        #expect(found.map(\.isAllowed) == [true, false])
        let body = String(decoding: aws.asked[1].body, as: UTF8.self)
        #expect(
            body.contains("ActionNames.member.2=s3%3APutObject&ResourceArns.member.1=arn%3Aaws%3As3%3A%3A%3Ab%2F%2A"))
        #expect(body.hasSuffix("&Marker=m"))
    }

    @Test func `quotas follow their pages`() async throws {
        let aws = ScriptedAWS([
            .json(
                200,
                #"{"Quotas":[{"QuotaCode":"L-1","QuotaName":"spot","Value":2.0,"Adjustable":true}],"NextToken":"n"}"#),
            .json(200, #"{"Quotas":[{"QuotaCode":"L-2","QuotaName":"other","Value":0.0}]}"#),
        ])
        let quotas = try await QuotaCalls(aws.caller(), region: "eu-west-1").quotas(of: "sagemaker")
        #expect(quotas.map(\.code) == ["L-1", "L-2"] && quotas.map(\.value) == [2, 0])
        #expect(aws.asked[1]["X-Amz-Target"] == "ServiceQuotasV20190624.ListServiceQuotas")
        #expect(
            String(decoding: aws.asked[1].body, as: UTF8.self)
                == #"{"MaxResults":100,"NextToken":"n","ServiceCode":"sagemaker"}"#)
    }
}
