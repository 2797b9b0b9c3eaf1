// SPDX-License-Identifier: Apache-2.0

/// What a job wants to be watched for while it trains: a bound and a choice for each tripwire. A job that says nothing
/// is watched all the same, with these defaults.
package struct TripwireSettings: Codable, Hashable, Sendable {
    package var stalled = TripwireChoice.restart
    /// `nil` is derived from the job's own times (`TrainingJob.stallLimit`).
    package var stalledAfter: JSONSeconds?
    package var noCheckpoint = TripwireChoice.goOn
    package var checkpointIntervals = 2
    package var badLoss = TripwireChoice.stop
    /// The metric that is the loss; `nil` is the first called so (`TrainingJob.lossMetric`).
    package var lossMetric: String?
    package var explodesAt = 10.0
    package var lossJump = TripwireChoice.goOn
    /// In percent of the loss before.
    package var lossJumpAbove = 50.0
    package var startedOver = TripwireChoice.stop
    package var diskFilling = TripwireChoice.goOn
    /// `nil` is room for two more generations.
    package var diskBelowBytes: Int64?
    package var noModel = TripwireChoice.stop
    package var nothingToResume = TripwireChoice.stop

    package init() {}

    /// Nobody watches: a stay then ends as its processes do.
    package static var allOff: TripwireSettings {
        var settings = TripwireSettings()
        (settings.stalled, settings.noCheckpoint, settings.badLoss, settings.lossJump) = (.off, .off, .off, .off)
        (settings.startedOver, settings.diskFilling, settings.noModel) = (.off, .off, .off)
        settings.nothingToResume = .off
        return settings
    }

    package func choice(for tripwire: Tripwire) -> TripwireChoice {
        switch tripwire {
        case .stalled: stalled
        case .noCheckpoint: noCheckpoint
        case .badLoss: badLoss
        case .lossJump: lossJump
        case .startedOver: startedOver
        case .diskFilling: diskFilling
        case .noModel: noModel
        case .nothingToResume: nothingToResume
        }
    }

    package func watches(_ tripwire: Tripwire) -> Bool { choice(for: tripwire) != .off }

    /// Those that the job has switched off.
    package var off: [Tripwire] { Tripwire.allCases.filter { !watches($0) } }
}

extension TrainingJob {
    /// How long training may make no progress, in the night's time: what the job says, else three units of progress,
    /// three checkpoint intervals where only checkpoints tell progress, or two restarts, whichever is longest.
    package var stallLimit: Duration {
        if let after = tripwires.stalledAfter { return after.wrappedValue }
        let tellsEvery: Duration =
            switch progress {
            case .metric(_, let total): Duration(realSeconds: expectedRuntime.realSeconds / total)
            case .checkpointName: checkpoint.interval
            }
        return max(restartOverhead * 2, tellsEvery * 3)
    }

    /// The metric whose values are the loss: the one that the job names, else the first called `loss`, else the first
    /// whose name ends in it. `nil`: there is none, and nobody watches the loss.
    package var lossMetric: MetricDefinition? {
        if let name = tripwires.lossMetric { return metricDefinitions.first { $0.name == name } }
        return metricDefinitions.first { $0.name.lowercased() == "loss" }
            ?? metricDefinitions.first { $0.name.lowercased().hasSuffix("loss") }
    }
}

extension KeyedDecodingContainer {
    /// Records of jobs from before there were tripwires have no such key: such a job is watched by the defaults.
    func decode(_ type: TripwireSettings.Type, forKey key: Key) throws -> TripwireSettings {
        try decodeIfPresent(type, forKey: key) ?? TripwireSettings()
    }
}

extension KeyedEncodingContainer {
    /// A job that says nothing about tripwires is written as before there were any.
    mutating func encode(_ value: TripwireSettings, forKey key: Key) throws {
        if value != TripwireSettings() { try encodeIfPresent(value, forKey: key) }
    }
}
