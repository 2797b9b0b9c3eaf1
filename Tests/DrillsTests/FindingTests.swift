// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing

/// A disturbed run and what must be found in it.
struct FindingCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var controls = ScriptedTraining.controls
    let run: DrillRun
    let findings: [DrillFinding]

    init(
        _ words: String, controls: (DrillRun, DrillRun) = ScriptedTraining.controls, _ run: DrillRun,
        _ findings: [DrillFinding] = []
    ) {
        testDescription = words
        self.controls = controls
        self.run = run
        self.findings = findings
    }

    var judge: DrillJudge { DrillJudge(controls: controls, given: [:], ignored: [], hints: nil) }
}

@Suite struct FindingTests {
    private typealias Training = ScriptedTraining
    private static func loss(_ unit: Double) -> Double { ScriptedTraining.loss(unit) }

    @Test("a number that the undisturbed run tells and the resumed one does not is a difference: a NaN is no number")
    func missing() {
        let controls = (Training.control(model: "one"), Training.control("control-2", model: "two"))
        let run = Training.killed(model: "three") { held in Self.lines(from: held + 1) }.withoutValues(ofStay: 1)
        let judge = DrillJudge(controls: controls, given: [:], ignored: [], hints: nil)
        guard case .metricDiffers("loss", _, _, let seen, _, let count)? = judge.judge([run])[0].findings.first else {
            Issue.record("no difference was found")
            return
        }
        #expect(seen.isNaN && count > 1)
    }

    @Test("each finding is made on the smallest run that shows it, and not on its neighbour", arguments: cases)
    func table(of example: FindingCase) {
        let verdict = example.judge.judge([example.run])[0]
        #expect(verdict.findings == example.findings)
        #expect(verdict.passed == example.findings.isEmpty)
        #expect(!verdict.passed || verdict.diagnosis == nil)
    }

    static let cases = places + comparisons + outcomes

    /// Where the log goes on.
    private static let places: [FindingCase] = [
        FindingCase("a resume that goes on with the next unit is right", Training.killed()),
        FindingCase(
            "a resume that begins again has started over",
            Training.killed { _ in Training.units.map { ($0, loss($0)) } }, [.startedOver(held: 4, first: 1)]),
        FindingCase("a kill before the first checkpoint begins again rightly", fromZero(.killAtStart)),
        FindingCase("a kill after a checkpoint does not", fromZero(.kill), [.nothingSaved(unitsLost: 4)]),
        FindingCase("a notice does not", fromZero(.notice), [.nothingSaved(unitsLost: 4)]),
        FindingCase(
            "one unit is skipped", Training.killed { held in lines(from: held + 2) }, [.skipped(unit: 5, next: 6)]),
        FindingCase("a unit that was told before the kill is not skipped", toldBefore(goingOnWith: 6)),
        FindingCase(
            "but the one after it is", toldBefore(goingOnWith: 7), [.skipped(unit: 6, next: 7)]),
        FindingCase(
            "the unit that the checkpoint holds is trained again", Training.killed { held in lines(from: held) },
            [.repeated(unit: 4, held: 4)]),
        FindingCase("a line that says where it goes on is no repetition", announced(4)),
        FindingCase(
            "nor is one that tells the learning rate beside it", controls: withRates, announcedWithRates(["lr"])),
        FindingCase(
            "one that tells all that a unit's line tells is", controls: withRates, announcedWithRates(["loss", "lr"]),
            [.repeated(unit: 4, held: 4)]),
        FindingCase(
            "the unit before it is trained again", Training.killed { held in lines(from: held - 1) },
            [.repeated(unit: 3, held: 4)]),
        FindingCase("in steps of a hundred the next hundred is right", controls: hundreds, inHundreds(from: 500)),
        FindingCase(
            "in steps of a hundred the one after it is not", controls: hundreds, inHundreds(from: 600),
            [.skipped(unit: 500, next: 600)]),
        FindingCase(
            "in steps of a hundred the first is a start from zero", controls: hundreds, inHundreds(from: 100),
            [.startedOver(held: 400, first: 100)]),
        FindingCase(
            "a first step of two hundred is a repetition", controls: hundreds, inHundreds(from: 200),
            [.repeated(unit: 200, held: 400)]),
        FindingCase("a resume at the last unit has nothing left to tell", Training.killed(after: 10) { _ in [] }),
    ]

    /// What the log tells.
    private static let comparisons: [FindingCase] = [
        FindingCase(
            "one value that differs is told with both values",
            Training.killed { held in lines(from: held + 1) { $0 == 7 ? 0.5 : loss($0) } },
            [differs(7, expected: loss(7), seen: 0.5, count: 1)]),
        FindingCase(
            "the worst of several is told, and how many there are",
            Training.killed { held in lines(from: held + 1) { loss($0) + ($0 == 8 ? 2 : 1) } },
            [differs(8, expected: loss(8), seen: loss(8) + 2, count: 6)]),
        FindingCase(
            "what differs before the kill is not the resume's doing",
            Training.killed { held in lines(from: held + 1) }.changing(stay: 0, 2, to: 9)),
        FindingCase(
            "not a number equals not a number", controls: both { $0 == 7 ? .nan : loss($0) },
            Training.killed { held in lines(from: held + 1) { $0 == 7 ? .nan : loss($0) } }),
        FindingCase(
            "infinity equals infinity", controls: both { $0 == 7 ? .infinity : loss($0) },
            Training.killed { held in lines(from: held + 1) { $0 == 7 ? .infinity : loss($0) } }),
        FindingCase(
            "infinity does not equal its negative", controls: both { $0 == 7 ? .infinity : loss($0) },
            Training.killed { held in lines(from: held + 1) { $0 == 7 ? -.infinity : loss($0) } },
            [differs(7, expected: .infinity, seen: -.infinity, count: 1)]),
        FindingCase(
            "a value of the last unit that a kill cut short is not compared", controls: severalAUnit,
            killedInMidUnit(resumed: [(nil, 3.5), (4, 4.25), (nil, 4.5)])),
        FindingCase(
            "of several values a unit the last one counts", controls: severalAUnit,
            killedInMidUnit(resumed: [(nil, 3.5), (4, 4.25), (nil, 9), (nil, 4.5)])),
        FindingCase(
            "what is told before the first progress after a resume belongs to no unit: settings, say",
            controls: severalAUnit, killedInMidUnit(resumed: [(nil, 9), (4, 4.25), (nil, 4.5)])),
        FindingCase(
            "and the last one is compared", controls: severalAUnit,
            killedInMidUnit(resumed: [(nil, 3.5), (4, 4.25), (nil, 4.5), (nil, 9)]),
            [differs(4, expected: 4.5, seen: 9, count: 1)]),
    ]

    /// How the run ended.
    private static let outcomes: [FindingCase] = [
        FindingCase("other bytes of a repeatable model", Training.killed(model: "other"), [.modelDiffers]),
        FindingCase(
            "other bytes of a model that two undisturbed runs do not agree on",
            controls: (Training.control(model: "one"), Training.control("control-2", model: "two")),
            Training.killed(model: "three")),
        FindingCase(
            "a crash at the resume is told in its last words", crashed(inStay: 1),
            [.resumeCrashed("exit code 1: KeyError: 'optimizer'")]),
        FindingCase("a crash before the disturbance is not the resume's", crashed(inStay: 0)),
        FindingCase(
            "a run that gave up", ended(.failed("it was not over after 61 s")),
            [.unfinished("it was not over after 61 s")]),
        FindingCase("a run that ended without a model", ended(.completed), [.unfinished("it ended without a model")]),
        FindingCase("a run that was over too soon", tooSoon, [.notDisturbed]),
        FindingCase(
            "neither metric nor model", controls: silent("one", "two"), silentRun("three"), [.nothingToCompare]),
        FindingCase("a model alone is enough", controls: silent("one", "one"), silentRun("one")),
    ]
}

/// The runs of the tables.
extension FindingTests {
    static func lines(from first: Double, _ value: (Double) -> Double = ScriptedTraining.loss)
        -> [(unit: Double, loss: Double)]
    {
        ScriptedTraining.units.filter { $0 >= first }.map { ($0, value($0)) }
    }

    static func both(_ loss: (Double) -> Double) -> (DrillRun, DrillRun) {
        (ScriptedTraining.control(loss: loss), ScriptedTraining.control("control-2", loss: loss))
    }

    static func differs(_ unit: Double, expected: Double, seen: Double, count: Int) -> DrillFinding {
        .metricDiffers(metric: "loss", unit: unit, expected: expected, seen: seen, limit: 0, count: count)
    }

    private static func fromZero(_ disturbance: Disturbance) -> DrillRun {
        ScriptedTraining.killed(disturbance, resumedFrom: .some(nil)) { _ in lines(from: 1) }
    }

    /// Saves unit 5 before it prints it: the generation is said to hold 4, and the log has told 5.
    private static func toldBefore(goingOnWith first: Double) -> DrillRun {
        ScriptedTraining.killed(after: 5, resumedFrom: 4) { _ in lines(from: first) }
    }

    private static func announced(_ held: Double) -> DrillRun {
        var run = ScriptedRun(.kill)
        run.begin()
        for line in lines(from: 1) where line.unit <= held { run.line(line.unit, ("loss", line.loss)) }
        run.end(.killed)
        run.begin(from: held)
        run.line(held)
        for line in lines(from: held + 1) { run.line(line.unit, ("loss", line.loss)) }
        return run.done()
    }

    private static var withRates: (DrillRun, DrillRun) {
        func run(_ name: String) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            for line in lines(from: 1) { run.line(line.unit, ("loss", line.loss), ("lr", 0.5)) }
            return run.done()
        }
        return (run("control-1"), run("control-2"))
    }

    private static func announcedWithRates(_ metrics: [String]) -> DrillRun {
        var run = ScriptedRun(.kill)
        run.begin()
        for line in lines(from: 1) where line.unit <= 4 { run.line(line.unit, ("loss", line.loss), ("lr", 0.5)) }
        run.end(.killed)
        run.begin(from: 4)
        run.line(4, metrics.map { ($0, $0 == "lr" ? 0.5 : loss(4)) })
        for line in lines(from: 5) { run.line(line.unit, ("loss", line.loss), ("lr", 0.5)) }
        return run.done()
    }

    private static var hundreds: (DrillRun, DrillRun) {
        func run(_ name: String) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            for unit in ScriptedTraining.units { run.line(unit * 100, ("loss", ScriptedTraining.loss(unit))) }
            return run.done()
        }
        return (run("control-1"), run("control-2"))
    }

    private static func inHundreds(from first: Double) -> DrillRun {
        var run = ScriptedRun(.kill)
        run.begin()
        for unit in 1...4 { run.line(Double(unit) * 100, ("loss", ScriptedTraining.loss(Double(unit)))) }
        run.end(.killed)
        run.begin(from: 400)
        for line in lines(from: first / 100) { run.line(line.unit * 100, ("loss", line.loss)) }
        return run.done()
    }

    /// The log tells each epoch's number first and then three losses.
    private static var severalAUnit: (DrillRun, DrillRun) {
        func run(_ name: String) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            for unit in [1.0, 2, 3, 4] {
                run.line(unit)
                for part in [0, 0.25, 0.5] { run.line(nil, ("loss", unit + part)) }
            }
            return run.done()
        }
        return (run("control-1"), run("control-2"))
    }

    private static func killedInMidUnit(resumed: [(told: Double?, loss: Double)]) -> DrillRun {
        var run = ScriptedRun(.notice)
        run.begin()
        for unit in [1.0, 2] {
            run.line(unit)
            for part in [0, 0.25, 0.5] { run.line(nil, ("loss", unit + part)) }
        }
        run.line(3)
        run.line(nil, ("loss", 3))
        run.end(.killed)
        run.begin(from: 3)
        run.line(nil, ("loss", 3.25))
        for line in resumed {
            if let told = line.told { run.line(told) }
            run.line(nil, ("loss", line.loss))
        }
        return run.done()
    }

    private static func crashed(inStay index: Int) -> DrillRun {
        var run = ScriptedRun(.kill)
        for (stay, units) in [1.0...4, 5...10].enumerated() {
            run.begin(from: stay == 0 ? nil : 4)
            if stay == index { run.crash("exit code 1", lastWords: ["Traceback", "KeyError: 'optimizer'"]) }
            for line in lines(from: 1) where units.contains(line.unit) { run.line(line.unit, ("loss", line.loss)) }
            if stay == 0 { run.end(.killed) }
        }
        return run.done()
    }

    private static func ended(_ end: DrillStay.End) -> DrillRun {
        var run = ScriptedTraining.killed(model: nil)
        run.stays[1].end = end
        return run
    }

    private static var tooSoon: DrillRun {
        var run = ScriptedTraining.control("kill")
        run.disturbance = .kill
        return run
    }

    private static func silent(_ one: String, _ two: String) -> (DrillRun, DrillRun) {
        (ScriptedTraining.control(model: one).withoutValues(), ScriptedTraining.control(model: two).withoutValues())
    }

    private static func silentRun(_ model: String) -> DrillRun {
        ScriptedTraining.killed(model: model).withoutValues()
    }
}

extension DrillRun {
    func withoutValues(ofStay index: Int? = nil) -> DrillRun {
        var run = self
        for stay in run.stays.indices where index == nil || index == stay { run.stays[stay].values = [] }
        return run
    }

    /// The value at a place of a stay's log, replaced.
    func changing(stay: Int, _ index: Int, to value: Double) -> DrillRun {
        var run = self
        run.stays[stay].values[index].value = value
        return run
    }
}
