// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A job file and its market, made for one test. At a scale of 3600 an hour of the night is a second.
struct TestJob {
    var name = "tiny"
    var epochs = 20
    /// Hashes an epoch: about 70 ms on a common core.
    var work = 180_000
    var hyperparameters: [String: String] = [:]
    var policy = "greedy"
    var start = "12:00"
    /// 23 hours later, so that no amount of killing makes a night late.
    var deadline = "11:00"
    var expectedRuntime = "3 h"
    var maxRun = "22 h"
    var maxWait = "23 h"
    var restartOverhead = "40 min"
    var onDemandWait = "60 min"
    var budget: String?
    var spotPrice = "3.000000"
    var onDemandPrice = "10.000000"
    /// The whole `available` list of the market file.
    var spot = "[{\"fromMinute\": 0, \"untilMinute\": 3000}]"
    var spotPriceChanges = "[]"
    var onDemandWaitMinutes = "[20, 40, 60]"
    var checkpointUri = "checkpoints"
    /// A metric for the loss besides the one for progress.
    var tellsLoss = false
    /// The group `tripwires`, as it is written on one line.
    var tripwires: String?
    /// The value of `publish`.
    var publish: String?

    var yaml: String {
        let values = (["epochs": "\(epochs)", "work": "\(work)"].merging(hyperparameters) { $1 })
            .sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
        return """
            name: \(name)
            entryPoint: train.py
            sourceDir: code
            hyperparameters:
            \(values)\(publish.map { "publish: \($0)\n" } ?? "")outputPath: models
            checkpointUri: \(checkpointUri)
            checkpointInterval: 10 min
            metricDefinitions:
              - {name: epoch, regex: 'epoch=([0-9.]+)'}
            \(tellsLoss ? "  - {name: loss, regex: 'loss=([0-9.]+)'}\n" : "")progress: {metric: epoch, total: \(epochs)}
            schedule: {start: "\(start)", deadline: "\(deadline)", timeZone: UTC}
            expectedRuntime: \(expectedRuntime)
            maxRun: \(maxRun)
            maxWait: \(maxWait)
            restartOverhead: \(restartOverhead)
            onDemandWait: \(onDemandWait)
            uploadTime: 10 min
            safetyMargin: 20 min
            policy: \(policy)
            \(tripwires.map { "tripwires: \($0)\n" } ?? "")\(budget.map { "budgetPerNight: \($0)\n" } ?? "")offers:
              - backend: local
                instanceTypes: [ml.p4d.24xlarge]
                region: eu-west-1
                zones: [eu-west-1a]
                purchaseOptions: [\(policy == "on-demand" ? "on-demand" : "spot, on-demand")]
            market: market.json

            """
    }

    var market: String {
        """
        {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "made for a test",
         "offers": [
          {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "spot",
           "pricePerHour": "\(spotPrice)", "priceChanges": \(spotPriceChanges), "available": \(spot)},
          {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "on-demand",
           "pricePerHour": "\(onDemandPrice)", "waitMinutes": \(onDemandWaitMinutes)}
         ]}
        """
    }
}
