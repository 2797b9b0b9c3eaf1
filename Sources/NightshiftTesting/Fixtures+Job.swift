// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension Fixtures {
    /// A job with the terms above; its paths lead nowhere.
    package static let job = TrainingJob(
        name: "recommender", entryPoint: "train.py", sourceDirectory: "/nowhere/source", interpreter: ["python3"],
        hyperparameters: [Hyperparameter(name: "epochs", json: "20")], environment: [:],
        inputChannels: [InputChannel(name: "train", path: "/nowhere/data")],
        checkpoint: CheckpointSettings(
            localPath: "/opt/ml/checkpoints", uri: "/nowhere/checkpoints", interval: .minutes(12),
            expectedBytes: nil, keep: 3),
        outputPath: "/nowhere/models",
        schedule: NightSchedule(startMinutes: 0, deadlineMinutes: 480, timeZone: "Europe/Dublin"),
        expectedRuntime: .hours(4), maxRun: .hours(9), maxWait: .hours(10), budgetPerNight: nil,
        metricDefinitions: [MetricDefinition(name: "epoch", regex: "epoch=([0-9.]+)")],
        progress: .metric(name: "epoch", total: 20), restartOverhead: .minutes(10), onDemandWait: .minutes(20),
        uploadTime: .minutes(4), safetyMargin: .minutes(15), failureCost: nil, policy: .greedy,
        offers: [spot, onDemand], market: nil)
}
