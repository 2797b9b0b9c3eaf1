// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import TrainingJobs

/// What SageMaker's training toolkit makes of a job: the words after the script's name, the `SM_*` variables, and the
/// files that a container finds.
///
/// Source: the toolkit's `environment`, `mapping` and `params` modules.
package struct ScriptMode: Sendable {
    package struct Channel: Hashable, Sendable {
        package var name: String
        package var inputMode: String
        package var distribution: String
        package var recordWrapper: String
        package var contentType: String?

        package init(
            name: String, inputMode: String = "File", distribution: String = "FullyReplicated",
            recordWrapper: String = "None", contentType: String? = nil
        ) {
            self.name = name
            self.inputMode = inputMode
            self.distribution = distribution
            self.recordWrapper = recordWrapper
            self.contentType = contentType
        }

        var settings: JSONValue {
            var members: [String: JSONValue] = [
                "TrainingInputMode": .string(inputMode), "S3DistributionType": .string(distribution),
                "RecordWrapperType": .string(recordWrapper),
            ]
            members["ContentType"] = contentType.map { .string($0) }
            return .object(members)
        }
    }

    package let entryPoint: String
    /// What `SM_MODULE_DIR` says: where the source came from.
    package let moduleDirectory: String
    package let instanceType: String
    /// As sent, `sagemaker_…` among them.
    package let hyperparameters: [Hyperparameter]
    package let channels: [Channel]
    package let frameworkModule: String?
    private let layout: TrainingLayout

    package init(
        entryPoint: String, moduleDirectory: String, instanceType: String, hyperparameters: [Hyperparameter],
        channels: [Channel], frameworkModule: String?, layout: TrainingLayout
    ) {
        self.entryPoint = entryPoint
        self.moduleDirectory = moduleDirectory
        self.instanceType = instanceType
        self.hyperparameters = hyperparameters
        self.channels = channels
        self.frameworkModule = frameworkModule
        self.layout = layout
    }

    /// `train` of `train.py`.
    package var moduleName: String { entryPoint.hasSuffix(".py") ? String(entryPoint.dropLast(3)) : entryPoint }

    /// The words that follow the script's name.
    package var userArguments: [String] {
        values.flatMap { name, value in [name.count == 1 ? "-\(name)" : "--\(name)", value.argument] }
    }

    /// Every `SM_*` variable by its whole name.
    package var variables: [String: String] {
        let values = values
        let names = channels.map(\.name).sorted()
        var variables: [String: JSONValue] = [
            "HOSTS": ["algo-1"], "CURRENT_HOST": "algo-1", "NETWORK_INTERFACE_NAME": "eth0",
            "CURRENT_INSTANCE_TYPE": .string(instanceType), "CURRENT_INSTANCE_GROUP": "homogeneousCluster",
            "CURRENT_INSTANCE_GROUP_HOSTS": ["algo-1"], "INSTANCE_GROUPS": ["homogeneousCluster"],
            "INSTANCE_GROUPS_DICT": .object(["homogeneousCluster": instanceGroup]),
            "DISTRIBUTION_INSTANCE_GROUPS": [], "IS_HETERO": .bool(false),
            "HPS": .object(Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.value) })),
            "USER_ARGS": .array(userArguments.map { .string($0) }), "USER_ENTRY_POINT": .string(entryPoint),
            "MODULE_NAME": .string(moduleName), "MODULE_DIR": .string(moduleDirectory),
            "FRAMEWORK_PARAMS": .object([:]), "FRAMEWORK_MODULE": frameworkModule.map { .string($0) } ?? .null,
            "RESOURCE_CONFIG": resourceConfig, "INPUT_DATA_CONFIG": inputDataConfig,
            "CHANNELS": .array(names.map { .string($0) }), "INPUT_DIR": .string(layout.input),
            "INPUT_CONFIG_DIR": .string(layout.inputConfig), "OUTPUT_DIR": .string(layout.output),
            "OUTPUT_DATA_DIR": .string(layout.outputData),
            "OUTPUT_INTERMEDIATE_DIR": .string(layout.outputIntermediate), "MODEL_DIR": .string(layout.model),
            "NUM_CPUS": .integer(String(max(1, ProcessInfo.processInfo.activeProcessorCount))),
            "NUM_GPUS": .integer("0"), "NUM_NEURONS": .integer("0"), "LOG_LEVEL": logLevel,
        ]
        for name in names { variables["CHANNEL_" + name.uppercased()] = .string(layout.inputData + "/" + name) }
        for (name, value) in values { variables["HP_" + name.uppercased()] = value }
        variables["TRAINING_ENV"] = .object(
            Dictionary(uniqueKeysWithValues: variables.map { ($0.key.lowercased(), $0.value) }))
        var texts: [String: String] = [:]
        for (name, value) in variables {
            switch value {
            case .string(let text): texts["SM_" + name] = text
            case .null: texts["SM_" + name] = ""
            case .bool, .integer, .number, .array, .object: texts["SM_" + name] = value.compact
            }
        }
        return texts
    }

    var resourceConfig: JSONValue {
        .object([
            "current_host": "algo-1", "current_instance_type": .string(instanceType),
            "current_group_name": "homogeneousCluster", "hosts": ["algo-1"], "instance_groups": [instanceGroup],
            "network_interface_name": "eth0",
        ])
    }

    var inputDataConfig: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: channels.map { ($0.name, $0.settings) }))
    }

    private var instanceGroup: JSONValue {
        .object([
            "instance_group_name": "homogeneousCluster", "instance_type": .string(instanceType), "hosts": ["algo-1"],
        ])
    }

    private var logLevel: JSONValue {
        let sent = hyperparameters.first { $0.name == "sagemaker_container_log_level" }
        return sent.map { JSONValue(jsonOrText: $0.json) } ?? .integer("20")
    }

    /// Those meant for the script, decoded, in order of their names; paths of the container are paths of this machine.
    private var values: [(name: String, value: JSONValue)] {
        hyperparameters
            .filter { !$0.name.hasPrefix("sagemaker_") && $0.name != "_tuning_objective_metric" }
            .map { hyperparameter in
                let value = JSONValue(jsonOrText: hyperparameter.json)
                guard case .string(let text) = value else { return (hyperparameter.name, value) }
                return (hyperparameter.name, .string(layout.relocated(text)))
            }
            .sorted { $0.0 < $1.0 }
    }
}
