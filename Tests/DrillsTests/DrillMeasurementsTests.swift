// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing
import TrainingJobs

@Suite struct DrillMeasurementsTests {
    private let controls = [ScriptedTraining.control(), ScriptedTraining.control("control-2")]

    @Test("restart overhead is the first unit's time after a resume, less what that unit takes undisturbed")
    func restartOverhead() {
        var run = ScriptedTraining.killed()
        // A line takes a second; this resume's first line comes after 7.5 s.
        run.stays[1].trainingAt = .milliseconds(2500)
        run.stays[1].progress[0].at = .milliseconds(7500)
        let measured = DrillMeasurements(controls: controls, disturbed: [run])
        #expect(measured.restartOverhead?.wrappedValue == .milliseconds(6500))
        #expect(measured.restore?.wrappedValue == .milliseconds(2500))
    }

    @Test("a resume that was faster than the undisturbed unit costs nothing, not less than nothing")
    func noNegativeOverhead() {
        var run = ScriptedTraining.killed()
        run.stays[1].progress[0].at = .milliseconds(10)
        #expect(DrillMeasurements(controls: controls, disturbed: [run]).restartOverhead?.wrappedValue == .zero)
    }

    @Test("of several resumes the middle one counts, and starts from zero do not")
    func median() {
        let runs = [9.0, 3, 4].map { seconds in
            var run = ScriptedTraining.killed()
            run.stays[1].trainingAt = .seconds(seconds)
            return run
        }
        let begun = ScriptedTraining.killed(.killAtStart, resumedFrom: .some(nil))
        #expect(
            DrillMeasurements(controls: controls, disturbed: runs + [begun]).restore?.wrappedValue == .seconds(4))
    }

    @Test("a save lasts as long as its files change; the largest checkpoint counts")
    func saves() {
        var run = ScriptedTraining.killed()
        run.stays[1].commits.append(DrillCommit(at: .seconds(4), units: 6, bytes: 5000))
        let measured = DrillMeasurements(controls: controls, disturbed: [run])
        #expect(measured.save?.wrappedValue == .milliseconds(100))
        #expect(measured.saveInterval?.wrappedValue == .seconds(1))
        #expect(measured.checkpointBytes == 5000)
        #expect(measured.undisturbed?.wrappedValue == .seconds(10))
    }

    @Test(
        "a last save fits when it was committed within two minutes",
        arguments: [
            (120_000, true, true), (120_001, true, false), (1000, false, false),
        ])
    func notice(milliseconds: Int, saved: Bool, fits: Bool) {
        var run = ScriptedTraining.killed(.notice)
        run.stays[0].end = .noticed(after: JSONSeconds(wrappedValue: .milliseconds(milliseconds)), saved: saved)
        let measured = DrillMeasurements(controls: controls, disturbed: [run])
        #expect(measured.lastSave?.wrappedValue == .milliseconds(milliseconds))
        #expect(measured.savesOnNotice == saved)
        #expect(measured.lastSaveFits == fits)
    }

    @Test("what was not seen is absent")
    func nothing() {
        #expect(
            DrillMeasurements(controls: [], disturbed: [])
                == DrillMeasurements(controls: [ScriptedRun(nil).done()], disturbed: [ScriptedRun(.kill).done()]))
        let measured = DrillMeasurements(controls: [], disturbed: [])
        #expect(measured.restartOverhead == nil && measured.checkpointBytes == nil && measured.save == nil)
        #expect(measured.lastSaveFits == nil && measured.undisturbed == nil)
    }
}

@Suite struct SaveTrackerTests {
    private func spans(_ milliseconds: Int...) -> [SaveSpan] {
        var tracker = SaveTracker(pause: .milliseconds(50))
        for time in milliseconds { tracker.changed(at: .milliseconds(time)) }
        return tracker.spans
    }

    private func span(_ from: Int, _ until: Int) -> SaveSpan {
        SaveSpan(from: .milliseconds(from), until: .milliseconds(until))
    }

    @Test("changes that follow closely are one save; one after a pause begins the next")
    func grouping() {
        #expect(spans() == [])
        #expect(spans(7) == [span(7, 7)])
        #expect(spans(0, 50, 100) == [span(0, 100)])
        #expect(spans(0, 51, 101) == [span(0, 0), span(51, 101)])
        #expect(spans(0, 0, 0) == [span(0, 0)])
        #expect(spans(0, 30, 1000, 1049, 5000).map(\.length) == [.milliseconds(30), .milliseconds(49), .zero])
    }
}
