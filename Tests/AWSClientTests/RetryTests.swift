// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import TrainingJobs

@testable import AWSClient

/// A transport that answers from a list, and a clock that only sleeping moves.
final class ScriptedAWS: AWSTransport {
    enum Answer: Sendable {
        case reply(AWSReply)
        case silence
    }

    private struct State {
        var answers: [Answer]
        var asked: [AWSRequest] = []
        var now = Instant(iso8601: "2026-11-24T04:20:08Z")!
        var slept: [Duration] = []
    }

    private let state: Mutex<State>
    init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

    var asked: [AWSRequest] { state.withLock { $0.asked } }
    var slept: [Duration] { state.withLock { $0.slept } }

    func send(_ request: AWSRequest, timeout: Duration) async throws(TransportFailure) -> AWSReply {
        let answer = state.withLock { state in
            state.asked.append(request)
            return state.answers.isEmpty ? .silence : state.answers.removeFirst()
        }
        guard case .reply(let reply) = answer else { throw TransportFailure("nobody answers") }
        return reply
    }

    var time: AWSTime {
        AWSTime(
            now: { self.state.withLock { $0.now } },
            sleep: { duration in
                self.state.withLock {
                    $0.slept.append(duration)
                    $0.now += duration
                }
            }, chance: { 0.5 })
    }

    func caller(_ environment: [String: String] = [:]) -> AWSCaller {
        let keys = ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"]
        let settings = AWSSettings(environment: keys.merging(environment) { $1 }, home: "/none") { _ in nil }
        return AWSCaller(settings: settings, transport: self, time: time)
    }
}

extension ScriptedAWS.Answer {
    static func json(_ status: Int, _ text: String, _ headers: [AWSRequest.Field] = []) -> Self {
        .reply(AWSReply(status: status, headers: headers, body: Array(text.utf8)))
    }
}

@Suite struct RetryTests {
    private func call(_ aws: ScriptedAWS, _ environment: [String: String] = [:]) async throws -> String {
        String(
            decoding: try await aws.caller(environment).json(
                .pricing, region: "us-east-1", operation: "GetProducts", body: Array("{}".utf8)), as: UTF8.self)
    }

    private static let throttled = ScriptedAWS.Answer.json(400, #"{"__type":"com.amazon#ThrottlingException"}"#)
    private static let busy = ScriptedAWS.Answer.json(503, "")

    @Test func `what may pass is asked again after longer and longer waits`() async throws {
        let aws = ScriptedAWS([Self.busy, Self.throttled, .json(200, "fine")])
        #expect(try await call(aws) == "fine")
        #expect(aws.slept == [.milliseconds(500), .milliseconds(1000)])
        #expect(aws.asked.count == 3)
        #expect(aws.asked.allSatisfy { $0["X-Amz-Target"] == "AWSPriceListService.GetProducts" })
    }

    @Test func `after three attempts the failure is told in its kind`() async {
        await #expect(throws: AWSError.throttled(service: "PRICING", code: "ThrottlingException")) {
            _ = try await call(ScriptedAWS([Self.throttled, Self.throttled, Self.throttled, .json(200, "")]))
        }
        await #expect(throws: AWSError.service(service: "PRICING", status: 503, code: "", message: "")) {
            _ = try await call(ScriptedAWS([Self.busy, Self.busy, Self.busy]))
        }
        await #expect(
            throws: AWSError.unreachable(
                service: "PRICING", host: "api.pricing.us-east-1.amazonaws.com", reason: "nobody answers")
        ) { _ = try await call(ScriptedAWS([])) }
    }

    @Test func `AWS_MAX_ATTEMPTS is obeyed`() async {
        let aws = ScriptedAWS([])
        await #expect(throws: AWSError.self) { _ = try await call(aws, ["AWS_MAX_ATTEMPTS": "1"]) }
        #expect(aws.asked.count == 1)
    }

    @Test(arguments: [
        (400, #"{"__type":"ValidationException","message":"no"}"#), (403, #"{"__type":"AccessDeniedException"}"#),
        (404, "{}"), (307, ""),
    ])
    func `what would be the same is not asked again, a redirect neither`(status: Int, body: String) async {
        let aws = ScriptedAWS([.json(status, body), .json(200, "")])
        await #expect(throws: AWSError.self) { _ = try await call(aws) }
        #expect(aws.asked.count == 1)
    }

    @Test func `the budget runs out before a storm and comes back with successes`() {
        var rules = RetryRules(maximumAttempts: 3)
        var retries = 0
        for _ in 0..<1000 where rules.wait(after: .transient, attempt: 1, chance: 0) != nil { retries += 1 }
        #expect(retries == 100)
        #expect(rules.wait(after: .transient, attempt: 1, chance: 0) == nil)
        for _ in 0..<5 { rules.succeeded(afterRetry: false) }
        #expect(rules.wait(after: .transient, attempt: 1, chance: 0) != nil)
    }

    @Test func `no wait is longer than twenty seconds`() {
        var rules = RetryRules(maximumAttempts: 20)
        for attempt in 1..<20 {
            let wait = rules.wait(after: .transient, attempt: attempt, chance: 0.999)
            #expect(wait.map { $0 < .seconds(20) } == true)
        }
    }

    @Test func `a wrong clock is corrected once by the service's own date`() async throws {
        let date = AWSRequest.Field("Date", "Tue, 24 Nov 2026 05:20:08 GMT")
        let skewed = ScriptedAWS.Answer.json(403, #"{"__type":"InvalidSignatureException"}"#, [date])
        let aws = ScriptedAWS([skewed, .json(200, "fine")])
        #expect(try await call(aws) == "fine")
        #expect(aws.asked.map { $0["X-Amz-Date"] } == ["20261124T042008Z", "20261124T052008Z"])
        #expect(aws.slept.isEmpty)
        await #expect(throws: AWSError.self) { _ = try await call(ScriptedAWS([skewed, skewed, .json(200, "")])) }
    }

    @Test func `a date that was wrong is taken back by the next one`() async throws {
        func skewed(_ date: String) -> ScriptedAWS.Answer {
            .json(403, #"{"__type":"RequestTimeTooSkewed"}"#, [.init("Date", date)])
        }
        let aws = ScriptedAWS([
            skewed("Tue, 24 Nov 2099 05:20:08 GMT"), skewed("Tue, 24 Nov 2026 04:20:08 GMT"), .json(200, "fine"),
        ])
        #expect(try await call(aws) == "fine")
        #expect(aws.asked.map { $0["X-Amz-Date"] } == ["20261124T042008Z", "20991124T052008Z", "20261124T042008Z"])
    }

    @Test func `credentials that ran out are asked for anew, once`() async throws {
        let expired = ScriptedAWS.Answer.json(400, #"{"__type":"ExpiredTokenException"}"#)
        #expect(try await call(ScriptedAWS([expired, .json(200, "fine")])) == "fine")
        let twice = ScriptedAWS([expired, expired, .json(200, "")])
        await #expect(throws: AWSError.self) { _ = try await call(twice) }
        #expect(twice.asked.count == 2)
    }

    @Test func `a refusal in XML is read too, and a document type is not`() {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>a &amp; b &#x26; c</Message></Error>
            </Errors><RequestID>1</RequestID></Response>
            """
        let reply = ErrorReply(AWSReply(status: 403, body: Array(text.utf8)))
        #expect(reply.code == "UnauthorizedOperation")
        #expect(reply.message == "a & b & c")
        #expect(XMLElement(Array("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>".utf8)) == nil)
        #expect(XMLElement(Array("<x>&a;</x>".utf8)) == nil)
        for text in ["", "<x>", "<x></y>", "<x/><y/>", "<x", "x", "<x>&#xD800;</x>", "<1/>"] {
            #expect(XMLElement(Array(text.utf8)) == nil, "\(text)")
        }
        #expect(XMLElement(Array((String(repeating: "<x>", count: 100000)).utf8)) == nil)
    }
}
