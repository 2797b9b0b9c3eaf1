// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing

/// A run that leaves something out passes no drill, however well the rest agrees.
@Suite struct GapTests {
    private typealias Training = ScriptedTraining
    /// Two runs that end with different models: only the log can tell.
    private let judge = DrillJudge(
        controls: (Training.control(model: "one"), Training.control("control-2", model: "two")), given: [:],
        ignored: [], hints: nil)

    private func findings(_ run: DrillRun) -> [DrillFinding] { judge.judge([run])[0].findings }

    private func resumed(telling units: [Double], _ disturbance: Disturbance = .kill) -> DrillRun {
        Training.killed(disturbance, model: "three") { _ in units.map { ($0, Training.loss($0)) } }
    }

    @Test("all units told is no gap")
    func whole() { #expect(findings(resumed(telling: [5, 6, 7, 8, 9, 10])) == []) }

    @Test("an end before the end is one")
    func early() { #expect(findings(resumed(telling: [5, 6, 7])) == [.skipped(unit: 8, next: 10)]) }

    @Test("a unit left out in the middle is one")
    func middle() { #expect(findings(resumed(telling: [5, 6, 9, 10])) == [.skipped(unit: 7, next: 9)]) }

    @Test("a script that logs every so many steps of its own process tells other units after a resume")
    func otherGrid() { #expect(findings(resumed(telling: [4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10])) == []) }

    @Test("killed between save and print, a script never tells one unit; killed anywhere else, it does")
    func unheard() {
        #expect(findings(resumed(telling: [6, 7, 8, 9, 10], .killInSave)) == [])
        #expect(findings(resumed(telling: [6, 7, 8, 9, 10], .kill)) == [.skipped(unit: 5, next: 6)])
        #expect(findings(resumed(telling: [7, 8, 9, 10], .killInSave)) != [])
    }

    @Test("a run that is to be killed twice and was killed once proves nothing")
    func once() { #expect(findings(resumed(telling: [5, 6, 7, 8, 9, 10], .killTwice)).contains(.notDisturbed)) }
}
