// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingJobs

/// The directories that a SageMaker training container has under `/opt/ml`, below a root of the machine's own.
///
/// Source: the SageMaker training toolkit's `environment` module and the developer guide's "How SageMaker provides
/// training information".
package struct TrainingLayout: Sendable {
    static let containerRoot = "/opt/ml"
    private static let noticeName = "interruption-notice.json"

    let root: String
    let checkpoints: String

    init(root: String, checkpointLocalPath: String) {
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

    var input: String { root + "/input" }
    var inputConfig: String { root + "/input/config" }
    var inputData: String { root + "/input/data" }
    var code: String { root + "/code" }
    var model: String { root + "/model" }
    var output: String { root + "/output" }
    var outputData: String { root + "/output/data" }
    var outputIntermediate: String { root + "/output/intermediate" }
    var noticeFile: String { root + "/" + Self.noticeName }

    /// `/opt/ml/…` as this machine has it; any other text unchanged.
    func relocated(_ text: String) -> String {
        if text == Self.containerRoot { return root }
        guard text.hasPrefix(Self.containerRoot + "/") else { return text }
        return root + text.dropFirst(Self.containerRoot.count)
    }

    /// Makes the layout for an order. May be repeated.
    func prepare(for order: AgentOrder) throws {
        let files = FileManager.default
        for directory in [inputConfig, inputData, model, outputData, outputIntermediate] {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        try link(code, to: order.sourceDirectory)
        for channel in order.job.inputChannels { try link(inputData + "/" + channel.name, to: channel.path) }
        let hyperparameters = JSONValue.object(
            Dictionary(uniqueKeysWithValues: order.job.hyperparameters.map { ($0.name, .string($0.json)) }))
        try write(hyperparameters, to: "hyperparameters.json")
        try write(resourceConfig(order.launch.offer.instanceType), to: "resourceconfig.json")
        try write(inputDataConfig(order.job.inputChannels), to: "inputdataconfig.json")
    }

    func resourceConfig(_ instanceType: String) -> JSONValue {
        .object([
            "current_host": "algo-1", "current_instance_type": .string(instanceType),
            "current_group_name": "homogeneousCluster", "hosts": ["algo-1"],
            "instance_groups": [instanceGroup(instanceType)], "network_interface_name": "eth0",
        ])
    }

    func instanceGroup(_ instanceType: String) -> JSONValue {
        .object([
            "instance_group_name": "homogeneousCluster", "instance_type": .string(instanceType), "hosts": ["algo-1"],
        ])
    }

    func inputDataConfig(_ channels: [InputChannel]) -> JSONValue {
        let settings: JSONValue = .object([
            "TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None",
        ])
        return .object(Dictionary(uniqueKeysWithValues: channels.map { ($0.name, settings) }))
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
