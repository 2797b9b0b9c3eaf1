// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A job and all that AWS must be told of it: what every exported file is made from.
///
/// Validated by `StackReader`. Nothing in it depends on a clock or on this machine, so files made from it are the same
/// whenever and wherever they are made.
package struct TrainingStack: Hashable, Sendable {
    package var job: TrainingJob
    package var region: String
    /// The role that SageMaker takes; it names the partition and the account.
    package var role: RoleName
    /// In ECR.
    package var trainingImage: String
    package var instanceType: String
    package var volumeGigabytes: Int
    package var channels: [Channel]
    /// An `s3://` prefix.
    package var checkpointUri: String
    /// An `s3://` prefix; SageMaker adds the training job's name.
    package var outputUri: String
    /// The source as one `tar.gz` in S3.
    package var codeUri: String
    /// How far the schedule's zone is from UTC, in order of time; the first one holds from the beginning.
    package var offsets: [UTCOffset]
    /// What on-demand costs, if the price book knows; it decides nothing here.
    package var price: PricedOffer?
    /// Of the program that makes the files.
    package var version: String

    package struct Channel: Hashable, Sendable {
        package var name: String
        package var uri: String
    }
}

/// `arn:aws:iam::123456789012:role/name`, taken apart.
package struct RoleName: Hashable, Sendable {
    package let arn: String
    package let partition: String
    package let account: String

    package init?(_ arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1] == "aws" || parts[1].hasPrefix("aws-"), parts[2] == "iam",
            parts[3].isEmpty, parts[4].count == 12, parts[4].allSatisfy({ $0.isASCII && $0.isWholeNumber }),
            parts[5].wholeMatch(of: /role\/[A-Za-z_0-9+=,.@\-\/]+/) != nil, arn.count <= 2048
        else { return nil }
        self.arn = arn
        partition = parts[1]
        account = parts[4]
    }
}

/// From this moment on, so many seconds east of UTC.
package struct UTCOffset: Hashable, Sendable {
    package var from: Instant
    package var seconds: Int

    package init(from: Instant, seconds: Int) {
        self.from = from
        self.seconds = seconds
    }
}

// MARK: - Names

extension TrainingStack {
    package var nightMachineName: String { "nightshift-\(job.name)" }
    package var openMachineName: String { "nightshift-\(job.name)-open" }
    var topicName: String { "nightshift-\(job.name)-alarms" }
    var scheduleName: String { "nightshift-\(job.name)" }

    var topicArn: String { arn("sns", topicName) }
    package var nightMachineArn: String { arn("states", "stateMachine:\(nightMachineName)") }
    var openMachineArn: String { arn("states", "stateMachine:\(openMachineName)") }

    func arn(_ service: String, _ resource: String) -> String {
        "arn:\(role.partition):\(service):\(region):\(role.account):\(resource)"
    }

    /// What Step Functions calls `call` of a service.
    func integration(_ call: String) -> ExportedJSON { "arn:\(role.partition):states:::aws-sdk:\(call)" }
}

// MARK: - Whole seconds

extension TrainingStack {
    /// How often a running job is looked at.
    static let poll = 60
    /// The longest from one look to the next one's decision: the wait, a call's retries (30 s) and the calls
    /// themselves.
    static let look = 120
    /// From StopTrainingJob to Stopped: SageMaker gives the script 120 s, then uploads.
    static let stopping = 300

    var work: Int { job.expectedRuntime.wholeSeconds }
    var restart: Int { job.restartOverhead.wholeSeconds }
    var interval: Int { job.checkpoint.interval.wholeSeconds }
    /// What on-demand needs beside the work: its wait, its start, the upload, and the margin.
    var reserve: Int {
        restart + job.onDemandWait.wholeSeconds + job.uploadTime.wholeSeconds + job.safetyMargin.wholeSeconds
    }
    /// The slack without which Spot is not entered: it could make nothing durable before it had to be left.
    var spotRoom: Int { restart + interval + 2 * Self.look + Self.stopping }
    /// From the night's start to its deadline on a day without a clock change.
    var window: Int {
        let schedule = job.schedule
        let minutes = schedule.deadlineMinutes - schedule.startMinutes
        return (minutes > 0 ? minutes : minutes + 1440) * 60
    }
    /// How long Scheduler may try to start a night: no longer than a night can be started late. Scheduler takes no less
    /// than a minute.
    var retryAge: Int { max(60, min(900, (window - work - reserve) / 60 * 60)) }
}

extension Duration {
    /// Rounded up: what is waited for takes no less.
    var wholeSeconds: Int { Int((milliseconds + 999) / 1000) }
}
