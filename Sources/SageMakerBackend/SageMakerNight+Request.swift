// SPDX-License-Identifier: Apache-2.0

import AWSClient
import TrainingJobs

extension SageMakerNight {
    /// What is asked of SageMaker for an order that has so much time left.
    func request(_ order: LaunchOrder, timeLeft: Duration) -> TrainingJobRequest {
        let isSpot = order.offer.purchase == .spot
        let seconds = max(1, Int(timeLeft.milliseconds / 1000))
        let run = min(seconds, max(1, Int(job.maxRun.milliseconds / 1000)))
        return TrainingJobRequest(
            trainingJobName: jobName(order.key), roleArn: settings.roleArn,
            algorithmSpecification: SageMaker.AlgorithmSpecification(
                trainingImage: settings.trainingImage, trainingInputMode: "File",
                metricDefinitions: job.metricDefinitions.map { .init(name: $0.name, regex: $0.regex) }),
            hyperParameters: hyperParameters(order),
            inputDataConfig: job.inputChannels.isEmpty
                ? nil
                : job.inputChannels.map { channel in
                    SageMaker.Channel(
                        channelName: channel.name,
                        dataSource: .init(
                            s3DataSource: .init(
                                s3DataType: "S3Prefix", s3Uri: channel.path, s3DataDistributionType: "FullyReplicated"))
                    )
                },
            outputDataConfig: .init(s3OutputPath: output.uri + "/"),
            resourceConfig: .init(
                instanceType: order.offer.instanceType, instanceCount: 1, volumeSizeInGB: settings.volumeGigabytes),
            // Waiting for Spot is part of MaxWait. On-demand has a limit of its own for it, of two hours at least.
            stoppingCondition: .init(
                maxRuntimeInSeconds: run, maxWaitTimeInSeconds: isSpot ? seconds : nil,
                maxPendingTimeInSeconds: isSpot ? nil : max(7200, seconds)),
            tags: [
                .init(key: JobTag.epoch, value: String(order.epoch)), .init(key: JobTag.job, value: job.name),
                .init(key: JobTag.night, value: night), .init(key: JobTag.owner, value: owner),
            ],
            enableManagedSpotTraining: isSpot ? true : nil,
            checkpointConfig: .init(s3Uri: checkpoints.uri + "/", localPath: job.checkpoint.localPath),
            environment: environment(order))
    }

    /// As SageMaker's SDK sends them: each value as JSON, its own ones too.
    private func hyperParameters(_ order: LaunchOrder) -> [String: String] {
        var parameters: [String: String] = [:]
        for parameter in job.hyperparameters { parameters[parameter.name] = parameter.json }
        parameters["sagemaker_submit_directory"] = Self.json(code.uri)
        parameters["sagemaker_program"] = Self.json(job.entryPoint)
        parameters["sagemaker_container_log_level"] = "20"
        parameters["sagemaker_job_name"] = Self.json(jobName(order.key))
        parameters["sagemaker_region"] = Self.json(order.offer.region)
        return parameters
    }

    /// SageMaker's containers do not tell scripts where checkpoints are; the same variables as on other backends do.
    private func environment(_ order: LaunchOrder) -> [String: String] {
        job.environment.merging([
            "SM_CHECKPOINT_DIR": job.checkpoint.localPath, "NIGHTSHIFT_ATTEMPT": String(order.epoch),
            "NIGHTSHIFT_DEADLINE": deadline.iso8601,
        ]) { $1 }
    }

    private static func json(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Whether a training job is what was asked for with this order.
    func agrees(_ description: TrainingJobDescription, with order: LaunchOrder) -> Bool {
        description.resourceConfig?.instanceType == order.offer.instanceType
            && (description.enableManagedSpotTraining ?? false) == (order.offer.purchase == .spot)
    }
}
