// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Foundation
import NightshiftTesting
import TrainingJobs

/// SageMaker, its logs and its buckets behind the wire, on a manual clock. What happens to a job is written beforehand;
/// nonsense is refused with AWS's own codes.
actor SageMakerDouble: AWSTransport {
    /// What becomes of Spot capacity, in minutes of the night; on-demand is granted after `onDemandWait`.
    struct Script: Sendable {
        var spells: [(from: Int, until: Int)] = [(0, 100_000)]
        var onDemandWait = 3
        /// Minutes per unit of progress, and units in the whole job.
        var minutesPerUnit = 12
        var units = 20
        /// Answers to `CreateTrainingJob` in turn; `nil` is what comes of the request itself.
        var refusals: [(code: String, message: String)?] = []
        /// Requests in this stretch of minutes get no answer.
        var unreachable: Range<Int>?
        /// A job that waits so long for on-demand fails with a CapacityError.
        var onDemandFails = false
        var spotFailsAfter: Int?
        /// Somebody stops these jobs in the console, at these minutes of the night.
        var outsideStops: [String: Int] = [:]
    }

    struct Job: Sendable {
        var request: TrainingJobRequest
        var arn: String
        var created: Instant
        var stopAt: Instant?
    }

    let clock: ManualNightClock
    let start: Instant
    var script: Script
    private(set) var jobs: [String: Job] = [:]
    private(set) var created: [String] = []
    private(set) var objects: [String: (bytes: [UInt8], modified: Instant)] = [:]
    private(set) var calls: [String: Int] = [:]
    private(set) var nonsense: [String] = []

    init(clock: ManualNightClock, start: Instant, script: Script) {
        self.clock = clock
        self.start = start
        self.script = script
    }

    func put(foreign name: String, tags: [SageMaker.Tag], _ request: TrainingJobRequest) {
        var request = request
        request.tags = tags
        jobs[name] = Job(request: request, arn: Self.arn(name), created: clock.trueTime)
    }

    static func arn(_ name: String) -> String { "arn:aws:sagemaker:eu-west-1:123456789012:training-job/\(name)" }

    nonisolated func send(_ request: AWSRequest, timeout: Duration) async throws(TransportFailure) -> AWSReply {
        if let reply = await answer(request) { return reply }
        throw TransportFailure("no route to host")
    }

    private func answer(_ request: AWSRequest) -> AWSReply? {
        let minute = Int((clock.trueTime - start).milliseconds / 60_000)
        if let gap = script.unreachable, gap.contains(minute) { return nil }
        if let target = request["X-Amz-Target"] {
            let operation = String(target.split(separator: ".").last ?? "")
            calls[operation, default: 0] += 1
            return json(operation, request.body)
        }
        calls["S3 \(request.method)", default: 0] += 1
        return bucket(request)
    }

    // MARK: - SageMaker

    private func json(_ operation: String, _ body: [UInt8]) -> AWSReply {
        guard let asked = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            return Self.error("SerializationException", "not JSON")
        }
        let name = asked["TrainingJobName"] as? String ?? ""
        switch operation {
        case "CreateTrainingJob":
            guard let request = try? JSONDecoder().decode(TrainingJobRequest.self, from: Data(body)) else {
                return Self.error("ValidationException", "1 validation error detected")
            }
            return create(request)
        case "DescribeTrainingJob":
            guard let job = jobs[name] else {
                return Self.error("ValidationException", "Requested resource not found.")
            }
            return Self.ok(describe(job, at: clock.trueTime))
        case "StopTrainingJob":
            guard let job = jobs[name] else {
                return Self.error("ValidationException", "Requested resource not found.")
            }
            let status = describe(job, at: clock.trueTime).trainingJobStatus
            guard status == .inProgress else {
                return Self.error(
                    "ValidationException",
                    "The request was rejected because the training job is in status \(status)")
            }
            jobs[name]?.stopAt = clock.trueTime
            return AWSReply(status: 200)
        case "ListTrainingJobs":
            let part = asked["NameContains"] as? String ?? ""
            let found = jobs.keys.filter { $0.contains(part) }.sorted()
            // Pages of one, so that paging is used.
            let index = (asked["NextToken"] as? String).flatMap { Int($0) } ?? 0
            let page = found.dropFirst(index).prefix(1).compactMap { jobs[$0] }.map {
                TrainingJobSummary(
                    trainingJobName: $0.request.trainingJobName, trainingJobArn: $0.arn,
                    trainingJobStatus: describe($0, at: clock.trueTime).trainingJobStatus)
            }
            struct Answer: Encodable {
                var summaries: [TrainingJobSummary], next: String?
                enum CodingKeys: String, CodingKey { case summaries = "TrainingJobSummaries", next = "NextToken" }
            }
            return Self.ok(
                Answer(
                    summaries: page, next: index + 1 < found.count ? String(index + 1) : nil))
        case "ListTags":
            struct Answer: Encodable {
                var tags: [SageMaker.Tag]
                enum CodingKeys: String, CodingKey { case tags = "Tags" }
            }
            let arn = asked["ResourceArn"] as? String
            return Self.ok(Answer(tags: jobs.values.first { $0.arn == arn }?.request.tags ?? []))
        case "DescribeLogStreams", "GetLogEvents": return logs(operation, asked)
        default: return Self.error("UnknownOperationException", operation)
        }
    }

    private func create(_ request: TrainingJobRequest) -> AWSReply {
        if !script.refusals.isEmpty, let refusal = script.refusals.removeFirst() {
            return Self.error(refusal.code, refusal.message)
        }
        let name = request.trainingJobName
        if jobs[name] != nil {
            return Self.error("ResourceInUse", "Training job names must be unique within an AWS account and region")
        }
        let limits = request.stoppingCondition
        let isSpot = request.enableManagedSpotTraining ?? false
        var problems: [String] = []
        if name.wholeMatch(of: /[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}/) == nil { problems.append("trainingJobName") }
        if request.roleArn.wholeMatch(of: /arn:aws[a-z\-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_\/]+/) == nil {
            problems.append("roleArn")
        }
        if (limits?.maxRuntimeInSeconds ?? 0) < 1 { problems.append("maxRuntimeInSeconds") }
        if isSpot, (limits?.maxWaitTimeInSeconds ?? 0) < (limits?.maxRuntimeInSeconds ?? 0) {
            problems.append("Invalid MaxWaitTimeInSeconds")
        }
        if !isSpot, limits?.maxWaitTimeInSeconds != nil { problems.append("Invalid MaxWaitTimeInSeconds") }
        if let pending = limits?.maxPendingTimeInSeconds, pending < 7200 { problems.append("maxPendingTimeInSeconds") }
        for value in (request.hyperParameters ?? [:]).values
        where (try? JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)) == nil {
            problems.append("hyperParameters: \(value) is not JSON")
        }
        let code = request.hyperParameters?["sagemaker_submit_directory"]?.filter { $0 != "\"" } ?? ""
        if objects[String(code.dropFirst(5))] == nil { problems.append("no source at \(code)") }
        guard problems.isEmpty else {
            nonsense += problems
            return Self.error("ValidationException", problems.joined(separator: "; "))
        }
        jobs[name] = Job(request: request, arn: Self.arn(name), created: clock.trueTime)
        created.append(name)
        struct Answer: Encodable {
            var arn: String
            enum CodingKeys: String, CodingKey { case arn = "TrainingJobArn" }
        }
        return Self.ok(Answer(arn: Self.arn(name)))
    }

    // MARK: - Answers

    private static func ok(_ answer: some Encodable) -> AWSReply {
        // Plain values: cannot fail.
        AWSReply(status: 200, body: Array(try! JSONEncoder().encode(answer)))
    }

    private static func error(_ code: String, _ message: String) -> AWSReply {
        AWSReply(
            status: 400,
            body: Array(try! JSONSerialization.data(withJSONObject: ["__type": code, "message": message])))
    }

    // MARK: - Logs

    private func logs(_ operation: String, _ asked: [String: Any]) -> AWSReply {
        let stream = asked["logStreamNamePrefix"] as? String ?? asked["logStreamName"] as? String ?? ""
        let name = String(stream.prefix { $0 != "/" })
        guard let job = jobs[name], !course(of: job, at: clock.trueTime).lines.isEmpty else {
            return Self.error("ResourceNotFoundException", "The specified log group does not exist.")
        }
        if operation == "DescribeLogStreams" {
            struct Stream: Encodable { var logStreamName: String }
            struct Answer: Encodable { var logStreams: [Stream] }
            return Self.ok(Answer(logStreams: [Stream(logStreamName: "\(name)/algo-1-1")]))
        }
        let lines = course(of: job, at: clock.trueTime).lines
        let index = (asked["nextToken"] as? String).flatMap { Int($0.dropFirst(2)) } ?? 0
        // Few at a time, so that tokens are used.
        let page = lines.dropFirst(index).prefix(3)
        struct Event: Encodable { var timestamp: Int64, message: String }
        struct Answer: Encodable { var events: [Event], nextForwardToken: String }
        return Self.ok(
            Answer(
                events: page.map { Event(timestamp: $0.at.milliseconds, message: $0.text) },
                nextForwardToken: "f/\(index + page.count)"))
    }

    // MARK: - S3

    private func bucket(_ request: AWSRequest) -> AWSReply {
        sync()
        let key = String(request.path.dropFirst())
        func failure(_ status: Int, _ code: String) -> AWSReply {
            AWSReply(status: status, body: Array("<Error><Code>\(code)</Code><Message/></Error>".utf8))
        }
        func etag(_ bytes: [UInt8]) -> String { "\"\(bytes.count)-\(bytes.reduce(7) { ($0 &* 31) &+ Int($1) })\"" }
        if request.method == "GET", let prefix = request.query.first(where: { $0.name == "prefix" })?.value {
            let items = objects.filter { $0.key.hasPrefix("\(key)/\(prefix)") }.sorted { $0.key < $1.key }.map {
                "<Contents><Key>\($0.key.dropFirst(key.count + 1))</Key><Size>\($0.value.bytes.count)</Size>"
                    + "<LastModified>\($0.value.modified.iso8601)</LastModified></Contents>"
            }
            return AWSReply(
                status: 200,
                body: Array(
                    "<ListBucketResult>\(items.joined())<IsTruncated>false</IsTruncated></ListBucketResult>".utf8))
        }
        switch request.method {
        case "PUT":
            if request["If-None-Match"] != nil, objects[key] != nil { return failure(412, "PreconditionFailed") }
            if let match = request["If-Match"], objects[key].map({ etag($0.bytes) }) != match {
                return failure(412, "PreconditionFailed")
            }
            objects[key] = (request.body, clock.trueTime)
            return AWSReply(status: 200, headers: [.init("ETag", etag(request.body))])
        case "GET", "HEAD":
            guard let object = objects[key] else { return failure(404, request.method == "GET" ? "NoSuchKey" : "") }
            return AWSReply(
                status: 200,
                headers: [
                    .init("ETag", etag(object.bytes)), .init("Content-Length", String(object.bytes.count)),
                ], body: request.method == "GET" ? object.bytes : [])
        default: return failure(405, "MethodNotAllowed")
        }
    }

    /// What the platform has copied by now.
    private func sync() {
        for job in jobs.values {
            let course = course(of: job, at: clock.trueTime)
            guard let uri = job.request.checkpointConfig?.s3Uri else { continue }
            for save in course.saves {
                let key = "\(uri.dropFirst(5))model.pt"
                if let there = objects[key], there.modified >= save.at { continue }
                objects[key] = (Array("\(save.units)".utf8), save.at)
            }
            if course.status == .completed {
                let name = job.request.trainingJobName
                let path = job.request.outputDataConfig.s3OutputPath.dropFirst(5)
                objects["\(path)\(name)/output/model.tar.gz"] = (
                    Array("model of \(name)".utf8), course.end ?? job.created
                )
            }
        }
    }

    /// Units that the platform's copies hold at an instant, of whichever job.
    private func durable(at instant: Instant, before job: Job) -> Int {
        jobs.values.filter {
            $0.request.checkpointConfig?.s3Uri == job.request.checkpointConfig?.s3Uri
                && $0.request.trainingJobName != job.request.trainingJobName && $0.created < job.created
        }.flatMap { course(of: $0, at: instant).saves }.filter { $0.at <= instant }.map(\.units).max() ?? 0
    }

    // MARK: - A job's course

    struct Course {
        var transitions: [SageMaker.SecondaryStatusTransition] = []
        var status = SageMaker.TrainingJobStatus.inProgress
        var secondary = SageMaker.SecondaryStatus.starting
        var lines: [(at: Instant, text: String)] = []
        var saves: [(at: Instant, units: Int)] = []
        var end: Instant?
        var trained = Duration.zero
        var reason: String?

        mutating func enter(_ status: SageMaker.SecondaryStatus, _ at: Instant) {
            if let last = transitions.indices.last { transitions[last].endTime = EpochSeconds(at) }
            transitions.append(.init(status: status, startTime: EpochSeconds(at), statusMessage: "…"))
            secondary = status
        }
    }

    /// Everything that has happened to a job until now: a function of its request and the script.
    func course(of job: Job, at now: Instant) -> Course {
        var course = Course()
        let isSpot = job.request.enableManagedSpotTraining ?? false
        let limits = job.request.stoppingCondition
        let runLimit = Duration.seconds(limits?.maxRuntimeInSeconds ?? 86_400)
        let waitLimit = (limits?.maxWaitTimeInSeconds).map { job.created + .seconds($0) }
        let outside = script.outsideStops[job.request.trainingJobName].map { start + .minutes($0) }
        let stopAt = [job.stopAt, outside].compactMap { $0 }.min().flatMap { $0 <= now ? $0 : nil }
        func close(_ status: SageMaker.TrainingJobStatus, _ secondary: SageMaker.SecondaryStatus, _ at: Instant) {
            course.enter(secondary, at)
            course.status = status
            course.end = at
        }
        course.enter(.starting, job.created)
        var at = job.created
        var units = -1
        while true {
            // Waiting for a machine.
            var granted: Instant?
            var lost: Instant?
            if isSpot {
                for spell in script.spells {
                    let (from, until) = (start + .minutes(spell.from), start + .minutes(spell.until))
                    if until > at {
                        granted = max(at, from) + .minutes(1)
                        lost = until
                        break
                    }
                }
                if let fails = script.spotFailsAfter,
                    granted ?? .init(milliseconds: .max) > job.created + .minutes(fails)
                {
                    granted = nil
                    lost = job.created + .minutes(fails)
                }
            } else {
                granted = at + .minutes(script.onDemandWait)
                if script.onDemandFails { (granted, lost) = (nil, granted) }
            }
            let gaveUp = granted == nil ? lost : nil
            let far = Instant(milliseconds: .max)
            let endOfWait = min(stopAt ?? far, waitLimit ?? far, gaveUp ?? far)
            guard let granted, granted <= endOfWait, granted <= now else {
                guard endOfWait <= now, endOfWait < granted ?? far else { return course }
                if endOfWait == stopAt {
                    close(.stopped, .stopped, endOfWait)
                } else if endOfWait == gaveUp {
                    course.reason = "CapacityError: Unable to provision requested ML compute capacity."
                    close(.failed, .failed, endOfWait)
                } else {
                    close(.stopped, .maxWaitTimeExceeded, endOfWait)
                }
                return course
            }
            course.enter(.downloading, granted)
            let training = granted + .minutes(2)
            let runLeft = runLimit - course.trained
            if units < 0 { units = durable(at: training, before: job) }
            let resumed = max(units, course.saves.last?.units ?? 0)
            let done = training + .minutes((script.units - resumed) * script.minutesPerUnit)
            let finished = done + .minutes(2)
            let end = min(finished, lost ?? far, stopAt ?? far, waitLimit ?? far, granted + runLeft)
            if training <= min(now, end) {
                course.enter(.training, training)
                course.lines.append((training, "restored at unit=\(resumed)"))
                for unit in stride(from: resumed + 1, through: script.units, by: 1) {
                    let told = training + .minutes((unit - resumed) * script.minutesPerUnit)
                    guard told <= min(now, end) else { break }
                    course.lines.append((told, "epoch=\(unit) loss=\(10.0 / Double(unit))"))
                    // Copied a little after it was written.
                    if told + .seconds(20) <= min(now, end) { course.saves.append((told + .seconds(20), unit)) }
                }
                if done <= min(now, end) { course.enter(.uploading, done) }
            }
            guard end <= now else { return course }
            course.trained += end - granted
            if end == finished {
                close(.completed, .completed, end)
            } else if end == stopAt {
                close(.stopped, .stopped, end)
            } else if end == waitLimit {
                close(.stopped, .maxWaitTimeExceeded, end)
            } else if end == granted + runLeft {
                close(.stopped, .maxRuntimeExceeded, end)
            } else {
                course.enter(.interrupted, end)
                course.enter(.starting, end + .seconds(10))
                at = end + .seconds(10)
                units = max(0, course.saves.last?.units ?? units)
                continue
            }
            return course
        }
    }

    private func describe(_ job: Job, at now: Instant) -> TrainingJobDescription {
        let course = course(of: job, at: now)
        let isSpot = job.request.enableManagedSpotTraining ?? false
        let name = job.request.trainingJobName
        let seconds = Int(course.trained.milliseconds / 1000)
        var description = TrainingJobDescription(
            trainingJobName: name, trainingJobArn: job.arn, trainingJobStatus: course.status,
            secondaryStatus: course.secondary, failureReason: course.reason,
            modelArtifacts: .init(
                s3ModelArtifacts: "\(job.request.outputDataConfig.s3OutputPath)\(name)/output/model.tar.gz"),
            resourceConfig: job.request.resourceConfig, stoppingCondition: job.request.stoppingCondition,
            creationTime: EpochSeconds(job.created), secondaryStatusTransitions: course.transitions,
            enableManagedSpotTraining: isSpot, checkpointConfig: job.request.checkpointConfig)
        if let end = course.end { description.trainingEndTime = EpochSeconds(end) }
        if course.end != nil, seconds > 0 {
            description.trainingTimeInSeconds = seconds
            description.billableTimeInSeconds = isSpot ? max(1, seconds * 2 / 5) : seconds
        }
        return description
    }

    /// Names of jobs that still run or wait.
    var running: [String] {
        jobs.filter { !describe($0.value, at: clock.trueTime).trainingJobStatus.isEnd }.map(\.key).sorted()
    }
}
