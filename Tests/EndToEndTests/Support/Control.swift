// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision

/// What the training code makes when nobody disturbs it: run plainly, without any part of ours around it.
enum Control {
    /// Every file of the model, by its path.
    static func model(of job: TestJob) async throws -> [String: Data] {
        let project = try TestProject(job, named: "nightshift-control")
        let model = project.directory + "/plain-model"
        try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
        var variables = project.environment
        variables["SM_MODEL_DIR"] = model
        variables["SM_CHECKPOINT_DIR"] = project.directory + "/plain-checkpoints"
        let words = ["train.py", "--epochs", "\(job.epochs)", "--work", "\(job.work)"]
        let child = try await ChildProcess.start(
            SpawnRequest(
                executable: "/usr/bin/env", arguments: ["python3"] + words, environment: variables,
                directory: project.directory + "/code", output: nil, tie: .diesWithParent))
        guard await child.exitStatus().isSuccess else { throw GaveUp() }
        let tree = try files(below: model)
        project.delete()
        return tree
    }

    static func files(below directory: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: directory + "/" + path, isDirectory: &isDirectory)
            if !isDirectory.boolValue { found[path] = try Data(contentsOf: URL(filePath: directory + "/" + path)) }
        }
        return found
    }
}
