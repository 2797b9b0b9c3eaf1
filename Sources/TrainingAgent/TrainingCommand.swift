// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingJobs

/// The command line and environment of the training process, as SageMaker's script mode would make them.
///
/// Unlike SageMaker's own PyTorch container, which joins the words into one shell string without quoting, each value
/// stays one word here.
struct TrainingCommand: Sendable {
    let executable: String
    let arguments: [String]
    let environment: [String: String]

    /// `inherited` is the machine's own environment; `resumeStep` is `nil` for a start from zero.
    init(order: AgentOrder, layout: TrainingLayout, inherited: [String: String], resumeStep: String?) throws {
        let job = order.job
        let values = job.hyperparameters
            .filter { !$0.name.hasPrefix("sagemaker_") && $0.name != "_tuning_objective_metric" }
            .map { (name: $0.name, value: JSONValue(jsonOrText: $0.json).relocated(by: layout)) }
            .sorted { $0.name < $1.name }
        let userArguments = values.flatMap { name, value in
            [name.count == 1 ? "-\(name)" : "--\(name)", value.argument]
        }
        let path = job.environment["PATH"] ?? inherited["PATH"] ?? "/usr/bin:/bin"
        executable = try Self.find(job.interpreter.first ?? "", path: path)
        arguments = Array(job.interpreter.dropFirst()) + [job.entryPoint] + userArguments

        var variables = inherited
        for (name, value) in Self.toolkitVariables(order, layout, values, userArguments) {
            variables["SM_" + name] = value
        }
        variables["TRAINING_JOB_NAME"] = order.launch.night
        variables["SAGEMAKER_JOB_NAME"] = order.launch.night
        variables["SAGEMAKER_REGION"] = order.launch.offer.region
        variables["AWS_REGION"] = order.launch.offer.region
        variables["CURRENT_HOST"] = "algo-1"
        variables["SAGEMAKER_BASE_DIR"] = layout.root
        variables["SM_CHECKPOINT_DIR"] = layout.checkpoints
        variables["PYTHONUNBUFFERED"] = "1"
        for (name, value) in job.environment { variables[name] = layout.relocated(value) }
        variables["NIGHTSHIFT_ATTEMPT"] = String(order.launch.epoch)
        variables["NIGHTSHIFT_DEADLINE"] = order.deadline.iso8601
        variables["NIGHTSHIFT_NOTICE_FILE"] = layout.noticeFile
        variables["NIGHTSHIFT_RESUME_STEP"] = resumeStep
        environment = variables
    }

    private static func toolkitVariables(
        _ order: AgentOrder, _ layout: TrainingLayout, _ values: [(name: String, value: JSONValue)],
        _ userArguments: [String]
    ) -> [String: String] {
        let job = order.job
        let instanceType = order.launch.offer.instanceType
        let group = layout.instanceGroup(instanceType)
        let hyperparameters = JSONValue.object(Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.value) }))
        let channels = job.inputChannels.map(\.name).sorted()
        let module = job.entryPoint.hasSuffix(".py") ? String(job.entryPoint.dropLast(3)) : job.entryPoint
        var variables: [String: JSONValue] = [
            "HOSTS": ["algo-1"], "CURRENT_HOST": "algo-1", "NETWORK_INTERFACE_NAME": "eth0",
            "CURRENT_INSTANCE_TYPE": .string(instanceType), "CURRENT_INSTANCE_GROUP": "homogeneousCluster",
            "CURRENT_INSTANCE_GROUP_HOSTS": ["algo-1"], "INSTANCE_GROUPS": ["homogeneousCluster"],
            "INSTANCE_GROUPS_DICT": .object(["homogeneousCluster": group]), "DISTRIBUTION_INSTANCE_GROUPS": [],
            "IS_HETERO": .bool(false), "HPS": hyperparameters, "USER_ARGS": .array(userArguments.map { .string($0) }),
            "USER_ENTRY_POINT": .string(job.entryPoint), "MODULE_NAME": .string(module),
            "MODULE_DIR": .string(layout.code), "FRAMEWORK_PARAMS": .object([:]), "FRAMEWORK_MODULE": .null,
            "RESOURCE_CONFIG": layout.resourceConfig(instanceType),
            "INPUT_DATA_CONFIG": layout.inputDataConfig(job.inputChannels),
            "CHANNELS": .array(channels.map { .string($0) }), "INPUT_DIR": .string(layout.input),
            "INPUT_CONFIG_DIR": .string(layout.inputConfig), "OUTPUT_DIR": .string(layout.output),
            "OUTPUT_DATA_DIR": .string(layout.outputData),
            "OUTPUT_INTERMEDIATE_DIR": .string(layout.outputIntermediate), "MODEL_DIR": .string(layout.model),
            "NUM_CPUS": .integer(String(max(1, ProcessInfo.processInfo.activeProcessorCount))),
            "NUM_GPUS": .integer("0"), "NUM_NEURONS": .integer("0"), "LOG_LEVEL": .integer("20"),
        ]
        for channel in channels {
            variables["CHANNEL_" + channel.uppercased()] = .string(layout.inputData + "/" + channel)
        }
        for (name, value) in values { variables["HP_" + name.uppercased()] = value }
        variables["TRAINING_ENV"] = .object(
            Dictionary(uniqueKeysWithValues: variables.map { ($0.key.lowercased(), $0.value) }))
        return variables.mapValues { value in
            switch value {
            case .string(let text): text
            case .null: ""
            case .bool, .integer, .number, .array, .object: value.compact
            }
        }
    }

    /// An executable by its name, as a shell would find it, without a shell.
    private static func find(_ name: String, path: String) throws -> String {
        if name.contains("/") { return name }
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw InterpreterNotFound(name: name)
    }
}

struct InterpreterNotFound: Error, CustomStringConvertible {
    var name: String
    var description: String { "the interpreter \"\(name)\" is not in PATH on the training machine" }
}

extension JSONValue {
    fileprivate func relocated(by layout: TrainingLayout) -> JSONValue {
        if case .string(let text) = self { .string(layout.relocated(text)) } else { self }
    }
}
