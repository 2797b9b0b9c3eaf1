// SPDX-License-Identifier: Apache-2.0

import Foundation
import PublishedModels
import TrainingAgent
import TrainingJobs

/// What is published of a script's work.
extension StageMachine {
    func upload(withModel: Bool) async -> StageJob.Event {
        do {
            guard let prefix = S3Place(job.outputPrefix) else {
                throw ScriptPlan.Refused(description: "\(job.request.outputPath) is no s3:// place")
            }
            var artifacts: String?
            if withModel { artifacts = try await publishModel(to: prefix) }
            let (output, outbox, buckets) = (disk.layout.outputData, disk.outbox, buckets)
            try await blocking {
                guard try !FileManager.default.contentsOfDirectory(atPath: output).isEmpty else { return }
                let archive = outbox + "/output.tar.gz"
                try ModelPacker.pack(output, to: archive) { false }
                let place = prefix.appending("output.tar.gz")
                try buckets.put(file: archive, bucket: place.bucket, key: place.key)
            }
            return .uploaded(number, modelArtifacts: artifacts, failure: nil)
        } catch {
            log("stage: the results were not uploaded: \(error)")
            return .uploaded(number, modelArtifacts: nil, failure: "ClientError: Artifact upload failed: \(error)")
        }
    }

    private func publishModel(to prefix: S3Place) async throws -> String {
        let (model, outbox, buckets, log) = (disk.layout.model, disk.outbox, buckets, log)
        let isPlain = job.request.body["OutputDataConfig"]?["CompressionType"]?.text == "NONE"
        return try await blocking {
            if try FileManager.default.contentsOfDirectory(atPath: model).isEmpty {
                log("stage: the script left nothing in SM_MODEL_DIR, so the model is an empty archive")
            }
            if isPlain {
                var mirror = CheckpointMirror(
                    buckets: buckets, place: prefix.appending("model"), directory: model, outbox: outbox)
                _ = try mirror.sync()
                return prefix.appending("model/").description
            }
            let archive = outbox + "/model.tar.gz"
            try ModelPacker.pack(model, to: archive) { false }
            let place = prefix.appending("model.tar.gz")
            try buckets.put(file: archive, bucket: place.bucket, key: place.key)
            return place.description
        }
    }
}
