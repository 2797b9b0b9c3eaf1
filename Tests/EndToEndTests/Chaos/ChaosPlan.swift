// SPDX-License-Identifier: Apache-2.0

import SpotMarket

/// Who is killed when, all from one seed. Times are on the wall, from the start of the first command.
struct ChaosPlan: Sendable {
    enum Victim: String, Sendable, CaseIterable { case runner, agent, training, host, everything }

    struct Blow: Sendable, CustomStringConvertible {
        var at: Duration
        var victim: Victim
        var description: String { "\(victim.rawValue) at \(at)" }
    }

    let seed: UInt64
    let blows: [Blow]
    /// How long nobody steers after the runner was killed.
    let absence: Duration

    /// The training process is killed at most twice: three failures without a checkpoint between are the job's own
    /// fault, and a night that ends because of them is right.
    init(seed: UInt64) {
        self.seed = seed
        var random = SplitMix64(seed: seed)
        var at = Duration.zero
        var trainingKills = 0
        var blows: [Blow] = []
        for _ in 0..<(4 + Int(random.next() % 2)) {
            at += .milliseconds(40 + Int64(random.next() % 1000))
            var victim = Victim.allCases[Int(random.next() % UInt64(Victim.allCases.count))]
            if victim == .training { trainingKills += 1 }
            if trainingKills > 2 { victim = .runner }
            blows.append(Blow(at: at, victim: victim))
        }
        self.blows = blows
        absence = .milliseconds(Int64(random.next() % 400))
    }

    /// A Spot market with gaps, so that the platform takes machines away as well. Two interruptions, one with notice.
    static let job: TestJob = {
        var job = TestJob()
        job.spot = """
            [{"fromMinute": 0, "untilMinute": 70}, {"fromMinute": 75, "untilMinute": 150, "noticeSeconds": 900},
             {"fromMinute": 160, "untilMinute": 3000}]
            """
        job.spotPriceChanges = "[{\"fromMinute\": 90, \"pricePerHour\": \"4.100007\"}]"
        return job
    }()
}
