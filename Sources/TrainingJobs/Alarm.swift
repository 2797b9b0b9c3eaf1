// SPDX-License-Identifier: Apache-2.0

/// A tripwire that fired: when, on what grounds, and what was done.
package struct Alarm: Codable, Hashable, Sendable {
    /// By the night's clock of the machine.
    package var at: Instant
    package var sighting: Sighting
    /// Progress at that moment, in the job's units.
    package var units: Double
    package var action: Action

    package var tripwire: Tripwire { sighting.tripwire }

    package init(at: Instant, sighting: Sighting, units: Double, action: Action) {
        self.at = at
        self.sighting = sighting
        self.units = units
        self.action = action
    }

    /// What was seen, in numbers, beside its bound. All are finite: JSON carries no others.
    package enum Sighting: Codable, Hashable, Sendable {
        /// Without progress for so long.
        case stalled(seconds: Double, limitSeconds: Double)
        /// Without a commit for so long, which is so many checkpoint intervals.
        case noCheckpoint(seconds: Double, limitSeconds: Double)
        /// The text stands in the log where the number should: `nan`, `-inf`.
        case lossNotFinite(metric: String, text: String)
        case lossExploding(metric: String, loss: Double, smallest: Double)
        case lossJump(metric: String, before: Double, after: Double)
        /// The first progress told after a restore, and what the restored generation held.
        case startedOver(generation: Int, restoredUnits: Double, toldUnits: Double)
        case diskFilling(path: String, freeBytes: Int64, limitBytes: Int64)
        case noModel
        /// At least generation `expected` was committed, if that is known; `why` in words.
        case nothingToResume(expected: Int?, why: String)

        package var tripwire: Tripwire {
            switch self {
            case .stalled: .stalled
            case .noCheckpoint: .noCheckpoint
            case .lossNotFinite, .lossExploding: .badLoss
            case .lossJump: .lossJump
            case .startedOver: .startedOver
            case .diskFilling: .diskFilling
            case .noModel: .noModel
            case .nothingToResume: .nothingToResume
            }
        }
    }

    package enum Action: Codable, Hashable, Sendable {
        case wentOn
        /// Training is started again from this generation; `nil` is from zero.
        case restarted(generation: Int?)
        /// The stay ends, and the night with it. `restarts`: so many had been tried in vain before.
        case stopped(restarts: Int)
    }
}

extension KeyedDecodingContainer {
    /// Reports of agents from before there were tripwires have no such key.
    func decode(_ type: [Alarm].Type, forKey key: Key) throws -> [Alarm] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ value: [Alarm], forKey key: Key) throws {
        if !value.isEmpty { try encodeIfPresent(value, forKey: key) }
    }
}
