// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent
package import TrainingJobs

/// A job as the service remembers it, and as it tells of it.
package struct StoredTrainingJob: Hashable, Sendable {
    package let request: TrainingJobRequest
    package let arn: String
    package var record: StageJobRecord
    /// In the order in which they were set.
    package var tags: [JSONValue]

    package init(request: TrainingJobRequest, arn: String, record: StageJobRecord, tags: [JSONValue]) {
        self.request = request
        self.arn = arn
        self.record = record
        self.tags = tags
    }

    package var name: String { request.name }

    /// The answer of `DescribeTrainingJob`: what was sent, members that the stage does not know among it, and what became
    /// of it. Members that clients read without asking are always there.
    package var description: JSONValue {
        var members = request.body.members ?? [:]
        members["Tags"] = nil
        members["TrainingJobArn"] = .string(arn)
        members["TrainingJobStatus"] = .string(record.status.rawValue)
        members["SecondaryStatus"] = .string(record.secondary.rawValue)
        members["SecondaryStatusTransitions"] = .array(record.transitions.map(\.description))
        members["ModelArtifacts"] = .object([
            "S3ModelArtifacts": .string(record.modelArtifacts ?? plannedModelArtifacts)
        ])
        members["CreationTime"] = record.created.epochSeconds
        members["LastModifiedTime"] = record.modified.epochSeconds
        members["TrainingStartTime"] = record.trainingStarted?.epochSeconds
        members["TrainingEndTime"] = record.ended?.epochSeconds
        members["FailureReason"] = record.failureReason.map { .string($0) }
        members["TrainingTimeInSeconds"] = record.trainingSeconds.map { .whole($0) }
        members["BillableTimeInSeconds"] = record.billableSeconds.map { .whole($0) }
        fill(&members, "OutputDataConfig", ["KmsKeyId": "", "CompressionType": "GZIP"])
        fill(&members, "StoppingCondition", ["MaxRuntimeInSeconds": .whole(TrainingJobRequest.defaultMaxRuntime)])
        fill(&members, "ResourceConfig", ["VolumeSizeInGB": .whole(30)])
        for name in [
            "EnableManagedSpotTraining", "EnableNetworkIsolation", "EnableInterContainerTrafficEncryption",
        ] where members[name] == nil {
            members[name] = .bool(false)
        }
        return .object(members)
    }

    /// One line of `ListTrainingJobs`.
    package var summary: JSONValue {
        .object([
            ("TrainingJobName", .string(name)), ("TrainingJobArn", .string(arn)),
            ("CreationTime", record.created.epochSeconds), ("LastModifiedTime", record.modified.epochSeconds),
            ("TrainingEndTime", record.ended?.epochSeconds),
            ("TrainingJobStatus", .string(record.status.rawValue)),
            ("SecondaryStatus", .string(record.secondary.rawValue)),
        ])
    }

    /// `<S3OutputPath>/<job>/output`, where model and output are published.
    package var outputPrefix: String {
        let path = request.outputPath
        return (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/\(name)/output"
    }

    /// Told before it exists, as the platform does.
    package var plannedModelArtifacts: String { outputPrefix + "/model.tar.gz" }

    private func fill(_ members: inout [String: JSONValue], _ name: String, _ defaults: [String: JSONValue]) {
        var inner = members[name]?.members ?? [:]
        inner.merge(defaults) { given, _ in given }
        members[name] = .object(inner)
    }
}

extension StageJobRecord.Transition {
    fileprivate var description: JSONValue {
        .object([
            ("Status", .string(status.rawValue)), ("StartTime", start.epochSeconds), ("EndTime", end?.epochSeconds),
            ("StatusMessage", .string(message)),
        ])
    }
}

extension Instant {
    /// As JSON services write times: seconds since 1970 with a fraction.
    package var epochSeconds: JSONValue { .number(Double(milliseconds) / 1000) }

    /// `nil` for what is no moment.
    package init?(epochSeconds seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        self.init(milliseconds: Int64((seconds * 1000).rounded()))
    }
}
