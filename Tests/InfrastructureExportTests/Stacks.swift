// SPDX-License-Identifier: Apache-2.0

import InfrastructureExport
import JobFiles
import TrainingJobs

/// The jobs that are exported here.
enum Stacks {
    /// Eight hours for four hours of work.
    static func job(schedule: String = #"{start: "00:00", deadline: "08:00", timeZone: UTC}"#, more: String = "") throws
        -> TrainingJob
    {
        try JobFile.parse(
            text: """
                name: recommender
                entryPoint: train.py
                hyperparameters: {epochs: 20, optimizer: adam, note: "${x} %{y}"}
                inputs: {train: data/train}
                checkpointInterval: 12 min
                schedule: \(schedule)
                expectedRuntime: 4 h
                maxRun: 8 h
                maxWait: 12 h
                restartOverhead: 10 min
                onDemandWait: 1 h
                uploadTime: 4 min
                safetyMargin: 15 min
                metricDefinitions:
                  - {name: epoch, regex: 'epoch=([0-9.]+)'}
                progress: {metric: epoch, total: 20}
                offers:
                  - backend: local
                    instanceTypes: [ml.p4d.24xlarge]
                    region: eu-west-1
                    zones: [eu-west-1a]
                    purchaseOptions: [spot, on-demand]
                market: market.json
                \(more)
                """, path: "/project/job.yaml"
        ).job
    }

    static var words: StackWords {
        var words = StackWords()
        words.roleArn = "arn:aws:iam::123456789012:role/training"
        words.trainingImage = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.3-gpu-py311"
        words.inputs = ["train=s3://bucket/train"]
        words.checkpointUri = "s3://bucket/checkpoints/"
        words.outputUri = "s3://bucket/models"
        return words
    }

    static func stack(_ job: TrainingJob? = nil, offsets: [UTCOffset]? = nil) throws -> TrainingStack {
        try StackReader.stack(
            of: job ?? self.job(), words, offsets: offsets ?? [UTCOffset(from: Instant(milliseconds: 0), seconds: 0)],
            version: "0.1.0")
    }
}
