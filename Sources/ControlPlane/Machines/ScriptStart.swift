// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import TrainingAgent
import TrainingJobs

/// The command line, the variables and the packages of a job's script.
struct ScriptStart {
    let plan: ScriptPlan
    let mode: ScriptMode
    let environment: [String: String]
    let python: String
    let warnings: [String]
    private let disk: MachineDisk

    init(plan: ScriptPlan, machine: StageMachine) throws {
        self.plan = plan
        disk = machine.disk
        let (request, layout, settings) = (machine.job.request, machine.disk.layout, machine.settings)
        let place: String
        switch plan.source {
        case .archive(let archive): place = archive.description
        case .channel: place = layout.code
        }
        mode = ScriptMode(
            entryPoint: plan.entryPoint, moduleDirectory: place, instanceType: request.instanceType,
            hyperparameters: request.hyperparameters, channels: request.channels.map(\.mode),
            frameworkModule: Self.frameworkModule(request.body["AlgorithmSpecification"]?["TrainingImage"]?.text),
            layout: layout)
        python = try Executable.find(settings.python, path: settings.environment["PATH"] ?? "/usr/bin:/bin")

        var variables = settings.environment.merging(mode.variables) { $1 }
        variables["TRAINING_JOB_NAME"] = request.name
        variables["TRAINING_JOB_ARN"] = machine.job.arn
        variables["SAGEMAKER_JOB_NAME"] = request.name
        variables["SAGEMAKER_REGION"] = machine.region
        variables["AWS_REGION"] = machine.region
        variables["CURRENT_HOST"] = "algo-1"
        variables["SAGEMAKER_BASE_DIR"] = layout.root
        variables["SM_CHECKPOINT_DIR"] = layout.checkpoints
        variables["PYTHONUNBUFFERED"] = "1"
        variables["PYTHONPATH"] = [layout.code, variables["PYTHONPATH"]].compactMap { $0 }.joined(separator: ":")
        variables["MASTER_ADDR"] = "127.0.0.1"
        variables["MASTER_PORT"] = "7777"
        for (name, value) in request.environment { variables[name] = layout.relocated(value) }
        variables[MachineDisk.marker] = machine.disk.path
        environment = variables
        warnings = Self.warnings(request, layout)
    }

    func words(python: String) -> [String] {
        plan.words(python: python, arguments: mode.userArguments, code: disk.layout.code)
    }

    /// Installs what the source asks for, into an environment of the machine's own; answers the failure, if any.
    func installPackages(
        run: ([String], [String: String], LogTail) async throws -> ExitStatus?, python: inout String
    ) async throws -> String? {
        let files = FileManager.default
        let requirements = disk.layout.code + "/" + plan.requirements
        var steps: [(kind: String, words: [String])] = []
        let own = PythonPackages.python(in: disk.python)
        if files.fileExists(atPath: requirements) {
            steps.append(("InstallRequirementsError", PythonPackages.install(python: own, requirements: requirements)))
        }
        if files.fileExists(atPath: disk.layout.code + "/setup.py") {
            steps.append(("InstallModuleError", PythonPackages.installPackage(python: own)))
        }
        guard !steps.isEmpty else { return nil }
        steps.insert(
            ("InstallRequirementsError", PythonPackages.makeEnvironment(python: python, at: disk.python)), at: 0)
        for (kind, words) in steps {
            let tail = LogTail()
            let status = try await run(words, environment, tail)
            guard let status else { return "the machine was told to end before the script began" }
            guard status.isSuccess else {
                return
                    "AlgorithmError: \(kind):\nExitCode 1\nErrorMessage \"\(FailureWords.errorMessage(tail.lines))\"\n"
                    + "Command \"\(words.joined(separator: " "))\", exit code: 1"
            }
        }
        python = own
        return nil
    }

    /// Source: the entry points that the frameworks' containers name.
    private static func frameworkModule(_ image: String?) -> String? {
        for name in ["pytorch", "tensorflow", "mxnet"] where image?.contains(name + "-training") == true {
            return "sagemaker_\(name)_container.training:main"
        }
        return nil
    }

    private static func warnings(_ request: TrainingJobRequest, _ layout: TrainingLayout) -> [String] {
        var warnings: [String] = []
        let split = request.hyperparameters.filter { hyperparameter in
            !hyperparameter.name.hasPrefix("sagemaker_")
                && JSONValue(jsonOrText: hyperparameter.json).argument.contains { $0.isWhitespace }
        }
        if let first = split.first {
            warnings.append(
                "stage: the value of hyperparameter \(first.name) holds a space; PyTorch's container on SageMaker would "
                    + "split it into several words, here it stays one")
        }
        let places = ScriptPlan.hardCodedPaths(in: layout.code)
        if !places.isEmpty {
            warnings.append(
                "stage: \(places.joined(separator: ", ")) names /opt/ml/… in so many words; on this machine those "
                    + "directories are elsewhere: read SM_MODEL_DIR, SM_CHANNEL_…, SM_OUTPUT_DATA_DIR and "
                    + "SM_CHECKPOINT_DIR instead, with the /opt/ml path as the default")
        }
        return warnings
    }
}
