// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// When to ask again and after how long: the SDKs' standard mode, as a value.
///
/// Every attempt after the first is paid for out of a budget that successes refill, so a service that is down is not
/// stormed by a program that asks a thousand things.
package struct RetryRules: Sendable {
    package enum Problem: Hashable, Sendable {
        case transient
        case throttled
        case timeout
    }

    package let maximumAttempts: Int
    package private(set) var budget: Int
    private var lastCost = 0
    private static let fullBudget = 500

    package init(maximumAttempts: Int = 3) {
        self.maximumAttempts = max(1, maximumAttempts)
        budget = Self.fullBudget
    }

    /// How long to wait before attempt `attempt + 1`; `nil` to give up. `chance` is uniform in 0..<1.
    package mutating func wait(after problem: Problem, attempt: Int, chance: Double) -> Duration? {
        let cost = problem == .timeout ? 10 : 5
        guard attempt < maximumAttempts, budget >= cost else { return nil }
        budget -= cost
        lastCost = cost
        let ceiling = min(20000, 1000 << min(attempt - 1, 5))
        return .milliseconds(Int64(chance * Double(ceiling)))
    }

    package mutating func succeeded(afterRetry: Bool) {
        budget = min(Self.fullBudget, budget + (afterRetry ? lastCost : 1))
    }

    /// What an answer means for asking again; `nil` when it would be the same.
    package static func problem(status: Int, code: String) -> Problem? {
        if throttlingCodes.contains(code) || status == 429 { return .throttled }
        if transientCodes.contains(code) { return .transient }
        return [500, 502, 503, 504].contains(status) ? .transient : nil
    }

    /// The last lines are S3's: a race that another request won or lost, a body that was damaged on its way, a bucket
    /// whose name is not known everywhere yet.
    private static let transientCodes: Set = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalServerError",
        "ConditionalRequestConflict", "OperationAborted",
        "BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "IncompleteBody",
        "TemporaryRedirect",
    ]

    /// botocore's list.
    package static let throttlingCodes: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
        "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
        "EC2ThrottledException",
    ]
}

/// The time, waiting and chance, so that tests have their own.
package struct AWSTime: Sendable {
    package var now: @Sendable () -> Instant
    package var sleep: @Sendable (Duration) async throws -> Void
    package var chance: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Duration) async throws -> Void,
        chance: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.chance = chance
    }
}
