// SPDX-License-Identifier: Apache-2.0

import TrainingAgent
import TrainingJobs

/// CloudWatch Logs as far as the readers of training logs use it. There is one log group, that of training jobs.
package struct LogsService: StageService {
    package static let group = "/aws/sagemaker/TrainingJobs"

    private let store: LogStore

    package init(store: LogStore) { self.store = store }

    package func reply(to call: ServiceCall) async -> ServiceReply {
        await ServiceReply.answering {
            let request = try call.members()
            switch call.operation {
            case "DescribeLogGroups": return try groups(request, call.region)
            case "DescribeLogStreams": return try streams(request, call.region)
            case "GetLogEvents": return try events(request)
            case "FilterLogEvents": return try filtered(request)
            default: throw ServiceFault.unknownOperation(call.operation)
            }
        }
    }

    private func groups(_ request: JSONValue, _ region: String) throws -> JSONValue {
        guard Self.group.hasPrefix(request["logGroupNamePrefix"]?.text ?? "") else { return .object(["logGroups": []]) }
        let group = JSONValue.object([
            "logGroupName": .string(Self.group), "arn": .string(Self.arn(region) + ":*"), "creationTime": .whole(0),
            "storedBytes": .whole(0), "metricFilterCount": .whole(0),
        ])
        return .object(["logGroups": .array([group])])
    }

    private func streams(_ request: JSONValue, _ region: String) throws -> JSONValue {
        try checkGroup(request)
        let limit = try limit(request, usual: 50, most: 50)
        var found = try store.streams(prefix: request["logStreamNamePrefix"]?.text ?? "")
        if request["orderBy"]?.text == "LastEventTime" {
            found.sort { ($0.last ?? $0.created, $0.name) < ($1.last ?? $1.created, $1.name) }
        }
        if request["descending"]?.flag == true { found.reverse() }
        let start = try Self.number(request["nextToken"]?.text, after: "s/")
        let part = found.dropFirst(Int(start)).prefix(limit)
        return .object([
            ("logStreams", .array(part.map { Self.described($0, region) })),
            ("nextToken", Int(start) + limit < found.count ? .string("s/\(Int(start) + limit)") : nil),
        ])
    }

    private func events(_ request: JSONValue) throws -> JSONValue {
        try checkGroup(request)
        guard let stream = request["logStreamName"]?.text else {
            throw ServiceFault("InvalidParameterException", "logStreamName is missing")
        }
        guard try store.exists(stream) else {
            throw ServiceFault("ResourceNotFoundException", "The specified log stream does not exist.")
        }
        var query = LogStore.Query(
            streams: [stream], from: Self.time(request["startTime"]), until: Self.time(request["endTime"]),
            fromHead: request["startFromHead"]?.flag ?? false, limit: try limit(request, usual: 10_000, most: 10_000))
        let token = request["nextToken"]?.text
        if let token {
            query.fromHead = token.hasPrefix("f/")
            let place = try Self.number(token, after: query.fromHead ? "f/" : "b/")
            if query.fromHead { query.after = place } else { query.before = place }
        }
        let found = try store.events(query)
        // A token of an empty answer is the one that was asked with: so a reader knows that it is at the end.
        let forward = found.last?.sequence ?? query.after ?? query.before.map { $0 - 1 } ?? 0
        let backward = found.first?.sequence ?? query.before ?? query.after.map { $0 + 1 } ?? 0
        return .object([
            "events": .array(
                found.map { event in
                    .object([
                        "timestamp": .whole(Int(event.at.milliseconds)), "message": .string(event.message),
                        "ingestionTime": .whole(Int(event.at.milliseconds)),
                    ])
                }),
            "nextForwardToken": .string("f/\(forward)"), "nextBackwardToken": .string("b/\(backward)"),
        ])
    }

    private func filtered(_ request: JSONValue) throws -> JSONValue {
        try checkGroup(request)
        guard (request["filterPattern"]?.text ?? "").isEmpty else {
            throw ServiceFault("InvalidParameterException", "The stage filters by no filterPattern; leave it out")
        }
        let named = request["logStreamNames"]?.elements?.compactMap(\.text)
        let streams = try named ?? store.streams(prefix: request["logStreamNamePrefix"]?.text ?? "").map(\.name)
        let limit = try limit(request, usual: 10_000, most: 10_000)
        let query = LogStore.Query(
            streams: streams, from: Self.time(request["startTime"]), until: Self.time(request["endTime"]),
            after: try request["nextToken"].map { try Self.number($0.text, after: "f/") }, limit: limit)
        let found = try store.events(query)
        return .object([
            (
                "events",
                .array(
                    found.map { event in
                        .object([
                            "logStreamName": .string(event.stream), "timestamp": .whole(Int(event.at.milliseconds)),
                            "message": .string(event.message), "ingestionTime": .whole(Int(event.at.milliseconds)),
                            "eventId": .string(String(event.sequence)),
                        ])
                    })
            ), ("searchedLogStreams", []),
            ("nextToken", found.count == limit ? found.last.map { .string("f/\($0.sequence)") } : nil),
        ])
    }

    private func checkGroup(_ request: JSONValue) throws(ServiceFault) {
        let name = request["logGroupName"]?.text ?? request["logGroupIdentifier"]?.text ?? ""
        guard name == Self.group || name.hasSuffix(":log-group:" + Self.group) else {
            throw ServiceFault("ResourceNotFoundException", "The specified log group does not exist.")
        }
    }

    private func limit(_ request: JSONValue, usual: Int, most: Int) throws(ServiceFault) -> Int {
        let limit = request["limit"]?.whole ?? usual
        guard (1...most).contains(limit) else {
            throw ServiceFault("InvalidParameterException", "limit must be between 1 and \(most)")
        }
        return limit
    }

    private static func number(_ token: String?, after prefix: String) throws(ServiceFault) -> Int64 {
        guard let token else { return 0 }
        guard token.hasPrefix(prefix), let number = Int64(token.dropFirst(prefix.count)),
            (0...Int64.max / 2).contains(number)
        else { throw ServiceFault("InvalidParameterException", "The specified nextToken is invalid.") }
        return number
    }

    private static func time(_ value: JSONValue?) -> Instant? {
        value?.real.flatMap { $0.isFinite && abs($0) < 1e15 ? Instant(milliseconds: Int64($0)) : nil }
    }

    private static func arn(_ region: String) -> String { "arn:aws:logs:\(region):000000000000:log-group:\(group)" }

    private static func described(_ stream: LogStore.Stream, _ region: String) -> JSONValue {
        .object([
            ("logStreamName", .string(stream.name)), ("creationTime", .whole(Int(stream.created.milliseconds))),
            ("firstEventTimestamp", stream.first.map { .whole(Int($0.milliseconds)) }),
            ("lastEventTimestamp", stream.last.map { .whole(Int($0.milliseconds)) }),
            ("lastIngestionTime", stream.last.map { .whole(Int($0.milliseconds)) }),
            ("arn", .string("\(arn(region)):log-stream:\(stream.name)")), ("storedBytes", .whole(0)),
        ])
    }
}
