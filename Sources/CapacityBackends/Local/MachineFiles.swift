// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import SpotMarket
import TrainingAgent
import TrainingJobs

/// The files of one simulated machine: `<machines>/<key>/`. They are what the simulated platform remembers, and all
/// that the runner sees of it.
struct MachineFiles: Sendable {
    let directory: String

    var key: String { String(directory.split(separator: "/").last ?? "") }
    var order: String { directory + "/machine.json" }
    var platform: String { directory + "/platform.json" }
    var host: String { directory + "/host.json" }
    var lock: String { directory + "/host.lock" }
    var stop: String { directory + "/stop" }
    /// The machine's own disk; deleted when it ends.
    var disk: String { directory + "/disk" }
    var agentOrder: String { directory + "/" + AgentOrder.fileName }
    var report: String { directory + "/" + AgentOrder.reportName }

    /// A host has begun to play this machine, or has played it to its end.
    var isPlayed: Bool { FileManager.default.fileExists(atPath: platform) }

    func read<Value: Decodable>(_ path: String) throws -> Value? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try JSONDecoder().decode(Value.self, from: data)
    }

    func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let aside = "\(path).\(UInt64.random(in: .min ... .max)).writing"
        // The owner's alone whatever the umask: a job may carry what is nobody else's business.
        guard
            FileManager.default.createFile(
                atPath: aside, contents: try encoder.encode(value), attributes: [.posixPermissions: 0o600]),
            rename(aside, path) == 0
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
    }
}

/// What the platform was asked for; written before anything is started.
struct MachineOrder: Codable, Hashable, Sendable {
    var agent: AgentOrder
    var nightStart: Instant
    var requestedAt: Instant
    /// When on-demand capacity comes; Spot comes at once.
    var grantedAt: Instant
    /// The spell of capacity that the machine lives in; `nil` for on-demand.
    var interruptionAt: Instant?
    var noticeAt: Instant?
    var prices: [Price]
    var agentExecutable: String

    struct Price: Codable, Hashable, Sendable {
        var from: Instant
        var rate: HourlyRate
    }

    /// A stay cut at the changes of price.
    func usage(from start: Instant, until end: Instant) -> [Usage] {
        guard end > start else { return [] }
        let cuts = [start] + prices.map(\.from).filter { $0 > start && $0 < end } + [end]
        return zip(cuts, cuts.dropFirst()).compactMap { from, until in
            guard let price = prices.last(where: { $0.from <= from }) ?? prices.first else { return nil }
            return Usage(from: from, until: until, rate: price.rate)
        }
    }
}

/// What the platform knows of a machine now.
struct PlatformState: Codable, Hashable, Sendable {
    var runningSince: Instant?
    /// Renewed as long as the platform plays this machine.
    var aliveAt: Instant
    var ended: End?

    struct End: Codable, Hashable, Sendable {
        var reason: EndReason
        var at: Instant
    }
}
