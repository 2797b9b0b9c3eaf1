// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing
import TrainingJobs

@testable import DrillRunner

@Suite struct DrillPaceTests {
    /// Training begins after a second; a unit every second, and a save after some of them.
    private func pace(units: Int = 10, savesAfter saves: Set<Int>) -> DrillPace {
        var run = ScriptedRun(nil)
        run.begin()
        for unit in 1...units {
            run.line(Double(unit), ("loss", 1))
            if saves.contains(unit) { run.save() }
        }
        return DrillPace(run.done().stays[0])
    }

    private func injection(_ kind: Injection.Kind, commits: Int, pause: Duration) -> Injection {
        Injection(kind: kind, moment: Injection.Moment(saves: commits, pause: pause))
    }

    @Test("with many saves a kill falls in the middle of training, half-way between two of them")
    func manySaves() {
        let pace = pace(savesAfter: Set(1...10))
        #expect(pace.commitsBeforeEnd == 9)
        #expect(pace.interval == .seconds(1))
        let half = Duration.milliseconds(500)
        #expect(pace.moments(of: .kill) == [injection(.kill, commits: 4, pause: half)])
        #expect(pace.moments(of: .notice) == [injection(.notice, commits: 4, pause: half)])
        #expect(
            pace.moments(of: .killTwice) == [
                injection(.kill, commits: 1, pause: half), injection(.kill, commits: 1, pause: half),
            ])
        #expect(pace.moments(of: .killInSave) == [injection(.killInSave, commits: 1, pause: .zero)])
        #expect(pace.moments(of: .killAtStart) == [injection(.kill, commits: 0, pause: half)])
    }

    @Test("with few saves it waits for the first", arguments: [[5], [3, 6], [3, 6, 9]])
    func fewSaves(saves: [Int]) {
        let pace = pace(savesAfter: Set(saves))
        #expect(pace.moments(of: .kill).map(\.moment.saves) == [1])
        #expect(pace.moments(of: .notice).map(\.moment.saves) == [1])
    }

    @Test(
        "without a save before the end half of the work is lost, which is what has to be shown", arguments: [[], [10]])
    func savesAtTheEndOnly(saves: [Int]) {
        let pace = pace(savesAfter: Set(saves))
        #expect(pace.commitsBeforeEnd == 0)
        for disturbance in [Disturbance.kill, .killTwice, .killInSave] {
            #expect(pace.moments(of: disturbance) == [injection(.kill, commits: 0, pause: pace.whole / 2)])
        }
        #expect(pace.moments(of: .notice) == [injection(.notice, commits: 0, pause: pace.whole / 2)])
        #expect(pace.moments(of: .killAtStart).map(\.moment.pause) == [.milliseconds(500)])
    }

    @Test("a run that told nothing gives moments and no crash")
    func nothingTold() {
        var run = ScriptedRun(nil)
        run.begin()
        let pace = DrillPace(run.done().stays[0])
        #expect(pace.interval == .zero && pace.startUp == .zero && pace.commitsBeforeEnd == 0)
        for disturbance in Disturbance.allCases { #expect(!pace.moments(of: disturbance).isEmpty) }
        #expect(pace.clockFactor == 25)
        #expect(pace.patience == .seconds(65))
    }

    @Test(
        "files settle for a tenth of the time between two saves, from a fifth of a second to five seconds",
        arguments: [(1, 25), (2, 25), (4, 12), (10, 5), (50, 1), (1000, 1)])
    func settling(seconds: Int, factor: Int) {
        var stay = ScriptedTraining.control().stays[0]
        stay.saves = (1...3).map { SaveSpan(from: .seconds(seconds * $0), until: .seconds(seconds * $0)) }
        #expect(DrillPace(stay).clockFactor == factor)
    }
}
