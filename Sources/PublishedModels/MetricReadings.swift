// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingAgent
import TrainingJobs

/// The last value of each metric among the files that a night's machines left.
enum MetricReadings {
    /// Of two machines the later one counts, as far as the one that made the model; within a machine the later line.
    /// In order of the names.
    static func newest(machines directory: String, upTo order: PublicationOrder) throws -> [ModelRecord.Metric] {
        var newest: [String: ModelRecord.Metric] = [:]
        let launches = order.lineage.attempts.map(\.launch) + [order.key]
        for launch in launches {
            // A machine that never logged a metric has an empty file or none.
            let data =
                FileManager.default.contents(atPath: "\(directory)/\(launch)/\(AgentOrder.metricsName)") ?? Data()
            for line in data.split(separator: UInt8(ascii: "\n")) {
                guard let entry = try? JSONDecoder().decode(MetricEntry.self, from: line) else { continue }  // torn
                guard entry.attempt <= order.epoch, entry.attempt >= newest[entry.name]?.attempt ?? 0 else { continue }
                newest[entry.name] = ModelRecord.Metric(
                    name: entry.name, value: entry.value, at: entry.at, attempt: entry.attempt)
            }
        }
        return newest.values.sorted { $0.name < $1.name }
    }
}
