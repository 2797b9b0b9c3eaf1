// SPDX-License-Identifier: Apache-2.0

extension ScriptedSageMaker {
    struct Script {
        /// When Spot has capacity, in seconds after the start.
        var spot: [Range<Int>] = [0..<1_000_000]
        /// What each on-demand job waits; `nil` ends it with CapacityError after ten minutes.
        var onDemandWaits: [Int?] = [600]
        var spotQuota = true
        var onDemandQuota = true
        /// So many creations are throttled; `areUnclear` makes the job all the same.
        var throttled = 0
        var areUnclear = false
        /// Every creation of a Spot job is throttled.
        var spotIsThrottled = false
        /// Calls fail while this is so, in seconds after the start.
        var unreachable: Range<Int> = 0..<0
        /// Spot ends as MaxWaitTimeExceeded already then.
        var maxWaitPasses: Int?
        /// Somebody stops the live job then.
        var stoppedByHand: Int?
        var fails: String?
        /// Restart, as it really takes, and seconds of work.
        var restart = 600
        var work = 14400
        var alarmsFail = false
    }

    struct Job {
        var name: String
        var isSpot: Bool
        var prefix: String
        var createdAt: Int
        var maxRun: Int
        var maxWait: Int?
        var order: Int
        var status = "InProgress"
        var secondary = "Starting"
        var failure: String?
        var transitions: [(status: String, start: Int, end: Int?)] = []
        /// Since the machine was granted.
        var up = 0
        /// Work done in memory.
        var done = 0
        var training = 0
        var uploading = 0
        var stopping: Int?
        var endedAt: Int?
        var stoppedAs = "Stopped"
    }
}
