// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import Reports

/// A directory with the training scripts of the drills and a job file for one of them.
///
/// `delete()` it when the test is content with it; what a failed test leaves is there to be looked at.
struct DrillProject: Sendable {
    let directory: String
    var state: String { directory + "/state" }

    /// `more` are lines for the job file.
    init(script: String, epochs: Int = 5, more: String = "") throws {
        directory =
            URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "nightshift-drill-\(UUID().uuidString.prefix(8))").path(percentEncoded: false).trimmedSlash
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try files.copyItem(atPath: Repository.fixtures + "/Drills", toPath: directory + "/code")
        try files.createSymbolicLink(
            atPath: directory + "/code/nightshift_checkpoint.py", withDestinationPath: Repository.checkpointModule)
        try write(Self.yaml(script: script, epochs: epochs) + more, to: "job.yaml")
        try write(TestJob().market, to: "market.json")
    }

    private static func yaml(script: String, epochs: Int) -> String {
        """
        name: drilled
        entryPoint: \(script).py
        sourceDir: code
        hyperparameters: {epochs: \(epochs), seed: 1}
        outputPath: models
        checkpointUri: checkpoints
        checkpointInterval: 1 min
        metricDefinitions:
          - {name: epoch, regex: 'epoch=([0-9.]+)'}
          - {name: loss, regex: 'loss=([0-9.]+)'}
        progress: {metric: epoch, total: \(epochs)}
        schedule: {start: "22:00", deadline: "08:00", timeZone: UTC}
        expectedRuntime: 1 h
        maxRun: 8 h
        maxWait: 10 h
        restartOverhead: 10 min
        onDemandWait: 1 h
        uploadTime: 4 min
        safetyMargin: 15 min
        policy: greedy
        offers:
          - backend: local
            instanceTypes: [ml.p4d.24xlarge]
            region: eu-west-1
            zones: [eu-west-1a]
            purchaseOptions: [spot, on-demand]
        market: market.json

        """
    }

    /// Reads progress from the checkpoints' names, not from the log.
    func readProgressFromNames() throws {
        let yaml = try String(contentsOfFile: directory + "/job.yaml", encoding: .utf8)
        try write(
            yaml.replacing("  - {name: epoch, regex: 'epoch=([0-9.]+)'}\n", with: "")
                .replacing("progress: {metric: epoch,", with: "progress: {checkpointName: 'checkpoint-([0-9]+)',"),
            to: "job.yaml")
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: directory + "/" + name))
    }

    func start(_ words: String...) async throws -> CommandRun { try await start(words) }

    func start(_ words: [String]) async throws -> CommandRun {
        var variables = ProcessInfo.processInfo.environment
        variables["NIGHTSHIFT_STATE"] = state
        return try await CommandRun.start(Binaries.nightshift, words, in: directory, variables, umask: "022")
    }

    func command(_ words: String...) async throws -> CommandResult { await (try start(words)).result() }

    /// The verdict. The scripts of the fixtures mostly wait, so their runs do not disturb one another.
    func drill(_ options: String..., parallel: Int = 5) async throws -> (DrillDocument, CommandResult) {
        let result = await (try start(["drill", "--json", "--parallel", "\(parallel)"] + options + ["job.yaml"]))
            .result()
        return (try NightJSON.document(DrillDocument.self, from: result.output), result)
    }

    /// Living processes that a drill in this directory has started.
    var processes: [Int32] {
        ProcessTable.allPids.filter { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/environ"), !data.isEmpty,
                ProcessIdentity(pid: pid) != nil
            else { return false }
            return String(decoding: data, as: UTF8.self).contains("NIGHTSHIFT_DRILL_MACHINE=\(directory)/")
        }
    }

    func delete() { try? FileManager.default.removeItem(atPath: directory) }
}

extension DrillDocument {
    func verdict(_ disturbance: String) -> Verdict? { verdicts.first { $0.disturbance == disturbance } }
    var causes: [String: String] {
        Dictionary(verdicts.compactMap { verdict in verdict.cause.map { (verdict.disturbance, $0) } }) { $1 }
    }
}
