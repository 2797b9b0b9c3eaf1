// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import Testing
import TrainingJobs

struct AdviceCheckpointTests {
    /// A hazard that does not change with age: the case that Young and Daly solved.
    private static func constant(perHour hazard: Double) -> HazardLaw {
        HazardLaw(scale: hazard, exponent: 0, cap: hazard)
    }

    @Test(
        "Where the hazard is constant the best interval is Daly's, to a fifth",
        arguments: [(0.1, 30), (0.25, 30), (0.5, 60), (1.0, 20), (1.0, 120)])
    func agreesWithDaly(hazard: Double, save: Int) {
        let model = CheckpointInterval(
            work: .hours(40), restart: .minutes(5), saveTime: .seconds(save), loss: Self.constant(perHour: hazard))
        let ratio = model.best.interval.realSeconds / model.daly.realSeconds
        #expect((0.8...1.25).contains(ratio), "\(model.best.interval) to \(model.daly)")
        #expect(abs(model.meanTimeBetweenLosses.realSeconds * hazard / 3600 - 1) < 0.01)
    }

    @Test("Nothing that is tried costs less than the best interval")
    func bestIsBest() {
        let model = CheckpointInterval(
            work: .hours(4), restart: .minutes(10), saveTime: .seconds(40), loss: .shipped)
        let best = model.best
        for minutes in 1...240 { #expect(model.choice(.minutes(minutes)).paid >= best.paid) }
    }

    @Test("Without losses one pays for the restart, the work and its saves")
    func withoutLosses() {
        let model = CheckpointInterval(
            work: .hours(4), restart: .minutes(10), saveTime: .seconds(60), loss: Self.constant(perHour: 1e-9))
        let seconds = model.choice(.minutes(30)).paid.realSeconds
        #expect(abs(seconds - (14400 + 600 + 8 * 60)) < 1)
    }

    @Test("Dearer saves and rarer losses make the best interval longer")
    func monotone() {
        func best(_ save: Int, _ hazard: Double) -> Duration {
            CheckpointInterval(
                work: .hours(20), restart: .minutes(5), saveTime: .seconds(save), loss: Self.constant(perHour: hazard)
            ).best.interval
        }
        #expect(best(10, 0.5) < best(60, 0.5) && best(60, 0.5) < best(300, 0.5))
        #expect(best(60, 1) < best(60, 0.25) && best(60, 0.25) < best(60, 0.02))
    }
}
