// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

@testable import TrainingAgent

/// Each tripwire fires at its bound and not one look before, once, and again only after it has cleared.
@Suite struct TripwiresTests {
    /// How long a stall may last is all that is asked.
    private static func stalling() -> TrainingJob {
        job {
            $0.stalledAfter = JSONSeconds(wrappedValue: .minutes(30))
            $0.noCheckpoint = .off
        }
    }

    /// Twenty units in four hours, so one in twelve minutes, saved each twelve minutes; a restart takes ten, writing the
    /// model four.
    private static func job(_ change: (inout TripwireSettings) -> Void = { _ in }) -> TrainingJob {
        var job = Orders.job(source: "/s", uri: "/u", output: "/o")
        change(&job.tripwires)
        return job
    }

    private struct Stay {
        var tripwires: Tripwires
        /// Night minutes since the first training process was started.
        var minutes = 0
        var rooms: [Tripwires.Room] = []
        var seen: [(minutes: Int, sighting: Alarm.Sighting)] = []

        init(_ job: TrainingJob, from generation: Int? = nil, units: Double = 0) {
            tripwires = Tripwires(job: job, stallFloor: .zero, checkpointFloor: .zero)
            begin(from: generation, units: units)
        }

        mutating func begin(from generation: Int? = nil, units: Double = 0) {
            let start = TrainingStart(
                at: Instant(milliseconds: 0), generation: generation, units: units, passedOver: [])
            tripwires.began(start)
        }

        /// A look a minute.
        mutating func pass(minutes: Int) {
            for _ in 0..<minutes {
                self.minutes += 1
                for sighting in tripwires.look(after: .minutes(1), heard: false, rooms: rooms) {
                    seen.append((self.minutes, sighting))
                }
            }
        }

        var times: [Int] { seen.map(\.minutes) }
    }

    @Test func `without a word in the job file training may stand still for three units, and a restart at its start`() {
        var stay = Stay(Self.job())
        stay.pass(minutes: 45)
        #expect(stay.times == [])
        stay.pass(minutes: 100)
        #expect(stay.times == [46])
        #expect(stay.seen.first?.sighting == .stalled(seconds: 46 * 60, limitSeconds: 46 * 60))
    }

    @Test func `a stall is counted from the last progress, told once, and again after progress`() {
        var stay = Stay(Self.stalling())
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
        var stay = Stay(Self.job { $0.noCheckpoint = .off })
        for _ in 1...3 {
            stay.pass(minutes: 200)
            stay.begin()
        }
        // 36, 72 and 144 minutes, and ten for the start-up.
        #expect(stay.times == [46, 200 + 82, 400 + 154])
        stay = Stay(Self.job { $0.noCheckpoint = .off })
        stay.pass(minutes: 40)
        _ = stay.tripwires.progressed(to: 1, first: 1)
        stay.pass(minutes: 1)
        stay.pass(minutes: 122)
        #expect(stay.times == [])
        stay.pass(minutes: 1)
        #expect(stay.times == [164])
    }

    @Test func `a commit is a sign of life, and so is a new training process`() {
        var stay = Stay(Self.stalling())
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
        var stay = Stay(Self.stalling())
        stay.pass(minutes: 1)
        _ = stay.tripwires.progressed(to: 20, first: 20)
        stay.pass(minutes: 34)
        #expect(stay.times == [])
        stay.pass(minutes: 1)
        #expect(stay.times == [36])
    }

    @Test func `only time in which somebody looked counts`() {
        var stay = Stay(Self.stalling())
        _ = stay.tripwires.progressed(to: 1, first: 1)
        stay.pass(minutes: 1)
        // An agent that was stopped for a day, or a computer that slept, hears first what happened meanwhile.
        #expect(stay.tripwires.look(after: .hours(24), heard: false, rooms: []) == [])
        #expect(stay.tripwires.look(after: .hours(24), heard: true, rooms: []) == [])
        #expect(stay.tripwires.look(after: .seconds(-3600), heard: false, rooms: []) == [])
        #expect(stay.tripwires.look(after: .hours(1), heard: false, rooms: []) == [])
        #expect(stay.tripwires.look(after: .hours(1), heard: false, rooms: []) == [])
    }

    @Test func `nothing is seen while no training process lives`() {
        var stay = Stay(Self.job())
        stay.tripwires.ended()
        stay.rooms = [.init(path: "/", freeBytes: 0)]
        stay.pass(minutes: 600)
        #expect(stay.times == [])
    }

    @Test func `progress without a commit for two intervals is told, once, and again after a commit`() {
        var stay = Stay(Self.job { $0.stalled = .off })
        for minute in 1...40 {
            _ = stay.tripwires.progressed(to: Double(minute) / 10, first: nil)
            stay.pass(minutes: 1)
        }
        #expect(stay.times == [34])
        #expect(stay.seen.first?.sighting == .noCheckpoint(seconds: 24 * 60, limitSeconds: 24 * 60))
        stay.tripwires.committed(bytes: 1)
        stay.pass(minutes: 23)
        _ = stay.tripwires.progressed(to: 5, first: nil)
        #expect(stay.times == [34])
        stay.pass(minutes: 1)
        #expect(stay.times == [34, 64])
    }

    @Test func `where nothing was trained, nothing could be committed`() {
        var stay = Stay(Self.job { $0.stalled = .off })
        stay.pass(minutes: 600)
        #expect(stay.times == [])
    }

    @Test(arguments: [(9.0, false), (9.4, true), (9.5, false), (10, false), (11, false), (0.1, true)])
    func `a script that tells less than was restored has started over`(told: Double, fires: Bool) {
        var stay = Stay(Self.job(), from: 7, units: 10)
        // Half a checkpoint interval may have been trained while the checkpoint was written: half a unit.
        let sighting = stay.tripwires.progressed(to: told + 1, first: told == 9 ? nil : told)
        #expect(
            sighting == (fires ? .startedOver(generation: 7, restoredUnits: 10, toldUnits: told) : nil))
    }

    @Test func `a start from zero cannot have started over, and a restart is judged again`() {
        var stay = Stay(Self.job())
        #expect(stay.tripwires.progressed(to: -1, first: -1) == nil)
        for _ in 1...2 {
            stay.begin(from: 3, units: 5)
            #expect(stay.tripwires.progressed(to: 1, first: 1) != nil)
        }
    }

    @Test func `the disk must have room for two more generations, and a quarter more before it is told again`() {
        var stay = Stay(Self.job { $0.stalled = .off })
        func room(_ bytes: Int64) -> [Tripwires.Room] {
            [.init(path: "/big", freeBytes: 1 << 40), .init(path: "/small", freeBytes: bytes)]
        }
        stay.rooms = room(0)
        stay.pass(minutes: 1)
        #expect(stay.times == [], "no size is known yet")
        stay.tripwires.committed(bytes: 1000)
        stay.rooms = room(2000)
        stay.pass(minutes: 1)
        #expect(stay.times == [])
        for bytes: Int64 in [1999, 0, 2000, 1999, 2499, 1999] {
            stay.rooms = room(bytes)
            stay.pass(minutes: 1)
        }
        #expect(stay.times == [3])
        #expect(stay.seen.first?.sighting == .diskFilling(path: "/small", freeBytes: 1999, limitBytes: 2000))
        for bytes: Int64 in [2500, 1999] {
            stay.rooms = room(bytes)
            stay.pass(minutes: 1)
        }
        #expect(stay.times == [3, 10])
    }

    @Test func `the job file's own bound for the disk stands`() {
        var stay = Stay(Self.job { $0.diskBelowBytes = 500 })
        stay.tripwires.committed(bytes: 1 << 40)
        stay.rooms = [.init(path: "/", freeBytes: 500)]
        stay.pass(minutes: 1)
        #expect(stay.times == [])
        stay.rooms = [.init(path: "/", freeBytes: 499)]
        stay.pass(minutes: 1)
        #expect(stay.times == [2])
    }

    @Test func `what is off is not seen`() {
        var stay = Stay(
            Self.job {
                ($0.stalled, $0.noCheckpoint, $0.startedOver, $0.diskFilling) = (.off, .off, .off, .off)
            }, from: 7, units: 10)
        #expect(stay.tripwires.progressed(to: 1, first: 1) == nil)
        stay.tripwires.committed(bytes: 100)
        stay.rooms = [.init(path: "/", freeBytes: 0)]
        stay.pass(minutes: 600)
        #expect(stay.times == [])
    }

    @Test func `no limit that nobody wrote is shorter than the floor, and one that somebody wrote is`() {
        var job = Self.job()
        (job.restartOverhead, job.progress) = (.zero, .metric(name: "epoch", total: 100_000))
        var tripwires = Tripwires(job: job, stallFloor: .hours(5), checkpointFloor: .hours(5))
        tripwires.began(TrainingStart(at: Instant(milliseconds: 0), generation: nil, units: 0, passedOver: []))
        for _ in 1..<300 { #expect(tripwires.look(after: .minutes(1), heard: false, rooms: []) == []) }
        #expect(tripwires.look(after: .minutes(1), heard: false, rooms: []).count == 1)
        job.tripwires.stalledAfter = JSONSeconds(wrappedValue: .minutes(1))
        #expect(job.stallLimit == .minutes(1))
    }

    @Test func `where checkpoints' names tell progress the stall limit is three intervals`() {
        var job = Self.job()
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
            var stay = Stay(Self.stalling())
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
