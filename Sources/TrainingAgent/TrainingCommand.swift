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
        let mode = ScriptMode(order: order, layout: layout)
        let path = job.environment["PATH"] ?? inherited["PATH"] ?? "/usr/bin:/bin"
        executable = try Executable.find(job.interpreter.first ?? "", path: path)
        arguments = Array(job.interpreter.dropFirst()) + [job.entryPoint] + mode.userArguments

        var variables = inherited.merging(mode.variables) { $1 }
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
}

extension ScriptMode {
    init(order: AgentOrder, layout: TrainingLayout) {
        self.init(
            entryPoint: order.job.entryPoint, moduleDirectory: layout.code,
            instanceType: order.launch.offer.instanceType, hyperparameters: order.job.hyperparameters,
            channels: order.job.inputChannels.map { Channel(name: $0.name) }, frameworkModule: nil, layout: layout)
    }
}

/// Executables by their names, as a shell would find them, without a shell.
package enum Executable {
    package static func find(_ name: String, path: String) throws -> String {
        if name.contains("/") { return name }
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw InterpreterNotFound(name: name)
    }
}

package struct InterpreterNotFound: Error, CustomStringConvertible {
    package var name: String
    package var description: String { "the interpreter \"\(name)\" is not in PATH on the training machine" }
}
