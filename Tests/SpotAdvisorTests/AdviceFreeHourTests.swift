// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import Testing
import TrainingJobs

struct AdviceFreeHourTests {
    private static let night: TickNight = {
        var night = TickNight(
            tick: 60_000, work: 4 * 3_600_000, deadline: 10 * 3_600_000, restartOverhead: 600_000,
            spotRates: [7_000_000], onDemandRate: 25_000_000)
        night.checkpointInterval = 720_000
        night.overlapsMoves = true
        return night
    }()

    /// Up and down in turns, in minutes, beginning up.
    private static func outcome(_ minutes: [Int]) -> TickOutcome {
        let zone = minutes.enumerated().flatMap { [Bool](repeating: $0.offset % 2 == 0, count: $0.element) }
        var simulator = TickSimulator(night, .net(SafetyNet(Greedy())))
        return simulator.play([zone], from: 0)
    }

    @Test("Only a stay that is taken back before its first hour is over counts as young")
    func youngStays() {
        #expect(Self.outcome([30, 10, 700]).youngSpotTicks == [30])
        #expect(Self.outcome([59, 10, 700]).youngSpotTicks == [59])
        #expect(Self.outcome([60, 10, 700]).youngSpotTicks == [0])
        #expect(Self.outcome([90, 10, 700]).youngSpotTicks == [0])
        #expect(Self.outcome([20, 5, 30, 5, 80, 5, 700]).youngSpotTicks == [50])
    }

    @Test("A stay that the night gives up for on-demand, or ends itself, is charged")
    func ownEnds() {
        let whole = Self.outcome([700])
        #expect(whole.youngSpotTicks == [0] && whole.interruptions == 0)
    }
}
