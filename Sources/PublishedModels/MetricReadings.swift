// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingAgent
import TrainingJobs

/// The last value of each metric among the files that a night's machines left.
struct MetricReadings {
    private let entries: [MetricEntry]

    /// Of two machines the later one counts, as far as the one that made the model; within a machine the later line.
    init(machines directory: String, upTo order: PublicationOrder) {
        var newest: [String: MetricEntry] = [:]
        let launches = order.lineage.attempts.map(\.launch) + [order.key]
        for launch in launches {
            // A machine that never logged a metric has an empty file or none.
            let data =
                FileManager.default.contents(atPath: "\(directory)/\(launch)/\(AgentOrder.metricsName)") ?? Data()
            for line in data.split(separator: UInt8(ascii: "\n")) {
                guard let entry = try? JSONDecoder().decode(MetricEntry.self, from: line) else { continue }  // torn
                guard entry.attempt <= order.epoch, entry.attempt >= newest[entry.name]?.attempt ?? 0 else { continue }
                guard entry.value != nil || entry.notFinite != nil else { continue }  // of another kind
                newest[entry.name] = entry
            }
        }
        entries = newest.values.sorted { $0.name < $1.name }
    }

    /// In order of the names, as is `notFinite`.
    var metrics: [ModelRecord.Metric] {
        entries.compactMap { entry in
            entry.value.map {
                ModelRecord.Metric(name: entry.name, value: $0, at: entry.at, attempt: entry.attempt)
            }
        }
    }

    var notFinite: [ModelRecord.NotFinite] {
        entries.compactMap { entry in
            entry.notFinite.map {
                ModelRecord.NotFinite(name: entry.name, text: $0, at: entry.at, attempt: entry.attempt)
            }
        }
    }
}
