// SPDX-License-Identifier: Apache-2.0

/// What is to be trained, where its checkpoints live, by when it must be done and what may be bought for it.
///
/// Names are SageMaker's where it has one (`maxRun`, `maxWait`, `metricDefinitions`, `outputPath`). All paths are
/// absolute; the job file's reader resolved them. Validated: a value of this type is consistent.
package struct TrainingJob: Codable, Hashable, Sendable {
    /// `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,39}`: part of file names, night ids and later of cloud resource names.
    package var name: String
    /// The training script, relative to `sourceDirectory`.
    package var entryPoint: String
    package var sourceDirectory: String
    /// Program and leading arguments that run the script, e.g. `["python3"]`. Never a shell string.
    package var interpreter: [String]
    /// In the file's order.
    package var hyperparameters: [Hyperparameter]
    package var environment: [String: String]
    package var inputChannels: [InputChannel]
    package var checkpoint: CheckpointSettings
    /// The directory under which each night's model is put: `<outputPath>/<night>/model/`.
    package var outputPath: String
    package var schedule: NightSchedule
    /// Training time of the whole job on one undisturbed machine, without restart overhead.
    @JSONSeconds package var expectedRuntime: Duration
    /// Most training time paid for in one night, all attempts together (SageMaker: `MaxRuntimeInSeconds`).
    @JSONSeconds package var maxRun: Duration
    /// Most time from the night's start to its end, waiting included (SageMaker: `MaxWaitTimeInSeconds`). No machine
    /// outlives it, even when nobody steers any more.
    @JSONSeconds package var maxWait: Duration
    /// Hard limit of a night's bill; `nil` is no limit.
    package var budgetPerNight: Money?
    package var metricDefinitions: [MetricDefinition]
    package var progress: ProgressSource
    /// From "capacity granted" to "training makes progress again".
    @JSONSeconds package var restartOverhead: Duration
    /// The wait for on-demand capacity that the promise is built on (a p95, not a mean).
    @JSONSeconds package var onDemandWait: Duration
    /// From the last training step to the model being in place.
    @JSONSeconds package var uploadTime: Duration
    /// Kept free before the deadline on top of all that is known.
    @JSONSeconds package var safetyMargin: Duration
    /// What a night without a new model costs the team; advice uses it, the night itself does not.
    package var failureCost: Money?
    /// What it costs the team to bring this job to Spot, once; for advice alone.
    package var engineeringCost: Money?
    /// How often it runs, for advice alone; `nil` in a record of an earlier version, and then 30.
    package var nightsPerMonth: Int?
    /// It is trained one single time, for advice alone; `nil` as `false`.
    package var runsOnce: Bool?
    /// A file of what else the account uses, for advice alone.
    package var otherUsage: String?
    package var tripwires: TripwireSettings
    package var policy: PolicyName
    /// The oldest drill that still proves resuming; without one as young as that, of this very code, a night does not
    /// use Spot. `nil` asks for none.
    package var requireDrill: JSONSeconds?
    /// In order of the file; at least one on-demand offer when the policy may fall back.
    package var offers: [Offer]
    /// The simulated market's file, for the local backend.
    package var market: String?
    /// `nil` in a job file, and in a record of an earlier version, that says nothing about it.
    package var publish: PublishSettings?
    /// What SageMaker needs to know; `nil` for jobs that do not use it.
    package var sageMaker: SageMakerSettings?

    package init(
        name: String, entryPoint: String, sourceDirectory: String, interpreter: [String],
        hyperparameters: [Hyperparameter], environment: [String: String], inputChannels: [InputChannel],
        checkpoint: CheckpointSettings, outputPath: String, schedule: NightSchedule, expectedRuntime: Duration,
        maxRun: Duration, maxWait: Duration, budgetPerNight: Money?, metricDefinitions: [MetricDefinition],
        progress: ProgressSource, restartOverhead: Duration, onDemandWait: Duration, uploadTime: Duration,
        safetyMargin: Duration, failureCost: Money?, tripwires: TripwireSettings = TripwireSettings(),
        policy: PolicyName, offers: [Offer], market: String?
    ) {
        self.name = name
        self.entryPoint = entryPoint
        self.sourceDirectory = sourceDirectory
        self.interpreter = interpreter
        self.hyperparameters = hyperparameters
        self.environment = environment
        self.inputChannels = inputChannels
        self.checkpoint = checkpoint
        self.outputPath = outputPath
        self.schedule = schedule
        self.expectedRuntime = expectedRuntime
        self.maxRun = maxRun
        self.maxWait = maxWait
        self.budgetPerNight = budgetPerNight
        self.metricDefinitions = metricDefinitions
        self.progress = progress
        self.restartOverhead = restartOverhead
        self.onDemandWait = onDemandWait
        self.uploadTime = uploadTime
        self.safetyMargin = safetyMargin
        self.failureCost = failureCost
        self.tripwires = tripwires
        self.policy = policy
        self.offers = offers
        self.market = market
    }
}

/// One hyperparameter. SageMaker carries each value as JSON text in a string; so do we.
package struct Hyperparameter: Codable, Hashable, Sendable {
    package var name: String
    /// The value as JSON text, as SageMaker's SDK sends it: `20`, `0.05`, `true`, `"adam"`, `[1, 2]`.
    package var json: String

    package init(name: String, json: String) {
        self.name = name
        self.json = json
    }
}

/// Input data under a name: `/opt/ml/input/data/<name>`, `SM_CHANNEL_<NAME>`.
package struct InputChannel: Codable, Hashable, Sendable {
    package var name: String
    /// An absolute directory.
    package var path: String

    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

package struct CheckpointSettings: Codable, Hashable, Sendable {
    /// Where the script reads and writes, as it sees it; `/opt/ml/checkpoints` unless the file says otherwise.
    package var localPath: String
    /// Where generations are kept: an absolute directory.
    package var uri: String
    /// How often the script saves; what a restart loses at most is this and the unfinished save.
    @JSONSeconds package var interval: Duration
    /// Expected size of one generation, for disk checks.
    package var expectedBytes: Int64?
    /// How fast the script writes one, by the job file's word; advice uses it, the night itself does not.
    package var writeBytesPerSecond: Int64?
    /// Whole generations kept per night.
    package var keep: Int

    package init(
        localPath: String, uri: String, interval: Duration, expectedBytes: Int64?, writeBytesPerSecond: Int64? = nil,
        keep: Int
    ) {
        self.localPath = localPath
        self.uri = uri
        self.interval = interval
        self.expectedBytes = expectedBytes
        self.writeBytesPerSecond = writeBytesPerSecond
        self.keep = keep
    }
}

/// A night's window in local time of a zone; both ends are wall-clock times, so a night with a clock change is an
/// hour longer or shorter than others.
package struct NightSchedule: Codable, Hashable, Sendable {
    /// Minutes after local midnight.
    package var startMinutes: Int
    package var deadlineMinutes: Int
    /// IANA name, e.g. `Europe/Dublin`.
    package var timeZone: String

    package init(startMinutes: Int, deadlineMinutes: Int, timeZone: String) {
        self.startMinutes = startMinutes
        self.deadlineMinutes = deadlineMinutes
        self.timeZone = timeZone
    }
}

/// A metric found in the training log by a regular expression with one capture group (SageMaker's
/// `MetricDefinitions`).
package struct MetricDefinition: Codable, Hashable, Sendable {
    package var name: String
    package var regex: String

    package init(name: String, regex: String) {
        self.name = name
        self.regex = regex
    }
}

/// How far training is, in units of the job's own (epochs, steps), and how many units there are.
package enum ProgressSource: Codable, Hashable, Sendable {
    /// The newest value of this metric.
    case metric(name: String, total: Double)
    /// The number captured from the newest checkpoint's file or directory name.
    case checkpointName(regex: String, total: Double)

    package var total: Double {
        switch self {
        case .metric(_, let total), .checkpointName(_, let total): total
        }
    }
}
