// SPDX-License-Identifier: Apache-2.0

/// The job of these nights. At a scale of 360 ten seconds are an hour.
struct StageJobFile: Sendable {
    var epochs = 12
    var deadline = "06:00"
    var expectedRuntime = "40 min"
    /// Seconds an epoch, on the wall.
    var pace = 0.5

    var yaml: String {
        """
        name: points
        entryPoint: train.py
        sourceDir: code
        hyperparameters: {epochs: \(epochs), pace: \(pace)}
        inputs: {train: 's3://nights/train'}
        outputPath: s3://nights/models
        checkpointUri: s3://nights/checkpoints
        checkpointInterval: 5 min
        metricDefinitions:
          - {name: epoch, regex: 'epoch=([0-9.]+)'}
          - {name: loss, regex: 'loss=([0-9.]+)'}
        progress: {metric: epoch, total: \(epochs)}
        schedule: {start: "22:00", deadline: "\(deadline)", timeZone: UTC}
        expectedRuntime: \(expectedRuntime)
        maxRun: 6 h
        maxWait: 9 h
        restartOverhead: 30 min
        onDemandWait: 20 min
        uploadTime: 10 min
        safetyMargin: 20 min
        policy: greedy
        offers:
          - backend: sagemaker
            instanceTypes: [ml.p4d.24xlarge]
            region: eu-west-1
            zones: [any]
            purchaseOptions: [spot, on-demand]
        sageMaker:
          roleArn: arn:aws:iam::123456789012:role/nightshift-training
          trainingImage: pytorch-training:2.3
          spotDiscount: 60 %

        """
    }
}
