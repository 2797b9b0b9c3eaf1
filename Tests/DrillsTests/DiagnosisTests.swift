// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing

@Suite struct DiagnosisTests {
    private static func loss(_ unit: Double) -> Double { ScriptedTraining.loss(unit) }

    /// The diagnosis of the last of some disturbed runs.
    private func diagnosis(
        _ runs: DrillRun..., controls: (DrillRun, DrillRun) = ScriptedTraining.controls, hints: CheckpointHints? = nil
    ) -> Diagnosis? {
        DrillJudge(controls: controls, given: [:], ignored: [], hints: hints).judge(runs).last?.diagnosis
    }

    /// Killed after unit 4; from there on the log tells this loss.
    private func resumed(_ disturbance: Disturbance = .kill, _ value: @escaping (Double) -> Double) -> DrillRun {
        ScriptedTraining.killed(disturbance) { held in FindingTests.lines(from: held + 1, value) }
    }

    @Test("no checkpoint at the kill: it saves at the end only")
    func savesAtTheEndOnly() {
        let run = ScriptedTraining.killed(resumedFrom: .some(nil)) { _ in FindingTests.lines(from: 1) }
        #expect(diagnosis(run) == Diagnosis(.savesAtTheEndOnly))
    }

    @Test("the beginning again, in count and in values: the checkpoint is not loaded")
    func startsFromZero() {
        let run = ScriptedTraining.killed { _ in FindingTests.lines(from: 1) }
        #expect(diagnosis(run) == Diagnosis(.startsFromZero))
    }

    @Test("the beginning again in count, but not in values: only the count is not restored")
    func countsFromZero() {
        let far = ScriptedTraining.killed { _ in FindingTests.lines(from: 1) { Self.loss($0 + 4) } }
        #expect(diagnosis(far) == Diagnosis(.oneBehind))
        let near = ScriptedTraining.killed(after: 2) { _ in FindingTests.lines(from: 1) { Self.loss($0 + 2) } }
        #expect(diagnosis(near) == Diagnosis(.oneBehind, [.shifted(units: 2, metric: "loss")]))
    }

    @Test(
        "values of another unit tell by how many units the resume is off",
        arguments: [
            (-1.0, ResumeCause.oneAhead), (-2, .oneAhead), (1, .oneBehind), (2, .oneBehind),
        ] as [(Double, ResumeCause)])
    func shift(units: Double, cause: ResumeCause) {
        #expect(
            diagnosis(resumed { Self.loss($0 + units) }) == Diagnosis(cause, [.shifted(units: units, metric: "loss")]))
    }

    @Test("a unit that is skipped, or trained again, tells the same without a shift of the values")
    func skippedAndRepeated() {
        #expect(diagnosis(ScriptedTraining.killed { FindingTests.lines(from: $0 + 2) }) == Diagnosis(.oneAhead))
        #expect(diagnosis(ScriptedTraining.killed { FindingTests.lines(from: $0) }) == Diagnosis(.oneBehind))
    }

    @Test(
        "a shift is found in whatever steps the log tells progress, and whichever the first one is",
        arguments: [
            // First unit, step, how far a resume is off.
            (1.0, 1.0, 1.0), (0, 1, 1), (100, 100, 100), (1, 100, 100), (0.1, 0.1, 1), (0.5, 0.5, 1), (0.3, 0.1, 1),
            (1.0 / 3, 1.0 / 3, 1), (1e9, 1e6, 1e6),
        ] as [(Double, Double, Double)])
    func stepsOfAnySize(first: Double, step: Double, off: Double) {
        func value(_ unit: Double) -> Double { Self.loss((unit / step).rounded() / 4) + (unit / step).rounded() * 0.3 }
        func units(_ range: Range<Int>) -> [Double] { range.map { first + Double($0) * step } }
        func control(_ name: String) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            for unit in units(0..<60) { run.line(unit, ("loss", value(unit))) }
            return run.done()
        }
        for direction in [-1.0, 1] {
            var run = ScriptedRun(.kill)
            run.begin()
            for unit in units(0..<20) { run.line(unit, ("loss", value(unit))) }
            run.end(.killed)
            run.begin(from: units(19..<20)[0])
            for unit in units(20..<60) { run.line(unit, ("loss", value(unit + direction * off))) }
            let found = diagnosis(run.done(), controls: (control("control-1"), control("control-2")))
            #expect(found?.cause == (direction < 0 ? .oneAhead : .oneBehind))
            guard case .shifted(let distance, "loss")? = found?.evidence.first else {
                Issue.record("no shift in \(String(describing: found))")
                return
            }
            #expect(abs(distance - direction * off) < off / 1000)
        }
    }

    @Test("a learning rate that begins again is told with where it should be")
    func learningRate() {
        func lines(_ run: inout ScriptedRun, _ units: ClosedRange<Int>, rate: (Int) -> Double, bend: Double) {
            for unit in units {
                run.line(Double(unit), ("loss", Self.loss(Double(unit)) + bend), ("lr", rate(unit)))
            }
        }
        func control(_ name: String) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            lines(&run, 1...10, rate: { 0.5 / Double($0) }, bend: 0)
            return run.done()
        }
        var run = ScriptedRun(.kill)
        run.begin()
        lines(&run, 1...4, rate: { 0.5 / Double($0) }, bend: 0)
        run.end(.killed)
        run.begin(from: 4)
        lines(&run, 5...10, rate: { 0.5 / Double($0 - 4) }, bend: 0.001)
        #expect(
            diagnosis(run.done(), controls: (control("control-1"), control("control-2")))
                == Diagnosis(.learningRate, [.learningRate(seen: 0.5, expected: 0.1, unit: 5)]))
    }

    @Test("a jump to one side that comes back is a lost optimizer state")
    func jump() throws {
        let found = try #require(diagnosis(resumed { Self.loss($0) + 0.8 / ($0 - 4) }))
        #expect(found.cause == .optimizerState)
        guard case .aboveNoise("loss", let ratio) = found.evidence[0],
            case .comesBack("loss", let first, let last) = found.evidence[1]
        else {
            Issue.record("\(found)")
            return
        }
        #expect(ratio > 3)
        #expect(abs(first - 0.8) < 1e-9 && abs(last - 0.8 / 6) < 1e-9)
    }

    @Test("a bend far below the curve's own scatter is the same data in the same order")
    func bend() throws {
        let found = try #require(diagnosis(resumed { Self.loss($0) + 1e-6 * ($0 - 4) }))
        #expect(found.cause == .optimizerState)
        guard case .belowNoise("loss", let ratio)? = found.evidence.first else {
            Issue.record("\(found)")
            return
        }
        #expect(ratio < 0.3)
    }

    @Test("a scatter of the curve's own size is another order of the data")
    func scatter() throws {
        let other = [0.009, -0.011, 0.012, -0.010, 0.011, -0.012]
        let found = try #require(diagnosis(resumed { Self.loss($0) + other[Int($0) - 5] }))
        #expect(found.cause == .randomState)
        guard case .withinNoise("loss", _)? = found.evidence.first else {
            Issue.record("\(found)")
            return
        }
    }

    @Test(
        "where the shape does not tell, a name that is missing from the checkpoint does",
        arguments: [
            (true, false, ResumeCause.randomState), (false, true, .optimizerState), (true, true, .unknown),
            (false, false, .unknown),
        ] as [(Bool, Bool, ResumeCause)])
    func hints(optimizer: Bool, random: Bool, cause: ResumeCause) {
        // A straight line has no scatter to measure by, and the difference goes to both sides.
        let control = (
            ScriptedTraining.control { 2 - $0 / 8 }, ScriptedTraining.control("control-2") { 2 - $0 / 8 }
        )
        let run = resumed { 2 - $0 / 8 + ($0.truncatingRemainder(dividingBy: 2) == 0 ? 1 : -1) / 64 }
        let hints = CheckpointHints(namesOptimizer: optimizer, namesRandomState: random)
        #expect(diagnosis(run, controls: control, hints: hints)?.cause == cause)
        #expect(diagnosis(run, controls: control)?.cause == .unknown)
    }

    @Test("another seed in the log tells of random state, whatever the shape")
    func seed() {
        func seeded(_ run: DrillRun, _ seeds: Double...) -> DrillRun {
            var run = run
            for (stay, seed) in seeds.enumerated() {
                let value = LoggedValue(
                    metric: DrillJudge.seedName, value: seed, units: run.stays[stay].restored?.units ?? 0,
                    tellsProgress: false)
                run.stays[stay].values.insert(value, at: 0)
            }
            return run
        }
        let controls = (seeded(ScriptedTraining.control(), 42), seeded(ScriptedTraining.control("control-2"), 42))
        let jump = resumed { Self.loss($0) + 0.8 / ($0 - 4) }
        #expect(
            diagnosis(seeded(jump, 42, 7), controls: controls)
                == Diagnosis(.randomState, [.otherSeed(seen: 7, expected: 42)]))
        #expect(diagnosis(seeded(jump, 42, 42), controls: controls)?.cause == .optimizerState)
    }

    @Test("a seed that changes from unit to unit anyway tells nothing")
    func seedOfEachUnit() {
        func control(_ name: String) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            for unit in ScriptedTraining.units { run.line(unit, ("loss", Self.loss(unit)), ("seed", unit)) }
            return run.done()
        }
        var run = ScriptedRun(.kill)
        run.begin()
        for unit in 1...4 { run.line(Double(unit), ("loss", Self.loss(Double(unit))), ("seed", Double(unit))) }
        run.end(.killed)
        run.begin(from: 4)
        for unit in 5...10 {
            run.line(
                Double(unit), ("loss", Self.loss(Double(unit)) + 0.8 / Double(unit - 4)), ("seed", Double(unit)))
        }
        #expect(
            diagnosis(run.done(), controls: (control("control-1"), control("control-2")))?.cause == .optimizerState)
    }

    @Test("a model that differs behind an equal log has no cause that the log could tell")
    func onlyModel() {
        #expect(diagnosis(ScriptedTraining.killed(model: "other")) == Diagnosis(.unknown, [.onlyModel]))
    }

    @Test("what was not disturbed, or cannot be compared, has no cause")
    func noCause() {
        var early = ScriptedTraining.control()
        early.disturbance = .kill
        #expect(
            DrillJudge(controls: ScriptedTraining.controls, given: [:], ignored: [], hints: nil).judge([early])[0]
                .diagnosis == nil)
    }
}

/// Causes that only several runs together tell.
@Suite struct DiagnosisOfSeveralTests {
    private func judge(_ runs: DrillRun...) -> DisturbanceVerdict {
        let judge = DrillJudge(controls: ScriptedTraining.controls, given: [:], ignored: [], hints: nil)
        return judge.judge(runs)[runs.count - 1]
    }

    private func jumping(_ disturbance: Disturbance) -> DrillRun {
        ScriptedTraining.killed(disturbance) { held in
            FindingTests.lines(from: held + 1) { ScriptedTraining.loss($0) + 0.8 / ($0 - 4) }
        }
    }

    @Test("a cut file is the cause where a plain kill is survived", arguments: [false, true])
    func torn(replacesWholeFile: Bool) {
        var run = jumping(.killInSave)
        run.tornFile = TornFile(path: "model.pt", replacedWholeFile: replacesWholeFile)
        #expect(
            judge(ScriptedTraining.killed(), run).diagnosis
                == Diagnosis(replacesWholeFile ? .overwritesInPlace : .tornCheckpoint, [.tornFile("model.pt")]))
        #expect(judge(jumping(.kill), run).diagnosis?.cause == .optimizerState)
    }

    @Test("a cut file is the cause of a crash too")
    func tornAndCrashed() {
        var run = ScriptedTraining.killed(.killInSave, model: nil) { _ in [] }
        run.tornFile = TornFile(path: "model.pt", replacedWholeFile: true)
        run.stays[1].crashes = ["exit code 1"]
        run.stays[1].end = .failed("exit code 1")
        #expect(judge(ScriptedTraining.killed(), run).diagnosis?.cause == .overwritesInPlace)
        run.tornFile = nil
        #expect(judge(ScriptedTraining.killed(), run).diagnosis == Diagnosis(.unknown))
    }

    @Test("a notice stops within an epoch: only it differs where the place in the epoch is lost")
    func positionInEpoch() {
        #expect(
            judge(ScriptedTraining.killed(), jumping(.notice)).diagnosis
                == Diagnosis(.positionInEpoch, [.onlyWithinAnEpoch]))
        #expect(judge(jumping(.kill), jumping(.notice)).diagnosis?.cause == .optimizerState)
    }

    @Test("without a kill nobody knows whether kills between epochs are survived")
    func noticeAlone() {
        #expect(judge(jumping(.notice)).diagnosis?.cause == .optimizerState)
    }

    @Test("a crash after a notice is no lost place in the epoch")
    func crashAfterNotice() {
        var run = ScriptedTraining.killed(.notice, model: nil) { _ in [] }
        run.stays[1].crashes = ["exit code 1"]
        run.stays[1].end = .failed("exit code 1")
        #expect(judge(ScriptedTraining.killed(), run).diagnosis == Diagnosis(.unknown))
    }
}
