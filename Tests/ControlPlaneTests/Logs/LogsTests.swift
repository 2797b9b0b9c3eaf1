// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Foundation
import Testing
import TrainingAgent
import TrainingJobs

@Suite struct LogsTests {
    private static let stream = "job/algo-1-1800000000"
    private let service: LogsService
    private let store: LogStore

    init() throws {
        store = try LogStore(path: NSTemporaryDirectory() + "logs-" + UUID().uuidString + ".sqlite")
        service = LogsService(store: store)
        try store.create(Self.stream, at: Instant(milliseconds: 1000))
    }

    private func ask(_ operation: String, _ members: [String: JSONValue]) async throws -> JSONValue {
        try await StageClient.ask(
            service, operation,
            .object(members.merging(["logGroupName": .string(LogsService.group)]) { given, _ in given }))
    }

    private func messages(_ answer: JSONValue) -> [String] {
        (answer["events"]?.elements ?? []).compactMap { $0["message"]?.text }
    }

    @Test("Times never go backwards, and lines of one millisecond keep their order")
    func order() async throws {
        for (line, at) in [("a", 2000), ("b", 3000), ("c", 2500), ("d", 3000)] {
            try store.append(line, to: Self.stream, at: Instant(milliseconds: Int64(at)))
        }
        let all = try await ask("GetLogEvents", ["logStreamName": .string(Self.stream), "startFromHead": .bool(true)])
        #expect(messages(all) == ["a", "b", "c", "d"])
        #expect((all["events"]?.elements ?? []).compactMap { $0["timestamp"]?.whole } == [2000, 3000, 3000, 3000])
        let late = try await ask(
            "GetLogEvents",
            [
                "logStreamName": .string(Self.stream), "startFromHead": .bool(true), "startTime": .integer("3000"),
                "endTime": .integer("3001"),
            ])
        #expect(messages(late) == ["b", "c", "d"])
    }

    @Test(
        "Pages follow each other; the token of an empty one is the one that was asked with, and new lines come after it"
    )
    func tokens() async throws {
        for number in 1...5 { try store.append("\(number)", to: Self.stream, at: Instant(milliseconds: 2000)) }
        var seen: [String] = []
        var token: JSONValue?
        while true {
            var members: [String: JSONValue] = [
                "logStreamName": .string(Self.stream), "startFromHead": .bool(true), "limit": .integer("2"),
            ]
            members["nextToken"] = token
            let answer = try await ask("GetLogEvents", members)
            seen += messages(answer)
            let next = try #require(answer["nextForwardToken"])
            if messages(answer).isEmpty {
                #expect(next == token)
                break
            }
            token = next
        }
        #expect(seen == ["1", "2", "3", "4", "5"])
        try store.append("6", to: Self.stream, at: Instant(milliseconds: 2000))
        let more = try await ask("GetLogEvents", ["logStreamName": .string(Self.stream), "nextToken": token ?? .null])
        #expect(messages(more) == ["6"])
        let newest = try await ask("GetLogEvents", ["logStreamName": .string(Self.stream), "limit": .integer("2")])
        #expect(messages(newest) == ["5", "6"])
        let before = try await ask(
            "GetLogEvents",
            [
                "logStreamName": .string(Self.stream), "limit": .integer("2"),
                "nextToken": try #require(newest["nextBackwardToken"]),
            ])
        #expect(messages(before) == ["3", "4"])
    }

    @Test("What is not there is a ResourceNotFoundException, and a token that nobody gave an InvalidParameterException")
    func faults() async throws {
        for (members, code) in [
            (["logStreamName": "none"], "ResourceNotFoundException"),
            (["logStreamName": "x", "logGroupName": "other"], "ResourceNotFoundException"),
            (["logStreamName": .string(Self.stream), "nextToken": "x"], "InvalidParameterException"),
            (["logStreamName": .string(Self.stream), "limit": .integer("0")], "InvalidParameterException"),
        ] as [([String: JSONValue], String)] {
            let fault = await #expect(throws: ServiceFault.self) { try await ask("GetLogEvents", members) }
            #expect(fault?.code == code)
        }
        let unknown = await #expect(throws: ServiceFault.self) { try await ask("PutLogEvents", [:]) }
        #expect(unknown?.code == "UnknownOperationException")
    }

    @Test("A job's streams are found by its name with a slash, and not those of a job whose name begins alike")
    func streams() async throws {
        try store.create("job-2/algo-1-1", at: Instant(milliseconds: 1))
        let found = try await ask("DescribeLogStreams", ["logStreamNamePrefix": "job/"])
        #expect((found["logStreams"]?.elements ?? []).compactMap { $0["logStreamName"]?.text } == [Self.stream])
        #expect(found["nextToken"] == nil)
        let page = try await ask("DescribeLogStreams", ["limit": .integer("1")])
        let rest = try await ask("DescribeLogStreams", ["nextToken": try #require(page["nextToken"])])
        #expect((rest["logStreams"]?.elements ?? []).count == 1 && rest["nextToken"] == nil)
    }
}
