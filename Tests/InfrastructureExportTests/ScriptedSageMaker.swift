// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// SageMaker and SNS in virtual time, by a script of capacity and faults. It trains: work becomes durable at each
/// checkpoint, is lost beyond it, and a job resumes from what its checkpoint prefix holds. It refuses nonsense.
struct ScriptedSageMaker: TaskWorld {
    var now: Instant { didSet { advance() } }
    let start: Instant
    var script: Script
    private(set) var jobs: [Job] = []
    private(set) var durable: [String: Int] = [:]
    /// Calls that change something, in order, with seconds after the start.
    private(set) var calls: [(call: String, at: Int)] = []
    private(set) var alarms: [String] = []
    private(set) var nonsense: [String] = []
    private var clock = 0

    init(start: Instant, script: Script) {
        now = start
        self.start = start
        self.script = script
    }

    private var seconds: Int { Int((now - start).milliseconds / 1000) }

    // MARK: - Time

    private mutating func advance() {
        while clock < seconds {
            clock += 1
            if clock == script.stoppedByHand, let index = jobs.lastIndex(where: { $0.endedAt == nil }) {
                jobs[index].stopping = clock
                jobs[index].status = "Stopping"
            }
            for index in jobs.indices where jobs[index].endedAt == nil { step(index) }
            if jobs.count > 1 {
                let writing = jobs.filter { $0.up > 0 && $0.endedAt == nil }.map(\.prefix)
                if Set(writing).count < writing.count { nonsense.append("two jobs write at \(clock)") }
            }
        }
    }

    private mutating func step(_ index: Int) {
        var job = jobs[index]
        defer { jobs[index] = job }
        if let stopping = job.stopping {
            if clock >= stopping + (job.up > 0 ? 150 : 10) { end(&job, "Stopped", job.stoppedAs) }
            return
        }
        if let maxWait = job.maxWait, clock >= script.maxWaitPasses ?? job.createdAt + maxWait {
            return stop(&job, "MaxWaitTimeExceeded")
        }
        if job.training >= job.maxRun { return stop(&job, "MaxRuntimeExceeded") }
        guard hasMachine(job) else {
            if job.up > 0 {
                move(&job, "Interrupted")
                job.up = 0
            }
            if !job.isSpot, waitFor(job) == nil, clock >= job.createdAt + 600 {
                job.failure = "CapacityError: Unable to provision requested ML compute capacity."
                end(&job, "Failed", "Failed")
            }
            return
        }
        job.up += 1
        if job.up < script.restart / 2 { return move(&job, job.up < 60 ? "Starting" : "Downloading") }
        if job.done >= script.work {
            move(&job, "Uploading")
            job.uploading += 1
            if job.uploading >= 240 { end(&job, "Completed", "Completed") }
            return
        }
        move(&job, "Training")
        job.training += 1
        if job.up == script.restart { job.done = durable[job.prefix, default: 0] }
        guard job.up > script.restart else { return }
        if let fails = script.fails {
            job.failure = fails
            return end(&job, "Failed", "Failed")
        }
        job.done += 1
        if job.done % 720 == 0 || job.done >= script.work { durable[job.prefix] = job.done }
    }

    private func waitFor(_ job: Job) -> Int? { script.onDemandWaits[min(job.order, script.onDemandWaits.count - 1)] }

    private func hasMachine(_ job: Job) -> Bool {
        if job.isSpot { return script.spot.contains { $0.contains(clock) } }
        return waitFor(job).map { clock >= job.createdAt + $0 } ?? false
    }

    private func stop(_ job: inout Job, _ secondary: String) {
        job.status = "Stopping"
        job.stopping = clock
        job.stoppedAs = secondary
    }

    private func move(_ job: inout Job, _ secondary: String) {
        job.secondary = secondary
        guard job.transitions.last?.status != secondary else { return }
        if !job.transitions.isEmpty { job.transitions[job.transitions.count - 1].end = clock }
        job.transitions.append((secondary, clock, nil))
    }

    private func end(_ job: inout Job, _ status: String, _ secondary: String) {
        move(&job, secondary)
        job.status = status
        job.endedAt = clock
    }

    // MARK: - Calls

    mutating func call(_ resource: String, _ arguments: JSON) throws(TaskFailure) -> JSON {
        if script.unreachable.contains(seconds), !resource.hasSuffix("sns:publish") {
            throw TaskFailure(name: "SageMaker.SageMakerException", cause: "Unable to execute HTTP request: timeout")
        }
        switch resource {
        case "arn:aws:states:::aws-sdk:sagemaker:createTrainingJob": return try create(arguments)
        case "arn:aws:states:::aws-sdk:sagemaker:describeTrainingJob": return try describe(arguments)
        case "arn:aws:states:::aws-sdk:sagemaker:stopTrainingJob": return try stopCall(arguments)
        case "arn:aws:states:::sns:publish":
            let subject = arguments["Subject"]?.text ?? ""
            if subject.isEmpty || subject.count > 99 || arguments["Message"]?.text?.isEmpty != false {
                nonsense.append("a message that SNS refuses: \(arguments.written)")
            }
            if script.alarmsFail { throw TaskFailure(name: "Sns.SnsException", cause: "denied") }
            alarms.append(subject)
            return .object(["MessageId": .text("1")])
        default: throw TaskFailure(name: "States.Runtime", cause: "no resource \(resource)")
        }
    }

    private func refuse(_ cause: String) -> TaskFailure {
        TaskFailure(name: "SageMaker.SageMakerException", cause: "\(cause) (Service: SageMaker, Status Code: 400)")
    }

    private mutating func create(_ arguments: JSON) throws(TaskFailure) -> JSON {
        guard let name = arguments["TrainingJobName"]?.text,
            name.wholeMatch(of: /[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}/) != nil, arguments["RoleArn"]?.text != nil,
            arguments["OutputDataConfig"]?["S3OutputPath"]?.text?.hasPrefix("s3://") == true,
            let prefix = arguments["CheckpointConfig"]?["S3Uri"]?.text, let limits = arguments["StoppingCondition"],
            let maxRun = whole(limits["MaxRuntimeInSeconds"]), maxRun >= 1,
            case .bool(let isSpot)? = arguments["EnableManagedSpotTraining"]
        else {
            nonsense.append("a request that SageMaker refuses: \(arguments.written)")
            throw refuse("1 validation error detected")
        }
        let maxWait = whole(limits["MaxWaitTimeInSeconds"])
        if isSpot != (maxWait != nil) || (maxWait ?? maxRun) < maxRun {
            nonsense.append("limits that SageMaker refuses: \(limits.written)")
            throw refuse("Invalid MaxWaitTimeInSeconds")
        }
        if jobs.contains(where: { $0.name == name }) {
            throw TaskFailure(name: "SageMaker.ResourceInUseException", cause: "Training job names must be unique")
        }
        if isSpot ? !script.spotQuota : !script.onDemandQuota {
            calls.append(("refused \(name)", seconds))
            throw TaskFailure(
                name: "SageMaker.ResourceLimitExceededException",
                cause: "The account-level service limit is 0 Instances")
        }
        let isThrottled = script.throttled > 0 || (isSpot && script.spotIsThrottled)
        script.throttled -= script.throttled > 0 ? 1 : 0
        if !isThrottled || script.areUnclear {
            let order = jobs.filter { !$0.isSpot }.count
            jobs.append(
                Job(
                    name: name, isSpot: isSpot, prefix: prefix, createdAt: seconds, maxRun: maxRun, maxWait: maxWait,
                    order: order))
            calls.append(("create \(name)", seconds))
        }
        if isThrottled { throw refuse("Rate exceeded") }
        return .object(["TrainingJobArn": .text("arn:aws:sagemaker:eu-west-1:123456789012:training-job/\(name)")])
    }

    private func whole(_ value: JSON?) -> Int? { value?.number.flatMap { Int(exactly: $0) } }

    private func index(_ arguments: JSON) throws(TaskFailure) -> Int {
        guard let index = jobs.firstIndex(where: { $0.name == arguments["TrainingJobName"]?.text }) else {
            throw refuse("Requested resource not found.")
        }
        return index
    }

    private mutating func stopCall(_ arguments: JSON) throws(TaskFailure) -> JSON {
        let index = try index(arguments)
        guard jobs[index].status == "InProgress" else {
            throw refuse("The request was rejected because the training job is in status \(jobs[index].status)")
        }
        calls.append(("stop \(jobs[index].name)", seconds))
        jobs[index].status = "Stopping"
        jobs[index].stopping = seconds
        return .object([:])
    }

    private func describe(_ arguments: JSON) throws(TaskFailure) -> JSON {
        let job = jobs[try index(arguments)]
        func moment(_ seconds: Int) -> JSON { .text((start + .seconds(seconds)).iso8601) }
        var answer: [String: JSON] = [
            "TrainingJobName": .text(job.name), "TrainingJobStatus": .text(job.status),
            "SecondaryStatus": .text(job.status == "Stopping" ? "Stopping" : job.secondary),
        ]
        answer["SecondaryStatusTransitions"] = .list(
            job.transitions.map { transition in
                var members: [String: JSON] = [
                    "Status": .text(transition.status), "StartTime": moment(transition.start),
                ]
                members["EndTime"] = transition.end.map(moment)
                return .object(members)
            })
        answer["FailureReason"] = job.failure.map(JSON.text)
        if let endedAt = job.endedAt {
            answer["TrainingEndTime"] = moment(endedAt)
            if job.training > 0 { answer["BillableTimeInSeconds"] = .number(Double(job.training)) }
            answer["ModelArtifacts"] = .object(["S3ModelArtifacts": .text("s3://models/\(job.name)/model.tar.gz")])
        }
        return .object(answer)
    }
}
