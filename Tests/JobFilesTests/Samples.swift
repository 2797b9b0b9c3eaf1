// SPDX-License-Identifier: Apache-2.0

@testable import JobFiles

enum Samples {
    /// Every key once; line numbers in the tests count from here.
    static let whole = """
        name: recommender
        entryPoint: train.py
        sourceDir: src
        interpreter: python3
        hyperparameters: {epochs: 20, learning-rate: 0.05}
        environment: {OMP_NUM_THREADS: "1"}
        inputs: {train: data/train}
        checkpointLocalPath: /opt/ml/checkpoints
        checkpointUri: .nightshift/checkpoints
        checkpointInterval: 12 min
        checkpointSize: 2 MB
        checkpointKeep: 3
        outputPath: models
        schedule:
          start: "00:00"
          deadline: "08:00"
          timeZone: Europe/Dublin
        expectedRuntime: 4 h
        maxRun: 6 h
        maxWait: 9 h
        budgetPerNight: 120 USD
        metricDefinitions:
          - {name: epoch, regex: 'epoch=([0-9.]+)'}
        progress: {metric: epoch, total: 20}
        restartOverhead: 10 min
        onDemandWait: 20 min
        uploadTime: 4 min
        safetyMargin: 15 min
        failureCost: 0 USD
        policy: greedy
        offers:
          - backend: local
            instanceTypes: [ml.p4d.24xlarge]
            region: eu-west-1
            zones: [eu-west-1a, eu-west-1b]
            purchaseOptions: [spot, on-demand]
        market: market.json

        """

    /// Only what must be there.
    static let least = """
        name: small
        entryPoint: train.py
        checkpointInterval: 5 min
        schedule: {start: 22:00, deadline: 06:00, timeZone: UTC}
        expectedRuntime: 1 h
        maxRun: 2 h
        maxWait: 8 h
        progress: {checkpointName: 'checkpoint-(\\d+)', total: 4000}
        restartOverhead: 0 s
        onDemandWait: 0 s
        uploadTime: 0 s
        safetyMargin: 0 s
        policy: on-demand
        offers:
          - {backend: local, instanceTypes: [m], region: r, zones: [r-a], purchaseOptions: [on-demand]}
        market: market.json

        """

    /// The whole sample with the line that begins with `key` replaced; an empty replacement takes it out.
    static func whole(_ key: String, _ line: String) -> String {
        var lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let index = lines.firstIndex(where: { $0.hasPrefix(key) }) else {
            preconditionFailure("no line begins with \(key)")
        }
        lines[index] = line
        return lines.joined(separator: "\n")
    }

    /// Errors and warnings of a text, in the order in which they are printed.
    static func problems(_ text: String) -> [JobProblem] {
        do throws(JobFileError) {
            return try JobFile.parse(text: text, path: "/jobs/nightshift.yaml").warnings.map(short)
        } catch {
            return error.problems.map(short)
        }
    }

    private static func short(_ problem: JobProblem) -> JobProblem {
        var problem = problem
        problem.file = "nightshift.yaml"
        return problem
    }
}
