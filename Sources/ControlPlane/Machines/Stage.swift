// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ProcessSupervision
import TrainingAgent
import TrainingJobs

/// All training jobs of a stage: takes new ones, tells of them, and plays them while `run` lasts.
package actor Stage {
    private let settings: StageSettings
    private let files: StageFiles
    private let buckets: Buckets
    private let jobs: JobStore
    private let logs: LogStore
    private var drivers: [String: JobDriver] = [:]
    private let submitted: AsyncStream<JobDriver>
    private let submit: AsyncStream<JobDriver>.Continuation
    private var isClosed = false

    /// Opens or creates the state below the settings' directory; throws `MarketProblems` for a market that is none.
    /// Ends what an earlier server that was killed has left running, and takes over its jobs. Blocks meanwhile.
    package init(settings: StageSettings, buckets: Buckets) throws {
        try settings.market.check()
        self.settings = settings
        self.buckets = buckets
        files = StageFiles(directory: settings.directory)
        for directory in [settings.directory, files.sources, files.machines] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        jobs = try JobStore(path: files.jobs)
        logs = try LogStore(path: files.logs)
        (submitted, submit) = AsyncStream.makeStream(of: JobDriver.self)
        for name in try FileManager.default.contentsOfDirectory(atPath: files.machines).sorted() {
            MachineDisk(path: files.machines + "/" + name, checkpointLocalPath: "").destroy()
        }
        for job in try jobs.jobs() where !job.record.isOver {
            let driver = try JobDriver(
                job, region: try jobs.region(of: job.name) ?? StageIdentity.defaultRegion, settings: settings,
                jobs: jobs, logs: logs, buckets: buckets)
            drivers[job.name] = driver
            submit.yield(driver)
        }
    }

    /// CloudWatch Logs over the lines of these jobs.
    package nonisolated var logsService: LogsService { LogsService(store: logs) }
    package nonisolated var sageMakerService: SageMakerService { SageMakerService(stage: self) }

    /// Plays jobs until it is cancelled, or until `close`. When it returns, no process of a job is left.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await driver in submitted {
                group.addTask {
                    await driver.run()
                    await self.forget(driver)
                }
            }
            group.cancelAll()
        }
    }

    /// Makes `run` return: machines are ended, jobs stay as they are for the next start.
    package func close() {
        isClosed = true
        submit.finish()
    }

    func create(_ body: JSONValue, region: String) throws -> JSONValue {
        let request = try TrainingJobRequest(body)
        let now = SystemClock.now()
        if isClosed { throw ServiceFault("ServiceUnavailable", "The stage is going down", status: 503) }
        let job = StoredTrainingJob(
            request: request, arn: "arn:aws:sagemaker:\(region):\(settings.account):training-job/\(request.name)",
            record: StageJobRecord(created: now), tags: try TagList.adding(body["Tags"]?.elements ?? [], to: []))
        if try jobs.job(job.name) == nil { try checkQuota(request) }
        try jobs.insert(job, region: region)
        // The next upload under this name must not change what this job runs.
        if case .archive(let place)? = try? ScriptPlan(request).source,
            let object = try buckets.object(bucket: place.bucket, key: place.key)
        {
            let archive = files.archive(of: job.name)
            unlink(archive)
            if link(object.file, archive) != 0 {
                try FileManager.default.copyItem(atPath: object.file, toPath: archive)
            }
        }
        try take(job, region: region)
        return .object(["TrainingJobArn": .string(job.arn)])
    }

    func describe(_ name: String) throws -> JSONValue {
        guard let job = try jobs.job(name) else { throw ServiceFault.unknownJob }
        return job.description
    }

    func stop(_ name: String) async throws {
        guard let job = try jobs.job(name) else { throw ServiceFault.unknownJob }
        guard let driver = drivers[name] else {
            throw ServiceFault.validation(
                "The request was rejected because the training job is in status \(job.record.status.rawValue)")
        }
        try await driver.stop()
    }

    func list(_ request: JSONValue) throws -> JSONValue { try JobListing(request).answer(over: jobs.jobs()) }
    func search(_ request: JSONValue) throws -> JSONValue { try JobSearch(request).answer(over: jobs.jobs()) }

    func changeTags(_ arn: String, _ change: ([JSONValue]) throws -> [JSONValue]) throws -> [JSONValue] {
        try jobs.changeTags(ofArn: arn, change)
    }

    private func take(_ job: StoredTrainingJob, region: String) throws {
        let driver = try JobDriver(
            job, region: region, settings: settings, jobs: jobs, logs: logs, buckets: buckets)
        drivers[job.name] = driver
        submit.yield(driver)
    }

    private func forget(_ driver: JobDriver) {
        for (name, known) in drivers where known === driver { drivers[name] = nil }
    }

    /// Source: the text that users report, and the names of the quotas in Service Quotas.
    private func checkQuota(_ request: TrainingJobRequest) throws {
        let count = request.body["ResourceConfig"]?["InstanceCount"]?.whole ?? 1
        let name = "\(request.instanceType) for \(request.isSpot ? "spot " : "")training job usage"
        let used = try jobs.jobs().filter { job in
            !job.record.isOver && job.request.isSpot == request.isSpot
                && job.request.instanceType == request.instanceType
        }.count
        func refuse(_ limit: Int, _ more: String) -> ServiceFault {
            ServiceFault(
                "ResourceLimitExceeded",
                "The account-level service limit '\(name)' is \(limit) Instances, with current utilization of \(used) "
                    + "Instances and a request delta of \(count) Instances. Please use AWS Service Quotas to request an "
                    + "increase for this quota. If AWS Service Quotas is not available, contact AWS support to request "
                    + "an increase for this quota.\(more)")
        }
        if let limit = settings.quotas[name], used + count > limit { throw refuse(limit, "") }
        if count > 1 { throw refuse(1, " (The stage trains on one machine at a time for each job.)") }
    }
}
