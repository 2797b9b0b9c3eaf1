// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a journal keeps of a night beside its events: enough to go on with the same command after a crash.
package struct NightRecord: Codable, Hashable, Sendable {
    package var id: String
    /// Local date of the deadline, `2026-11-24`.
    package var date: String
    package var job: TrainingJob
    package var clock: ClockScale
    /// Replaces the market file's seeds.
    package var seed: UInt64?

    package init(id: String, date: String, job: TrainingJob, clock: ClockScale, seed: UInt64?) {
        self.id = id
        self.date = date
        self.job = job
        self.clock = clock
        self.seed = seed
    }
}
