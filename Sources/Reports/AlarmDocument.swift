// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A tripwire that fired, in a form for scripts.
package struct AlarmDocument: Codable, Hashable, Sendable {
    package var at: Instant
    /// The tripwire by its key in the job file.
    package var tripwire: Tripwire
    package var text: String
    package var units: Double
    /// `went-on`, `restarted`, `stopped`.
    package var action: String
    package var generation: Int?

    package init(_ alarm: Alarm) {
        at = alarm.at
        tripwire = alarm.tripwire
        text = AlarmWords.sentence(alarm)
        units = alarm.units.orZero
        switch alarm.action {
        case .wentOn: action = "went-on"
        case .restarted(let generation):
            action = "restarted"
            self.generation = generation
        case .stopped: action = "stopped"
        }
    }

    /// `nil` when none fired.
    static func all(of summary: NightSummary) -> [AlarmDocument]? {
        summary.alarms.isEmpty ? nil : summary.alarms.map(AlarmDocument.init)
    }
}
