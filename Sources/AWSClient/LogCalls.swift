// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// CloudWatch Logs: what a training job printed. All of them only read.
package struct LogCalls: Sendable {
    package struct Event: Hashable, Sendable, Codable {
        /// When it was written.
        package var timestamp: Int64
        package var message: String
        package var ingestionTime: Int64?

        package var at: Instant { Instant(milliseconds: timestamp) }
    }

    /// A part of a stream, and where it goes on.
    package struct Part: Hashable, Sendable {
        package var events: [Event]
        /// Always there; the same as was asked with when there is nothing more for now.
        package var next: String?
    }

    /// Where SageMaker writes the output of training jobs.
    package static let trainingJobs = "/aws/sagemaker/TrainingJobs"

    private let caller: AWSCaller
    private let region: String

    package init(_ caller: AWSCaller, region: String) {
        self.caller = caller
        self.region = region
    }

    /// The names of the streams that begin so, in order; none when the group is not there yet.
    package func streams(of group: String, prefix: String) async throws(AWSError) -> [String] {
        struct Question: Encodable {
            var logGroupName: String, logStreamNamePrefix: String, orderBy = "LogStreamName", limit = 50
            var nextToken: String?
        }
        struct Answer: Decodable {
            struct Stream: Decodable { var logStreamName: String }
            var logStreams: [Stream]?
            var nextToken: String?
        }
        var names: [String] = []
        do {
            try await AWSPages.follow(of: .logs) { token throws(AWSError) in
                let question = Question(logGroupName: group, logStreamNamePrefix: prefix, nextToken: token)
                let answer = try await caller.document(.logs, region, "DescribeLogStreams", question, Answer.self)
                names += (answer.logStreams ?? []).map(\.logStreamName)
                return answer.nextToken
            }
        } catch .service(_, _, "ResourceNotFoundException", _) {
            return []
        }
        return names.sorted()
    }

    /// One answer's worth of events, oldest first, from `token` on, else from `start` on (inclusive), else all of them.
    package func events(
        of stream: String, in group: String, from start: Instant? = nil, token: String? = nil
    ) async throws(AWSError) -> Part {
        struct Question: Encodable {
            var logGroupName: String, logStreamName: String, startFromHead = true, limit = 10_000
            var startTime: Int64?, nextToken: String?
        }
        struct Answer: Decodable {
            var events: [Event]?
            var nextForwardToken: String?
        }
        let question = Question(
            logGroupName: group, logStreamName: stream, startTime: start?.milliseconds, nextToken: token)
        let answer = try await caller.document(.logs, region, "GetLogEvents", question, Answer.self)
        return Part(events: answer.events ?? [], next: answer.nextForwardToken)
    }

    /// Every event there is now, oldest first, and the token with which to ask for later ones.
    package func allEvents(
        of stream: String, in group: String, from start: Instant? = nil, token: String? = nil
    ) async throws(AWSError) -> Part {
        var whole = Part(events: [], next: token)
        // An answer without events is not the end: the same token again is.
        for _ in 0..<1000 {
            let part = try await events(of: stream, in: group, from: start, token: whole.next)
            whole.events += part.events
            guard let next = part.next, next != whole.next else { return whole }
            whole.next = next
        }
        throw .malformed(service: AWSService.logs.id, what: "a stream without end")
    }
}
