// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import Synchronization
import TrainingAgent
import TrainingJobs

/// One machine of a job, played on this computer: the disk, the script with its channels and checkpoints, and what is
/// published of it.
///
/// The agent is not used here: it commits generations, and this platform copies files. What both need (the layout, the
/// toolkit's words and variables, the reading of output) is the agent's.
final class StageMachine: Sendable {
    let job: StoredTrainingJob
    let number: Int
    let region: String
    let settings: StageSettings
    let clock: ClockScale
    let buckets: Buckets
    /// The job's source as it was at its creation; `nil` when there was none.
    let archive: String?
    let log: @Sendable (String) -> Void
    let disk: MachineDisk
    private let process = ScriptProcess()

    init(
        job: StoredTrainingJob, number: Int, region: String, settings: StageSettings, clock: ClockScale,
        buckets: Buckets, archive: String?, directory: String, log: @escaping @Sendable (String) -> Void
    ) {
        self.job = job
        self.number = number
        self.region = region
        self.settings = settings
        self.clock = clock
        self.buckets = buckets
        self.archive = archive
        self.log = log
        disk = MachineDisk(
            path: directory, checkpointLocalPath: job.request.checkpoints?.localPath ?? "/opt/ml/checkpoints")
    }

    func terminate() { process.terminate() }
    func kill() { process.kill() }

    /// From an empty disk to the script's end; each step is told. What goes wrong is told as the script's failure.
    func play(_ tell: @Sendable (StageJob.Event) async -> Void) async {
        do {
            var plan = try ScriptPlan(job.request)
            await tell(.launched(number))
            try await prepare(plan)
            await tell(.prepared(number))
            let mirror = try await download(&plan)
            await tell(.downloaded(number))
            let failure = try await train(plan, mirror)
            await tell(.exited(number, failure: failure))
        } catch let refused as ScriptPlan.Refused {
            log(refused.description)
            await tell(.exited(number, failure: refused.description))
        } catch {
            log("the stage could not run the script: \(error)")
            await tell(.exited(number, failure: "ClientError: \(error)"))
        }
    }

    /// Ends whatever still runs and removes the disk.
    func destroy() async {
        process.kill()
        let disk = disk
        try? await blocking { disk.destroy() }  // it throws nothing
    }

    private func prepare(_ plan: ScriptPlan) async throws {
        let (disk, archive, path) = (disk, archive, settings.environment["PATH"] ?? "")
        try await blocking { try disk.make() }
        guard case .archive(let place) = plan.source else { return }
        guard let archive else {
            throw ScriptPlan.Refused(description: "ClientError: there is no source at \(place)")
        }
        do {
            try await blocking { try SourceArchive.unpack(archive, into: disk.layout.code, path: path) }
        } catch {
            throw ScriptPlan.Refused(description: "ClientError: \(error)")
        }
    }

    private func download(_ plan: inout ScriptPlan) async throws -> SharedMirror? {
        for channel in job.request.channels { try await bring(channel) }
        if case .channel(let name) = plan.source {
            try plan.readDrivers(below: disk.layout.inputData)
            try FileManager.default.createSymbolicLink(
                atPath: disk.layout.code, withDestinationPath: disk.layout.inputData + "/" + name)
        }
        guard let checkpoints = job.request.checkpoints else { return nil }
        guard let place = S3Place(checkpoints.s3Uri) else {
            throw ScriptPlan.Refused(description: "ClientError: \(checkpoints.s3Uri) is no s3:// place")
        }
        let mirror = SharedMirror(
            CheckpointMirror(
                buckets: buckets, place: place, directory: disk.layout.checkpoints, outbox: disk.outbox))
        let count = try await blocking { try mirror.restore() }
        if count > 0 { log("restored \(count) checkpoint file\(count == 1 ? "" : "s") from \(place.directory)") }
        return mirror
    }

    private func bring(_ channel: TrainingJobRequest.Channel) async throws {
        let name = channel.mode.name
        func refuse(_ why: String) -> ScriptPlan.Refused {
            ScriptPlan.Refused(description: "ClientError: channel \(name): \(why)")
        }
        guard let uri = channel.s3Uri, let place = S3Place(uri) else {
            throw refuse("the stage brings data from s3:// places only")
        }
        guard channel.s3DataType == "S3Prefix" else { throw refuse("the stage brings S3DataType S3Prefix only") }
        guard channel.mode.inputMode != "Pipe" else {
            throw refuse("the stage brings files; use File or FastFile mode")
        }
        guard !channel.isGzip else { throw refuse("the stage does not unpack CompressionType Gzip") }
        let (target, buckets) = (disk.layout.inputData + "/" + name, buckets)
        let count = try await blocking { try ObjectDownload.bring(place, into: target, from: buckets) }
        guard count > 0 else {
            throw ScriptPlan.Refused(
                description: "ClientError: Data download failed:No S3 objects found under S3 URL \"\(uri)\" given in "
                    + "input data source. Please ensure that the bucket exists in the selected region (\(region)), that "
                    + "objects exist under that S3 prefix, and that the role "
                    + "\"\(job.request.body["RoleArn"]?.text ?? "")\" has \"s3:ListBucket\" permissions on bucket "
                    + "\"\(place.bucket)\".")
        }
    }

    private func train(_ plan: ScriptPlan, _ mirror: SharedMirror?) async throws -> String? {
        let start = try ScriptStart(plan: plan, machine: self)
        for warning in start.warnings { log(warning) }
        try disk.layout.writeConfiguration(start.mode)
        var python = start.python
        if let failure = try await start.installPackages(run: run, python: &python) { return failure }
        let words = start.words(python: python)
        let tail = LogTail()
        let status = try await withSync(mirror) { try await self.run(words, start.environment, tail) }
        if let mirror, !Task.isCancelled { try await blocking { _ = try mirror.sync() } }
        guard let status else { return "the machine was told to end before the script began" }
        if status.isSuccess { return nil }
        let told = FileManager.default.contents(atPath: disk.failureFile).map { String(decoding: $0, as: UTF8.self) }
        return FailureWords.algorithmError(
            status, command: words, lastLines: tail.lines, told: told?.isEmpty == false ? told : nil)
    }

    /// Runs a program of the job, its lines in the log; `nil` when the machine was told to end first.
    @Sendable func run(_ words: [String], _ environment: [String: String], _ tail: LogTail) async throws -> ExitStatus?
    {
        let log = log
        let pump = try LinePump { line, _ in
            tail.add(line)
            log(line)
        }
        defer { pump.closeWriteEnd() }
        let path = environment["PATH"] ?? "/usr/bin:/bin"
        let status = try await process.run(
            SpawnRequest(
                executable: try Executable.find(words.first ?? "", path: path), arguments: Array(words.dropFirst()),
                environment: environment, directory: disk.layout.code, output: pump.writeEnd, tie: .diesWithParent),
            onStart: { pump.closeWriteEnd() })
        pump.closeWriteEnd()
        await pump.waitUntilFinished(atMost: .seconds(1))
        return status
    }

    /// Copies checkpoints to the bucket while the body runs.
    private func withSync<Result: Sendable>(
        _ mirror: SharedMirror?, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let mirror else { return try await body() }
        let pause = clock.wallDuration(.seconds(5), atLeast: .milliseconds(200))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [log] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: pause)  // cancelled: the script has ended
                    if Task.isCancelled { return }
                    do {
                        try await blocking { _ = try mirror.sync() }
                    } catch {
                        log("checkpoints were not copied to the bucket: \(error)")
                    }
                }
            }
            let result = try await body()
            group.cancelAll()
            return result
        }
    }
}

/// The last lines of an output.
final class LogTail: Sendable {
    private static let limit = 60
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func add(_ line: String) {
        kept.withLock { lines in
            lines.append(String(line.prefix(500)))
            if lines.count > Self.limit { lines.removeFirst() }
        }
    }
}

/// A mirror that two tasks use in turn.
final class SharedMirror: Sendable {
    private let mirror: Mutex<CheckpointMirror>

    init(_ mirror: sending CheckpointMirror) { self.mirror = Mutex(mirror) }

    func restore() throws -> Int { try mirror.withLock { try $0.restore() } }
    func sync() throws -> Int { try mirror.withLock { try $0.sync() } }
}
