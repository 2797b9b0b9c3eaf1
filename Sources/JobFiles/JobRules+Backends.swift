// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension JobRules {
    /// What the backend of the offers asks of the other keys. One job has offers of one backend.
    mutating func backends() {
        let entries = values.groups("offers")
        let backends = entries.compactMap { $0.text("backend") }
        guard let backend = backends.first else { return }
        for (index, entry) in entries.enumerated() {
            guard let other = entry.text("backend"), other != backend else { continue }
            note(.severalBackends(backend, other), at: entry.place("backend"), key: "offers[\(index)].backend")
        }
        if backend == "local" {
            if !isWritten("market") {
                note(.missingKey(name: "market", example: "market: market.json"), at: root, key: "")
            }
        } else if !isWritten("sageMaker") {
            note(.missingKey(name: "sageMaker", example: "sageMaker: \(JobKeys.sageMaker.example)"), at: root, key: "")
        }
        for name in ["checkpointUri", "outputPath"] {
            guard let place = values.text(name) else { continue }
            check(place, at: values.place(name), key: name, backend)
        }
        for pair in values.pairs("inputs") {
            check(pair.value, at: pair.place, key: "inputs.\(JobReader.shown(pair.name))", backend)
        }
        guard backend == "sagemaker" else { return }
        for (index, entry) in entries.enumerated() {
            for (position, type) in entry.texts("instanceTypes").enumerated() where !type.text.hasPrefix("ml.") {
                note(
                    .badValue(written: type.text, expected: "one of SageMaker's types", example: "ml.\(type.text)"),
                    at: type.place, key: "offers[\(index)].instanceTypes[\(position)]")
            }
        }
        for pair in values.pairs("hyperparameters") where pair.name.hasPrefix("sagemaker_") {
            note(.reservedName(name: pair.name), at: pair.place, key: "hyperparameters.\(pair.name)")
        }
    }

    private mutating func check(_ written: String, at place: JobPlace?, key: String, _ backend: String) {
        let isBucket = written.hasPrefix("s3://")
        if backend == "sagemaker", !isBucket {
            note(
                .badValue(
                    written: written, expected: "an s3:// address, as SageMaker needs",
                    example: "s3://my-bucket/recommender"), at: place, key: key)
        }
        if backend == "local", isBucket {
            note(.notInThisVersion(written: "s3://", instead: "a directory or file://"), at: place, key: key)
        }
    }
}
