// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing

@Suite struct ToleranceTests {
    /// Ten units of loss 1, and another value at one of them.
    private static func control(_ name: String, model: String = "same", at unit: Double = 3, _ value: Double = 1)
        -> DrillRun
    {
        ScriptedTraining.control(name, model: model) { $0 == unit ? value : 1 }
    }

    /// Two undisturbed runs that are a quarter apart at unit 3.
    private static let apart = (control("control-1", model: "one"), control("control-2", model: "two", 1.25))

    private func judged(
        _ seen: Double, controls: (DrillRun, DrillRun) = apart, given: [String: Double] = [:],
        ignored: Set<String> = []
    ) -> [DrillFinding] {
        let run = ScriptedTraining.killed(model: "three") { held in
            FindingTests.lines(from: held + 1) { $0 == 7 ? seen : 1 }
        }
        return DrillJudge(controls: controls, given: given, ignored: ignored, hints: nil).judge([run])[0].findings
    }

    @Test("three times what two undisturbed runs were apart passes, and not the least bit more")
    func measured() {
        let judge = DrillJudge(controls: Self.apart, given: [:], ignored: [], hints: nil)
        #expect(judge.tolerances == [Tolerance(metric: "loss", spread: 0.25, limit: 0.75, source: .measured)])
        #expect(!judge.modelIsRepeatable)
        for passing in [1.75, Double(1.75).nextDown, 0.25, 1] { #expect(judged(passing).isEmpty) }
        for failing in [Double(1.75).nextUp, 0.25 - 0x1p-52] {
            #expect(
                judged(failing) == [
                    .metricDiffers(metric: "loss", unit: 7, expected: 1, seen: failing, limit: 0.75, count: 1)
                ])
        }
    }

    @Test("where two undisturbed runs agree bit for bit, the least bit fails")
    func exact() {
        let judge = DrillJudge(controls: ScriptedTraining.controls, given: [:], ignored: [], hints: nil)
        #expect(judge.tolerances == [Tolerance(metric: "loss", spread: 0, limit: 0, source: .exact)])
        let equal = (Self.control("control-1"), Self.control("control-2"))
        #expect(
            judged(Double(1).nextUp, controls: equal).contains { if case .metricDiffers = $0 { true } else { false } })
    }

    @Test("a limit that a person gives counts, tighter or wider, and zero is a limit")
    func given() {
        for limit in [0.5, 4, 0] {
            #expect(judged(1 + limit, given: ["loss": limit]).isEmpty)
            #expect(judged((1 + limit).nextUp, given: ["loss": limit]).count == 1)
        }
        let judge = DrillJudge(controls: Self.apart, given: ["loss": 0.5, "no such": 1], ignored: [], hints: nil)
        #expect(judge.tolerances == [Tolerance(metric: "loss", spread: 0.25, limit: 0.5, source: .given)])
    }

    @Test("a metric that a person leaves out is not compared")
    func ignored() {
        let judge = DrillJudge(controls: Self.apart, given: ["loss": 0.5], ignored: ["loss"], hints: nil)
        #expect(judge.tolerances.isEmpty)
        #expect(judged(99, ignored: ["loss"]) == [.nothingToCompare])
    }

    @Test("a metric that only one of the undisturbed runs tells is not compared")
    func oneOfTwo() {
        let silent = Self.control("control-2").withoutValues()
        #expect(
            DrillJudge(controls: (Self.control("control-1"), silent), given: ["loss": 1], ignored: [], hints: nil)
                .tolerances.isEmpty)
    }

    @Test("a value beside one that is no number is infinitely far away")
    func notANumber() {
        #expect(judged(.nan).count == 1)
        #expect(judged(.infinity).count == 1)
        let judge = DrillJudge(
            controls: (Self.control("control-1"), Self.control("control-2", .nan)), given: [:], ignored: [], hints: nil)
        #expect(judge.tolerances.map(\.spread) == [.infinity])
    }
}

@Suite struct TimingMetricTests {
    @Test(
        "a metric that measures time is told by its name",
        arguments: [
            "time", "epoch_time", "train/time", "step_time_ms", "seconds", "epoch seconds", "elapsed", "eta",
            "samples/s", "it/s", "train/samples/sec", "images_per_s", "train_samples_per_second", "steps_per_sec",
            "throughput", "data-time", "duration_s", "speed", "train_runtime", "eval_runtime", "TIMES",
        ])
    func timing(name: String) { #expect(TimingMetric.isOne(name)) }

    @Test(
        "and one whose name only looks like it is compared",
        arguments: [
            "runtime_loss", "mse", "items", "loss", "rms", "rmse", "forms", "timestep_loss", "accuracy", "params",
            "val/score", "train/ssim", "eval/std", "per_sample_loss", "perplexity", "beta", "theta", "s", "",
            "sentiment", "timeliness", "secant",
        ])
    func compared(name: String) { #expect(!TimingMetric.isOne(name)) }

    @Test("time is not compared, nor is the seed")
    func notCompared() {
        func control(_ name: String, _ time: Double) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            run.line(nil, ("seed", 42))
            for unit in 1...5 { run.line(Double(unit), ("mse", 1), ("epoch_time", time * Double(unit))) }
            return run.done()
        }
        let judge = DrillJudge(
            controls: (control("control-1", 1), control("control-2", 2)), given: [:], ignored: [], hints: nil)
        #expect(judge.tolerances.map(\.metric) == ["mse"])
    }

    @Test(
        "a learning rate is told by its name",
        arguments: [
            ("lr", true), ("LR", true), ("learning rate", true), ("learning_rate", true), ("train/lr", true),
            ("lr-0", true), ("base_learning_rate", true), ("lrelu", false), ("allr", false), ("rate", false),
            ("clr_loss", false),
        ])
    func learningRate(name: String, isOne: Bool) { #expect(DrillJudge.isLearningRate(name) == isOne) }
}
