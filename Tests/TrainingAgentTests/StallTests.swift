// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

@testable import TrainingAgent

/// A stall is told at its limit and not one look before, once, and again after a sign of life.
@Suite struct StallTests {
    @Test func `without a word in the job file training may stand still for three units, and a restart at its start`() {
        var stay = WatchedStay(WatchedStay.job())
        stay.pass(minutes: 45)
        #expect(stay.times == [])
        stay.pass(minutes: 100)
        #expect(stay.times == [46])
        #expect(stay.seen.first?.sighting == .stalled(seconds: 46 * 60, limitSeconds: 46 * 60))
    }

    @Test func `a stall is counted from the last progress, told once, and again after progress`() {
        var stay = WatchedStay(WatchedStay.stalling())
        stay.pass(minutes: 20)
        #expect(stay.tripwires.progressed(to: 1, first: 1) == nil)
        stay.pass(minutes: 30)
        #expect(stay.times == [])
        stay.pass(minutes: 60)
        #expect(stay.times == [51])
        #expect(stay.tripwires.progressed(to: 2, first: nil) == nil)
        stay.pass(minutes: 31)
        #expect(stay.times == [51, 141])
        #expect(stay.seen.map(\.sighting.tripwire) == [.stalled, .stalled])
    }

    @Test func `a limit that nobody wrote doubles with each stall and grows with the pauses that ended well`() {
        var stay = WatchedStay(WatchedStay.job { $0.noCheckpoint = .off })
        for _ in 1...3 {
            stay.pass(minutes: 200)
            stay.begin()
        }
        // 36, 72 and 144 minutes, and ten for the start-up.
        #expect(stay.times == [46, 200 + 82, 400 + 154])
        stay = WatchedStay(WatchedStay.job { $0.noCheckpoint = .off })
        stay.pass(minutes: 40)
        _ = stay.tripwires.progressed(to: 1, first: 1)
        stay.pass(minutes: 1)
        stay.pass(minutes: 122)
        #expect(stay.times == [])
        stay.pass(minutes: 1)
        #expect(stay.times == [164])
    }

    @Test func `a commit is a sign of life, and so is a new training process`() {
        var stay = WatchedStay(WatchedStay.stalling())
        _ = stay.tripwires.progressed(to: 1, first: 1)
        stay.pass(minutes: 30)
        stay.tripwires.committed(bytes: 1)
        stay.pass(minutes: 30)
        stay.begin()
        stay.pass(minutes: 39)
        #expect(stay.times == [])
        stay.pass(minutes: 1)
        #expect(stay.times == [100])
    }

    @Test func `after the last unit the model may be written`() {
        var stay = WatchedStay(WatchedStay.stalling())
        stay.pass(minutes: 1)
        _ = stay.tripwires.progressed(to: 20, first: 20)
        stay.pass(minutes: 34)
        #expect(stay.times == [])
        stay.pass(minutes: 1)
        #expect(stay.times == [36])
    }

    @Test func `only time in which somebody looked counts`() {
        var stay = WatchedStay(WatchedStay.stalling())
        _ = stay.tripwires.progressed(to: 1, first: 1)
        stay.pass(minutes: 1)
        // An agent that was stopped for a day, or a computer that slept, hears first what happened meanwhile.
        #expect(stay.tripwires.look(after: .hours(24), heard: false, rooms: []) == [])
        #expect(stay.tripwires.look(after: .hours(24), heard: true, rooms: []) == [])
        #expect(stay.tripwires.look(after: .seconds(-3600), heard: false, rooms: []) == [])
        #expect(stay.tripwires.look(after: .hours(1), heard: false, rooms: []) == [])
        #expect(stay.tripwires.look(after: .hours(1), heard: false, rooms: []) == [])
    }

    @Test func `no limit that nobody wrote is shorter than the floor, and one that somebody wrote is`() {
        var job = WatchedStay.job()
        (job.restartOverhead, job.progress) = (.zero, .metric(name: "epoch", total: 100_000))
        var tripwires = Tripwires(job: job, stallFloor: .hours(5), checkpointFloor: .hours(5))
        tripwires.began(TrainingStart(at: Instant(milliseconds: 0), generation: nil, units: 0, passedOver: []))
        for _ in 1..<300 { #expect(tripwires.look(after: .minutes(1), heard: false, rooms: []) == []) }
        #expect(tripwires.look(after: .minutes(1), heard: false, rooms: []).count == 1)
        job.tripwires.stalledAfter = JSONSeconds(wrappedValue: .minutes(1))
        #expect(job.stallLimit == .minutes(1))
    }

    @Test func `where checkpoints' names tell progress the stall limit is three intervals`() {
        var job = WatchedStay.job()
        #expect(job.stallLimit == .minutes(36))
        job.restartOverhead = .minutes(30)
        #expect(job.stallLimit == .minutes(60))
        job.restartOverhead = .zero
        job.progress = .checkpointName(regex: "([0-9]+)", total: 1e-300)
        #expect(job.stallLimit == .minutes(36))
        job.progress = .metric(name: "epoch", total: 1e-300)
        #expect(job.stallLimit > .hours(1000))
    }

    /// Against a slow and obvious account of the same stay.
    @Test func `in random stays a stall is told when it is due, never before, and once`() {
        var total = 0
        for seed in 1...500 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var stay = WatchedStay(WatchedStay.stalling())
            var (alive, quiet, grace, told) = (true, 0, 10, false)
            for _ in 1...400 {
                switch random.next() % 40 {
                case 0:
                    _ = stay.tripwires.progressed(to: 1, first: nil)
                    if alive { (quiet, grace, told) = (-1, 0, false) }
                case 1:
                    stay.tripwires.committed(bytes: 1)
                    if alive { (quiet, told) = (-1, false) }
                case 2:
                    stay.tripwires.ended()
                    alive = false
                case 3, 4:
                    if !alive {
                        stay.begin()
                        (alive, quiet, grace, told) = (true, 0, 10, false)
                    }
                default: break
                }
                let before = stay.seen.count
                stay.pass(minutes: 1)
                // The look in which a sign of life is heard is where the quiet begins.
                if alive { quiet += 1 }
                let isDue = alive && !told && quiet >= 30 + grace
                #expect((stay.seen.count > before) == isDue, "seed \(seed), minute \(stay.minutes)")
                told = told || isDue
                total += isDue ? 1 : 0
            }
        }
        #expect(total > 300)
    }
}
