// SPDX-License-Identifier: Apache-2.0

package import CapacityBackends
import FoundationEssentials
package import TrainingJobs

import AWSClient

/// SageMaker's training jobs as machines. Managed Spot starts an interrupted job again by itself: one launch, many
/// stays.
///
/// The order's key is the job's name and so makes `CreateTrainingJob` idempotent; tags of night and owner tell our job
/// from another's of that name, which is neither adopted nor stopped. Checkpoints are copied by the platform, file by
/// file: what is durable is judged from outside and unverified.
package actor SageMakerBackend: CapacityBackend {
    package nonisolated let properties = BackendProperties(
        restartsByItself: true, agentSavesCheckpoints: false, canInjectInterruption: false)

    let night: SageMakerNight
    let quotes: [PricedOffer]
    let now: @Sendable () -> Instant
    private let regions: [SageMakerRegion]
    /// Where a launch is, once it was seen to be ours.
    private var places: [String: (region: SageMakerRegion, name: String)] = [:]
    /// Launches that were taken while this process runs.
    private var launched: Set<String> = []
    private var uploaded: Set<String> = []
    private var logs: [String: JobLog] = [:]
    private var prefix = CheckpointPrefix()
    private var memory: NightMemory

    /// `regions` are those of the job's offers; the first one's is where the buckets are. `now` is the night's clock.
    package init(
        night: SageMakerNight, regions: [SageMakerRegion], quotes: [PricedOffer], now: @escaping @Sendable () -> Instant
    ) {
        self.night = night
        self.regions = regions
        self.quotes = quotes
        self.now = now
        memory = NightMemory.read(Self.memoryPath(night))
    }

    private static func memoryPath(_ night: SageMakerNight) -> String { night.directory + "/sagemaker.json" }

    // MARK: - Launch

    package func launch(_ order: LaunchOrder) async throws -> LaunchOutcome {
        guard let region = regions.first(where: { $0.name == order.offer.region }) else {
            return .refused("there is no client for the region \(order.offer.region)")
        }
        let timeLeft = order.notAfter - now()
        let answer: LaunchOutcome
        if timeLeft < .seconds(1) {
            answer = .refused("its time was over before it could be asked for")
        } else {
            do {
                if let objection = try await upload(region) {
                    answer = .refused(objection)
                } else {
                    _ = try await region.jobs.create(night.request(order, timeLeft: timeLeft))
                    places[order.key] = (region, night.jobName(order.key))
                    launched.insert(order.key)
                    return .launched
                }
            } catch let error as TrainingJobError {
                guard let settled = try Self.outcome(of: error) else { return try await adopt(order, region) }
                answer = settled
            } catch let error as AWSError {
                guard let settled = try Self.outcome(of: TrainingJobError(error)) else { throw error }
                answer = settled
            } catch let error as SourceArchive.CannotPack {
                answer = .refused(error.description)
            }
        }
        // An earlier try may have got through although its answer did not: only when there is no such job is it sure.
        switch try await look(order, in: region) {
        case .none, .foreign: return answer
        case .ours: return .launched
        }
    }

    /// What a refusal says; `nil` for a name that is taken. Throws what leaves it open whether the job was made.
    private static func outcome(of error: TrainingJobError) throws -> LaunchOutcome? {
        switch error {
        case .nameTaken: return nil
        case .quota(let message): return .quota(message)
        case .throttled: return .throttled
        // Credentials that ran out can be renewed; rights that are missing stay missing.
        case .denied(let code, let message) where code.hasPrefix("AccessDenied") || code == "OptInRequired":
            return .refused("\(message) (\(code))")
        case .invalid(let code, let message): return .refused("\(message) (\(code))")
        case .denied, .unreachable, .other, .notFound, .alreadyEnding: throw error
        }
    }

    private enum Found {
        case none
        case foreign
        case ours
    }

    private func adopt(_ order: LaunchOrder, _ region: SageMakerRegion) async throws -> LaunchOutcome {
        switch try await look(order, in: region) {
        case .ours: return .launched
        case .none: throw TrainingJobError.unreachable("the name \(night.jobName(order.key)) is taken by no job")
        case .foreign:
            return .refused(
                "a training job named \(night.jobName(order.key)) exists in \(region.name) and is not of this night; "
                    + "names cannot be used twice, so rename the job")
        }
    }

    private func look(_ order: LaunchOrder, in region: SageMakerRegion) async throws -> Found {
        guard let description = try await describe(night.jobName(order.key), in: region) else { return .none }
        guard try await isOurs(description, order.key, region), night.agrees(description, with: order) else {
            return .foreign
        }
        launched.insert(order.key)
        return .ours
    }

    /// The source under the night's own name, once; the reason when it cannot be.
    private func upload(_ region: SageMakerRegion) async throws -> String? {
        guard uploaded.isEmpty else { return nil }
        let bytes = try SourceArchive.bytes(of: night.sourceDirectory)
        let bucket = try region.bucket(night.code.bucket)
        if try await bucket.put(night.code.prefix, bytes, onlyIfAbsent: true) == .taken {
            // Ours of an earlier try, unless its bytes are others.
            guard let there = try await bucket.get(night.code.prefix) else {
                throw TrainingJobError.unreachable("\(night.code.uri) is there and is not")
            }
            if there.bytes != bytes { return "\(night.code.uri) holds another source; rename the job or remove it" }
        }
        uploaded.insert(night.code.uri)
        return nil
    }

    // MARK: - Finding

    private func describe(_ name: String, in region: SageMakerRegion) async throws -> TrainingJobDescription? {
        do throws(TrainingJobError) { return try await region.jobs.describe(name) } catch {
            if case .notFound = error { return nil }
            throw error
        }
    }

    /// By its tags; asked once.
    private func isOurs(
        _ description: TrainingJobDescription, _ key: String, _ region: SageMakerRegion
    ) async throws -> Bool {
        if places[key] != nil { return true }
        guard let arn = description.trainingJobArn else { return false }
        return try await isOurs(arn: arn, key, description.trainingJobName, region)
    }

    private func isOurs(arn: String, _ key: String, _ name: String, _ region: SageMakerRegion) async throws -> Bool {
        if places[key] != nil { return true }
        let tags = try await region.jobs.tags(ofArn: arn)
        guard tags[JobTag.night] == night.night, tags[JobTag.owner] == night.owner else { return false }
        places[key] = (region, name)
        return true
    }

    /// Where a launch of ours is and what SageMaker says of it; `nil` when no region has one.
    private func find(_ key: String) async throws -> (SageMakerRegion, TrainingJobDescription)? {
        let candidates = places[key].map { [$0.region] } ?? regions
        for region in candidates {
            guard let description = try await describe(night.jobName(key), in: region) else { continue }
            if try await isOurs(description, key, region) { return (region, description) }
        }
        // What was taken a moment ago is not gone: SageMaker keeps jobs for ever.
        if launched.contains(key) { throw TrainingJobError.unreachable("\(key) was taken and cannot be found") }
        return nil
    }

    package func findAll() async throws -> [String] {
        var found: [(key: String, epoch: Int)] = []
        for region in regions {
            for job in try await region.jobs.list(.init(nameContains: night.jobName(night.night))) {
                guard let ours = night.key(ofJob: job.trainingJobName) else { continue }
                guard try await isOurs(arn: job.trainingJobArn, ours.key, job.trainingJobName, region) else { continue }
                if !found.contains(where: { $0.key == ours.key }) { found.append(ours) }
            }
        }
        return found.sorted { $0.epoch < $1.epoch }.map(\.key)
    }

    package func stop(_ key: String) async throws {
        guard let (region, description) = try await find(key) else { return }
        guard !description.trainingJobStatus.isEnd, description.trainingJobStatus != .stopping else { return }
        do throws(TrainingJobError) { try await region.jobs.stop(description.trainingJobName) } catch {
            switch error {
            case .alreadyEnding, .notFound: return
            default: throw error
            }
        }
    }

    package func prices(at now: Instant) async throws -> [PricedOffer] { quotes }

    // MARK: - Observe

    package func observe(_ key: String) async throws -> LaunchPicture? {
        if let end = memory.ends[key] { return end }
        guard let (region, description) = try await find(key) else { return nil }
        let now = now()
        let stays = JobStays(description.secondaryStatusTransitions ?? [], clock: night.clock)
        let log = log(of: key, in: region)
        // Progress that cannot be read is older progress: whether the machine is there matters more.
        try? await log.read()
        let isEnd = description.trainingJobStatus.isEnd
        if !stays.stays.isEmpty { try await lookForCheckpoints(key, region, stays, log, isFinal: isEnd, now) }
        await note(starts: stays, of: key, log)
        var sight = JobSight(key: key, night: night, quotes: quotes, description: description, stays: stays)
        sight.report = await report(key, stays, log)
        if description.trainingJobStatus == .completed {
            sight.model = try await model(description, region, at: sight.endedAt ?? now)
        }
        let picture = sight.picture(at: now)
        if case .ended = picture.state { memory.end(picture) }
        try remember()
        return picture
    }

    private func log(of key: String, in region: SageMakerRegion) -> JobLog {
        if let log = logs[key] { return log }
        let name = night.jobName(key)
        let log = JobLog(
            region.logs, job: night.job, name: name, epoch: night.key(ofJob: name)?.epoch ?? 0, clock: night.clock,
            directory: "\(night.directory)/\(key)")
        logs[key] = log
        return log
    }

    /// A set that stands still, is newer than all that was told, and was written while this launch trained.
    private func lookForCheckpoints(
        _ key: String, _ region: SageMakerRegion, _ stays: JobStays, _ log: JobLog, isFinal: Bool, _ now: Instant
    ) async throws {
        guard let trained = stays.stays.first(where: { $0.trainingAt != nil })?.trainingAt else { return }
        let listed = try await region.bucket(night.checkpoints.bucket).list(prefix: night.checkpoints.prefix + "/")
        let objects = listed.compactMap { item in
            item.modified.map {
                CheckpointPrefix.Object(key: item.key, bytes: item.bytes, modified: night.clock.night(at: $0))
            }
        }
        guard let set = prefix.settled(objects, at: now, isFinal: isFinal), set.newest >= trained else { return }
        let stay = stays.stays.last { $0.trainingAt.map { $0 <= set.newest } ?? false }
        let told = await log.progress(from: stay?.trainingAt ?? trained, until: set.newest)?.newest.units
        let units = CheckpointUnits.newest(objects.map(\.key), night.job.progress) ?? told
        // Files of which nobody knows how far they are make nothing durable.
        guard let units = units ?? memory.generation(at: set.newest)?.units else { return }
        memory.add(key, newest: set.newest, bytes: set.bytes, units: units, nightStart: night.start)
    }

    /// With what each stay began. The platform does not tell what the script restored: the newest set by then is
    /// supposed, until the first progress says that it was an older one, or none.
    private func note(starts stays: JobStays, of key: String, _ log: JobLog) async {
        for (index, stay) in stays.stays.filter({ $0.trainingAt != nil }).enumerated() {
            guard let at = stay.trainingAt else { continue }
            let known = memory.starts(of: key)
            var start =
                index < known.count
                ? known[index]
                : {
                    let newest = memory.generation(at: at)
                    return TrainingStart(
                        at: at, generation: newest?.generation, units: newest?.units ?? 0, passedOver: [])
                }()
            if let first = await log.progress(from: at, until: stay.until)?.first, first.units < start.units,
                let supposed = start.generation
            {
                let older = memory.generation(at: at, atMost: first.units)
                start.generation = older?.generation
                start.units = older?.units ?? 0
                start.passedOver = ["generation \(supposed): training went on at \(first.units) units"]
            }
            memory.set(start, of: key, stay: index)
        }
    }

    private func report(_ key: String, _ stays: JobStays, _ log: JobLog) async -> AgentReport {
        var report = AgentReport()
        let trained = stays.stays.filter { $0.trainingAt != nil }
        report.commits = memory.generations(of: key)
        if let first = trained.first, let at = first.trainingAt {
            report.firstProgress = await log.progress(from: at, until: first.until)?.first
        }
        // Of a machine that is gone nothing is told but what is durable.
        guard let last = stays.last, let at = last.trainingAt else { return report }
        report.training = memory.starts(of: key).last
        report.progress = await log.progress(from: at, until: last.until)?.newest
        return report
    }

    private func model(
        _ description: TrainingJobDescription, _ region: SageMakerRegion, at: Instant
    ) async throws -> ModelArtifact? {
        guard let uri = description.modelArtifacts?.s3ModelArtifacts, let place = S3Location(uri),
            let info = try await region.bucket(place.bucket).head(place.prefix)
        else { return nil }
        let etag = info.etag.filter { $0 != "\"" }
        return ModelArtifact(at: at, digest: info.sha256 ?? "etag:\(etag)", bytes: info.bytes, path: place.uri)
    }

    private func remember() throws {
        try FileManager.default.createDirectory(atPath: night.directory, withIntermediateDirectories: true)
        try memory.write(Self.memoryPath(night))
    }
}
