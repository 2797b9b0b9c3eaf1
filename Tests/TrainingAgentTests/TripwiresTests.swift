// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import TrainingAgent

/// Each tripwire fires at its bound and not one look before, once, and again only after it has cleared.
@Suite struct TripwiresTests {
    @Test func `nothing is seen while no training process lives`() {
        var stay = WatchedStay(WatchedStay.job())
        stay.tripwires.ended()
        stay.rooms = [.init(path: "/", freeBytes: 0)]
        stay.pass(minutes: 600)
        #expect(stay.times == [])
    }

    @Test func `progress without a commit for two intervals is told, once, and again after a commit`() {
        var stay = WatchedStay(WatchedStay.job { $0.stalled = .off })
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
        var stay = WatchedStay(WatchedStay.job { $0.stalled = .off })
        stay.pass(minutes: 600)
        #expect(stay.times == [])
    }

    @Test(arguments: [(9.0, false), (9.4, true), (9.5, false), (10, false), (11, false), (0.1, true)])
    func `a script that tells less than was restored has started over`(told: Double, fires: Bool) {
        var stay = WatchedStay(WatchedStay.job(), from: 7, units: 10)
        // Half a checkpoint interval may have been trained while the checkpoint was written: half a unit.
        let sighting = stay.tripwires.progressed(to: told + 1, first: told == 9 ? nil : told)
        #expect(
            sighting == (fires ? .startedOver(generation: 7, restoredUnits: 10, toldUnits: told) : nil))
    }

    @Test func `a start from zero cannot have started over, and a restart is judged again`() {
        var stay = WatchedStay(WatchedStay.job())
        #expect(stay.tripwires.progressed(to: -1, first: -1) == nil)
        for _ in 1...2 {
            stay.begin(from: 3, units: 5)
            #expect(stay.tripwires.progressed(to: 1, first: 1) != nil)
        }
    }

    @Test func `the disk must have room for two more generations, and a quarter more before it is told again`() {
        var stay = WatchedStay(WatchedStay.job { $0.stalled = .off })
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
        var stay = WatchedStay(WatchedStay.job { $0.diskBelowBytes = 500 })
        stay.tripwires.committed(bytes: 1 << 40)
        stay.rooms = [.init(path: "/", freeBytes: 500)]
        stay.pass(minutes: 1)
        #expect(stay.times == [])
        stay.rooms = [.init(path: "/", freeBytes: 499)]
        stay.pass(minutes: 1)
        #expect(stay.times == [2])
    }

    @Test func `what is off is not seen`() {
        var stay = WatchedStay(
            WatchedStay.job {
                ($0.stalled, $0.noCheckpoint, $0.startedOver, $0.diskFilling) = (.off, .off, .off, .off)
            }, from: 7, units: 10)
        #expect(stay.tripwires.progressed(to: 1, first: 1) == nil)
        stay.tripwires.committed(bytes: 100)
        stay.rooms = [.init(path: "/", freeBytes: 0)]
        stay.pass(minutes: 600)
        #expect(stay.times == [])
    }

    @Test func `where only checkpoints tell progress, none has to be told`() {
        var job = WatchedStay.job { $0.stalled = .off }
        job.progress = .checkpointName(regex: "([0-9]+)", total: 20)
        var stay = WatchedStay(job)
        stay.pass(minutes: 33)
        #expect(stay.times == [])
        stay.pass(minutes: 60)
        #expect(stay.times == [34])
    }
}
