// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import Testing
import TrainingJobs

struct SaveEstimateTests {
    private static func settings(_ bytes: Int64?, _ speed: Int64?) -> CheckpointSettings {
        CheckpointSettings(
            localPath: "/c", uri: "/u", interval: .minutes(12), expectedBytes: bytes, writeBytesPerSecond: speed,
            keep: 3)
    }

    @Test("A job's own write speed needs a size: its own, else a drill's")
    func writeSpeed() {
        let own = SaveEstimate(Self.settings(1_500_000_000, 500_000_000), measuredBytes: 7)
        #expect(own?.time == .seconds(3))
        #expect(own?.source == .writeSpeed(bytes: 1_500_000_000, bytesPerSecond: 500_000_000))
        #expect(SaveEstimate(Self.settings(nil, 500), measuredBytes: 1000)?.time == .seconds(2))
        #expect(SaveEstimate(Self.settings(nil, 500), measuredBytes: nil) == nil)
        #expect(SaveEstimate(Self.settings(1000, nil), measuredBytes: nil) == nil)
        #expect(SaveEstimate(Self.settings(.max, 1), measuredBytes: nil)?.fitsIntoNotice == false)
    }

    @Test("Ninety seconds of a notice are left for a save", arguments: [(89, true), (90, true), (91, false)])
    func notice(seconds: Int, fits: Bool) {
        #expect(SaveEstimate(.seconds(seconds), .typed).fitsIntoNotice == fits)
    }

    @Test("A night stands still once for each interval that it begins")
    func stall() {
        let save = SaveEstimate(.seconds(30), .typed)
        #expect(save.stall(of: .hours(4), every: .minutes(12)) == .minutes(10))
        #expect(save.stall(of: .hours(4) + .seconds(1), every: .minutes(12)) == .seconds(630))
    }

    @Test("A drill's save grows with the job's own size, and a toy's says nothing")
    func scaled() {
        #expect(SaveEstimate.scaled(.seconds(4), from: 1000, to: 1500) == .seconds(6))
        #expect(SaveEstimate.scaled(.seconds(4), from: 1000, to: 500) == .seconds(4))
        #expect(SaveEstimate.scaled(.seconds(4), from: nil, to: 500) == .seconds(4))
        #expect(SaveEstimate.scaled(.milliseconds(2), from: 1_000_000, to: 1_500_000_000) == nil)
    }
}
