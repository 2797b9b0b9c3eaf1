// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import TrainingJobs

/// The directories that a SageMaker training container has under `/opt/ml`, below a root of the machine's own.
///
/// Source: the SageMaker training toolkit's `environment` module and the developer guide's "How SageMaker provides
/// training information".
package struct TrainingLayout: Sendable {
    static let containerRoot = "/opt/ml"
    private static let noticeName = "interruption-notice.json"

    package let root: String
    package let checkpoints: String

    package init(root: String, checkpointLocalPath: String) {
        self.root = root
        checkpoints = Self.checkpointDirectory(root: root, localPath: checkpointLocalPath)
    }

    /// Where a machine's checkpoints lie, whose disk is `root`.
    package static func checkpointDirectory(root: String, localPath: String) -> String {
        root + "/" + (place(ofCheckpoints: localPath) ?? "checkpoints")
    }

    /// Below the root. Whatever lies there is removed before a restore, so a path that leads through the links to the
    /// user's own source and data is not taken, nor is one outside `/opt/ml`: `SM_CHECKPOINT_DIR` tells the place.
    private static func place(ofCheckpoints localPath: String) -> String? {
        guard localPath.hasPrefix(containerRoot + "/") else { return nil }
        let parts = localPath.split(separator: "/").map(String.init).dropFirst(2)
        guard let first = parts.first, !["input", "code", noticeName].contains(first),
            !parts.contains(where: { $0 == "." || $0 == ".." })
        else { return nil }
        return parts.joined(separator: "/")
    }

    package var input: String { root + "/input" }
    package var inputConfig: String { root + "/input/config" }
    package var inputData: String { root + "/input/data" }
    package var code: String { root + "/code" }
    package var model: String { root + "/model" }
    package var output: String { root + "/output" }
    package var outputData: String { root + "/output/data" }
    package var outputIntermediate: String { root + "/output/intermediate" }
    var noticeFile: String { root + "/" + Self.noticeName }

    /// `/opt/ml/…` as this machine has it; any other text unchanged.
    package func relocated(_ text: String) -> String {
        if text == Self.containerRoot { return root }
        guard text.hasPrefix(Self.containerRoot + "/") else { return text }
        return root + text.dropFirst(Self.containerRoot.count)
    }

    /// Makes the layout for an order. May be repeated.
    func prepare(for order: AgentOrder) throws {
        try makeDirectories()
        try link(code, to: order.sourceDirectory)
        for channel in order.job.inputChannels { try link(inputData + "/" + channel.name, to: channel.path) }
        try writeConfiguration(ScriptMode(order: order, layout: self))
    }

    /// The directories that a container begins with; its code and channels are the caller's. May be repeated.
    package func makeDirectories() throws {
        for directory in [inputConfig, inputData, model, outputData, outputIntermediate] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
    }

    /// The three files of `input/config`. May be repeated.
    package func writeConfiguration(_ mode: ScriptMode) throws {
        let hyperparameters = JSONValue.object(
            Dictionary(uniqueKeysWithValues: mode.hyperparameters.map { ($0.name, .string($0.json)) }))
        try write(hyperparameters, to: "hyperparameters.json")
        try write(mode.resourceConfig, to: "resourceconfig.json")
        try write(mode.inputDataConfig, to: "inputdataconfig.json")
    }

    private func write(_ value: JSONValue, to name: String) throws {
        try Data(value.compact.utf8).write(to: URL(filePath: inputConfig + "/" + name), options: .atomic)
    }

    private func link(_ path: String, to target: String) throws {
        let files = FileManager.default
        // Nothing there yet is the usual case.
        try? files.removeItem(atPath: path)
        try files.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
}
