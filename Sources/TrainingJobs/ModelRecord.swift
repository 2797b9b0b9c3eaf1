// SPDX-License-Identifier: Apache-2.0

/// What is known about one night's model, kept beside it as `model.json` (`docs/model-files.md`).
package struct ModelRecord: Codable, Hashable, Sendable {
    package static let format = "nightshift-model"
    package static let version = 1

    package struct Model: Codable, Hashable, Sendable {
        package var digest: String
        package var bytes: Int64
        package var files: Int

        package init(digest: String, bytes: Int64, files: Int) {
            self.digest = digest
            self.bytes = bytes
            self.files = files
        }
    }

    package struct Parameter: Codable, Hashable, Sendable {
        package var name: String
        /// JSON text; `nil` where the name looks like a secret's.
        package var json: String?

        package init(name: String, json: String?) {
            self.name = name
            self.json = json
        }
    }

    /// The last value that was logged.
    package struct Metric: Codable, Hashable, Sendable {
        package var name: String
        package var value: Double
        package var at: Instant
        package var attempt: Int

        package init(name: String, value: Double, at: Instant, attempt: Int) {
            self.name = name
            self.value = value
            self.at = at
            self.attempt = attempt
        }
    }

    /// The last thing that was logged, where it is `nan` or an infinity: JSON has no number for it.
    package struct NotFinite: Codable, Hashable, Sendable {
        package var name: String
        /// The word that was logged.
        package var text: String
        package var at: Instant
        package var attempt: Int

        package init(name: String, text: String, at: Instant, attempt: Int) {
            self.name = name
            self.text = text
            self.at = at
            self.attempt = attempt
        }
    }

    package struct Pack: Codable, Hashable, Sendable {
        package var bytes: Int64
        package var sha256: String

        package init(bytes: Int64, sha256: String) {
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    package enum Decision: Codable, Hashable, Sendable {
        /// The gate has not been asked, or has not answered.
        case undecided
        /// Put into service then, by the night or by a person. Whether it still is, the pointer says.
        case published(at: Instant, byPerson: Bool)
        case keptBack(KeptBack)
    }

    package private(set) var format = Self.format
    package private(set) var version = Self.version
    package var night: String
    package var job: String
    package var model: Model
    package var pack: Pack?
    package var readyAt: Instant
    /// Of the source snapshot; `nil` where that has links to directories.
    package var sourceDigest: String?
    package var hyperparameters: [Parameter]
    package var lineage: ModelLineage
    package var metrics: [Metric]
    /// Metrics that are not in `metrics`; `nil` when there are none.
    package var notFinite: [NotFinite]?
    package var cost: Money
    package var baseline: Money?
    package var baselineMeasured: Bool
    /// What the gate looked at when it passed, in words.
    package var gate: String?
    package var decision: Decision
    /// The night whose model was in service before; a rollback goes there.
    package var replaces: String?

    package init(
        order: PublicationOrder, files: Int, sourceDigest: String?, hyperparameters: [Parameter], metrics: [Metric]
    ) {
        night = order.night
        job = order.job
        model = Model(digest: order.model.digest, bytes: order.model.bytes, files: files)
        readyAt = order.model.at
        self.sourceDigest = sourceDigest
        self.hyperparameters = hyperparameters
        lineage = order.lineage
        self.metrics = metrics
        cost = order.cost
        baseline = order.baseline
        baselineMeasured = order.baselineMeasured
        decision = .undecided
    }

    /// Not a number or an infinity where the last thing logged was one.
    package func value(of metric: String) -> Double? {
        if let word = notFinite?.first(where: { $0.name == metric })?.text { return Double(word) ?? .nan }
        return metrics.first { $0.name == metric }?.value
    }
}
