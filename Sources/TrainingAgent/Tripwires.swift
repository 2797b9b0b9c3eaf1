// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Watches one stay for what goes wrong without a process ending: told what happens, it answers what it sees. No clock.
///
/// Time is told in steps of the night's time, one a look, and only while a training process lives, so a wall clock that
/// jumps changes nothing. A step counts for a quarter of the shortest limit at most: an agent that was itself stopped
/// hears what happened meanwhile before it judges. Each tripwire is told once, and again only after its condition has
/// cleared.
struct Tripwires: Sendable {
    /// Room at a place where something is written.
    struct Room: Hashable, Sendable {
        var path: String
        var freeBytes: Int64
    }

    private let settings: TripwireSettings
    private let stallLimit: Duration
    /// A limit that nobody wrote gives way to what is seen: a job may be slower than its file says.
    private let stallLimitIsDerived: Bool
    private let checkpointLimit: Duration
    /// Where only checkpoints tell progress, none is seen between them.
    private let seesProgress: Bool
    private let startUp: Duration
    private let totalUnits: Double
    private let afterTotal: Duration
    /// Progress that half a checkpoint interval brings.
    private let slackUnits: Double
    private let stepLimit: Duration
    /// Room that two generations take; 0 until a size is known.
    private var roomForTwo: Int64

    private var isTraining = false
    private var clock = Duration.zero
    private var start: TrainingStart?
    private var began = Duration.zero
    private var newestUnits: Double?
    private var heardProgress = false
    private var progressAt = Duration.zero
    private var longestPause = Duration.zero
    private var stalls = 0
    private var commitAt: Duration?
    private var progressSinceCommit = false
    private var fired: Set<Tripwire> = []

    /// The floors, in the night's time, are the least that limits may be which nobody wrote as a time: in a scaled night a
    /// process starts, and saves, no faster than in another.
    init(job: TrainingJob, stallFloor: Duration, checkpointFloor: Duration) {
        settings = job.tripwires
        stallLimit = settings.stalledAfter == nil ? max(job.stallLimit, stallFloor) : job.stallLimit
        stallLimitIsDerived = settings.stalledAfter == nil
        checkpointLimit = max(job.checkpoint.interval * settings.checkpointIntervals, checkpointFloor)
        seesProgress = if case .metric = job.progress { true } else { false }
        startUp = job.restartOverhead
        totalUnits = job.progress.total
        afterTotal = job.uploadTime
        slackUnits =
            totalUnits * job.checkpoint.interval.realSeconds / max(job.expectedRuntime.realSeconds, 1) / 2
        stepLimit = min(stallLimit, checkpointLimit) / 4
        roomForTwo = Self.twice(job.checkpoint.expectedBytes ?? 0)
    }

    /// A training process was started after this restore.
    mutating func began(_ start: TrainingStart) {
        isTraining = true
        self.start = start
        began = clock
        newestUnits = nil
        heardProgress = false
        progressAt = clock
        commitAt = nil
        progressSinceCommit = false
        fired.subtract([.stalled, .noCheckpoint, .startedOver])
    }

    mutating func ended() { isTraining = false }

    /// `first` is the first progress that this training process told, and given once.
    mutating func progressed(to units: Double, first: Double?) -> Alarm.Sighting? {
        heardProgress = true
        progressSinceCommit = true
        newestUnits = units
        guard let first, let start, let generation = start.generation, first < start.units - slackUnits else {
            return nil
        }
        return fire(.startedOver(generation: generation, restoredUnits: start.units, toldUnits: first))
    }

    mutating func committed(bytes: Int64) {
        heardProgress = true
        commitAt = clock
        progressSinceCommit = false
        fired.remove(.noCheckpoint)
        roomForTwo = Self.twice(bytes)
    }

    /// Takes a look after a step of the night's time.
    /// `heard`: progress was told that `progressed` does not know of yet.
    mutating func look(after step: Duration, heard: Bool, rooms: [Room]) -> [Alarm.Sighting] {
        guard isTraining else { return [] }
        if heard { heardProgress = true }
        clock += min(max(.zero, step), stepLimit)
        return [stalled(), noCheckpoint(), diskFilling(rooms)].compactMap { $0 }
    }

    private mutating func stalled() -> Alarm.Sighting? {
        if heardProgress {
            heardProgress = false
            longestPause = max(longestPause, clock - progressAt)
            progressAt = clock
            fired.remove(.stalled)
        }
        // Booting and restoring come before the first step, writing the model after the last.
        let grace: Duration =
            switch newestUnits {
            case nil: startUp
            case let units? where units >= totalUnits: afterTotal
            case .some: .zero
            }
        let limit = currentStallLimit + grace
        let idle = clock - progressAt
        guard idle >= limit else { return nil }
        guard let sighting = fire(.stalled(seconds: idle.realSeconds, limitSeconds: limit.realSeconds)) else {
            return nil
        }
        stalls += 1
        return sighting
    }

    /// A derived limit doubles with each stall, and is never less than three times the longest pause that ended well:
    /// a slow job is started again once or twice, not until the night is given up.
    private var currentStallLimit: Duration {
        stallLimitIsDerived ? max(stallLimit * (1 << min(stalls, 4)), longestPause * 3) : stallLimit
    }

    private mutating func noCheckpoint() -> Alarm.Sighting? {
        let since = commitAt ?? began + startUp
        guard progressSinceCommit || !seesProgress, clock - since >= checkpointLimit else { return nil }
        return fire(
            .noCheckpoint(seconds: (clock - since).realSeconds, limitSeconds: checkpointLimit.realSeconds))
    }

    private mutating func diskFilling(_ rooms: [Room]) -> Alarm.Sighting? {
        let limit = settings.diskBelowBytes ?? roomForTwo
        guard limit > 0, let least = rooms.min(by: { $0.freeBytes < $1.freeBytes }) else { return nil }
        if least.freeBytes >= limit {
            // What is pruned and written again at the bound is one condition, not many.
            if least.freeBytes - limit >= limit / 4 { fired.remove(.diskFilling) }
            return nil
        }
        return fire(.diskFilling(path: least.path, freeBytes: least.freeBytes, limitBytes: limit))
    }

    private mutating func fire(_ sighting: Alarm.Sighting) -> Alarm.Sighting? {
        guard settings.watches(sighting.tripwire), fired.insert(sighting.tripwire).inserted else { return nil }
        return sighting
    }

    private static func twice(_ bytes: Int64) -> Int64 {
        let (room, tooMuch) = bytes.multipliedReportingOverflow(by: 2)
        return tooMuch ? .max : room
    }
}
