// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent
package import TrainingJobs

/// A `CreateTrainingJob` that the service takes.
package struct TrainingJobRequest: Hashable, Sendable {
    package struct Channel: Hashable, Sendable {
        package var mode: ScriptMode.Channel
        package var s3DataType: String?
        package var s3Uri: String?
        package var isGzip: Bool
    }

    package struct Checkpoints: Hashable, Sendable {
        package var s3Uri: String
        package var localPath: String
    }

    /// As sent, with members that the stage does not know.
    package let body: JSONValue
    package let name: String
    package let instanceType: String
    package let hyperparameters: [Hyperparameter]
    package let environment: [String: String]
    package let channels: [Channel]
    package let outputPath: String
    package let checkpoints: Checkpoints?
    package let isSpot: Bool

    /// Throws all that is wrong with its shape at once, or else what is wrong with its sense.
    package init(_ body: JSONValue) throws(ServiceFault) {
        try RequestShapes.createTrainingJob.check(body)
        if let problem = Self.problem(of: body) { throw .validation(problem) }
        self.body = body
        name = body["TrainingJobName"]?.text ?? ""
        instanceType = body["ResourceConfig"]?["InstanceType"]?.text ?? ""
        let texts = body["HyperParameters"]?.members ?? [:]
        hyperparameters = texts.sorted { $0.key < $1.key }
            .map { Hyperparameter(name: $0.key, json: $0.value.text ?? "") }
        environment = (body["Environment"]?.members ?? [:]).compactMapValues(\.text)
        let inputMode = body["AlgorithmSpecification"]?["TrainingInputMode"]?.text ?? "File"
        channels = (body["InputDataConfig"]?.elements ?? []).map { Self.channel($0, inputMode: inputMode) }
        outputPath = body["OutputDataConfig"]?["S3OutputPath"]?.text ?? ""
        checkpoints = body["CheckpointConfig"].map { config in
            Checkpoints(
                s3Uri: config["S3Uri"]?.text ?? "", localPath: config["LocalPath"]?.text ?? "/opt/ml/checkpoints")
        }
        isSpot = body["EnableManagedSpotTraining"]?.flag ?? false
    }

    /// A hyperparameter of the toolkit's own, decoded.
    package func toolkitText(_ name: String) -> String? {
        hyperparameters.first { $0.name == "sagemaker_" + name }.map { JSONValue(jsonOrText: $0.json).argument }
    }

    package var terms: StageJob.Terms {
        let condition = body["StoppingCondition"]
        func seconds(_ name: String) -> Duration? {
            condition?[name]?.whole.map { .seconds(min($0, Self.mostSeconds)) }
        }
        return StageJob.Terms(
            instanceType: instanceType, purchase: isSpot ? .spot : .onDemand,
            maxRuntime: seconds("MaxRuntimeInSeconds") ?? .seconds(Self.defaultMaxRuntime),
            maxWait: isSpot ? seconds("MaxWaitTimeInSeconds") : nil,
            maxPending: seconds("MaxPendingTimeInSeconds") ?? .seconds(7200),
            retries: body["RetryStrategy"]?["MaximumRetryAttempts"]?.whole ?? 0)
    }

    /// Source: the documentation of `StoppingCondition`: one day where nothing is given.
    package static let defaultMaxRuntime = 86400
    /// 28 days, the longest that the platform allows; more would only overflow.
    private static let mostSeconds = 2_419_200

    private static func channel(_ channel: JSONValue, inputMode: String) -> Channel {
        let source = channel["DataSource"]?["S3DataSource"]
        return Channel(
            mode: ScriptMode.Channel(
                name: channel["ChannelName"]?.text ?? "", inputMode: channel["InputMode"]?.text ?? inputMode,
                distribution: source?["S3DataDistributionType"]?.text ?? "FullyReplicated",
                recordWrapper: channel["RecordWrapperType"]?.text ?? "None",
                contentType: channel["ContentType"]?.text),
            s3DataType: source?["S3DataType"]?.text, s3Uri: source?["S3Uri"]?.text,
            isGzip: channel["CompressionType"]?.text == "Gzip")
    }

    /// What no shape can say, in the order in which it is looked at; the service tells one at a time.
    private static func problem(of body: JSONValue) -> String? {
        let resources = body["ResourceConfig"]
        for (member, place) in [("InstanceType", "instanceType"), ("InstanceCount", "instanceCount")]
        where resources?[member] == nil {
            return "1 validation error detected: Value null at 'resourceConfig.\(place)' failed to satisfy constraint: "
                + "Member must not be null"
        }
        if resources?["InstanceCount"]?.whole == 0 {
            return "Invalid InstanceCount. It must be at least 1"
        }
        let names = (body["InputDataConfig"]?.elements ?? []).compactMap { $0["ChannelName"]?.text }
        let twice = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.min()
        if let twice {
            return "Duplicate channel name: \(twice)"
        }
        let algorithm = body["AlgorithmSpecification"]
        if algorithm?["TrainingImage"] == nil, algorithm?["AlgorithmName"] == nil {
            return "No training image or algorithm name was provided"
        }
        let condition = body["StoppingCondition"]
        let wait = condition?["MaxWaitTimeInSeconds"]?.whole
        let runtime = condition?["MaxRuntimeInSeconds"]?.whole ?? defaultMaxRuntime
        let isSpot = body["EnableManagedSpotTraining"]?.flag ?? false
        if !isSpot, wait != nil {
            return "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true"
        }
        if isSpot, wait ?? 0 < runtime {
            return "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to "
                + "MaxRuntimeInSeconds when EnableManagedSpotTraining is set to true"
        }
        return nil
    }
}
