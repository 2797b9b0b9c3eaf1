// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The arguments of CreateTrainingJob, as the SageMaker SDK sends them for a script (`docs/export.md`).
struct TrainingRequest {
    let stack: TrainingStack

    /// `name` and the limits may be expressions.
    func arguments(name: ExportedJSON, stoppingCondition: ExportedJSON, isSpot: Bool) -> ExportedJSON {
        let job = stack.job
        var request: [String: ExportedJSON] = [
            "AlgorithmSpecification": algorithm,
            "CheckpointConfig": ["LocalPath": .text(job.checkpoint.localPath), "S3Uri": checkpoints],
            "EnableManagedSpotTraining": .bool(isSpot),
            "HyperParameters": .object(hyperparameters),
            "OutputDataConfig": ["S3OutputPath": .text(stack.outputUri)],
            "ResourceConfig": [
                "InstanceCount": 1, "InstanceType": .text(stack.instanceType),
                "VolumeSizeInGB": .number(stack.volumeGigabytes),
            ],
            "RoleArn": .text(stack.role.arn),
            "StoppingCondition": stoppingCondition,
            "Tags": [
                ["Key": "nightshift:job", "Value": .text(job.name)],
                ["Key": "nightshift:night", "Value": "{% $night %}"],
            ],
            "TrainingJobName": name,
        ]
        if !stack.channels.isEmpty { request["InputDataConfig"] = .list(stack.channels.map(channel)) }
        // The checkpoint variable that scripts ask for; the toolkit does not set it.
        let environment = ["SM_CHECKPOINT_DIR": job.checkpoint.localPath].merging(job.environment) { $1 }
        request["Environment"] = .object(environment.mapValues(ExportedJSON.text))
        return .object(request)
    }

    /// Of this night alone: a night must not take yesterday's finished training for its own.
    private var checkpoints: ExportedJSON { .text("{% '\(stack.checkpointUri)/' & $night %}") }

    private var algorithm: ExportedJSON {
        var members: [String: ExportedJSON] = [
            "TrainingImage": .text(stack.trainingImage), "TrainingInputMode": "File",
        ]
        if !stack.job.metricDefinitions.isEmpty {
            members["MetricDefinitions"] = .list(
                stack.job.metricDefinitions.map { ["Name": .text($0.name), "Regex": .text($0.regex)] })
        }
        return .object(members)
    }

    /// The job's own, and those by which script mode finds the script; each value is JSON text.
    private var hyperparameters: [String: ExportedJSON] {
        var values: [String: ExportedJSON] = [
            "sagemaker_container_log_level": "20",
            "sagemaker_program": .text(ExportedJSON.quoted(stack.job.entryPoint)),
            "sagemaker_region": .text(ExportedJSON.quoted(stack.region)),
            "sagemaker_submit_directory": .text(ExportedJSON.quoted(stack.codeUri)),
        ]
        for parameter in stack.job.hyperparameters { values[parameter.name] = .text(parameter.json) }
        return values
    }

    private func channel(_ channel: TrainingStack.Channel) -> ExportedJSON {
        [
            "ChannelName": .text(channel.name),
            "DataSource": [
                "S3DataSource": [
                    "S3DataDistributionType": "FullyReplicated", "S3DataType": "S3Prefix", "S3Uri": .text(channel.uri),
                ]
            ],
        ]
    }
}
