// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing
import TrainingJobs

/// Laws over random runs. A seed that fails is in the message; it gives the same run again.
@Suite struct DrillJudgePropertyTests {
    private static let seeds = Array(UInt64(1)...200)

    /// Two undisturbed runs of random length, steps and metrics, perhaps not quite the same.
    private struct Training {
        let units: [Double]
        let metrics: [String]
        var controls: (DrillRun, DrillRun)
        /// Units at which a metric is told, and its value.
        private let values: [String: [Double]]

        init(_ chance: inout Chance) {
            let step = [1.0, 100, 0.1, 0.25, 7][chance.below(5)]
            let first = [step, 1, 0, 50][chance.below(4)]
            units = (0..<chance.below(30) + 6).map { first + Double($0) * step }
            metrics = ["loss", "accuracy", "lr", "val/score"].filter { $0 == "loss" || chance.below(2) == 0 }
            var drawn: [String: [Double]] = [:]
            for metric in metrics { drawn[metric] = units.map { _ in Double(chance.below(1 << 20)) / 1024 } }
            values = drawn
            let spread = chance.below(2) == 0 ? 0 : Double(chance.below(64)) / 64
            controls = (
                Self.control("control-1", units, metrics, drawn, model: "one", plus: 0),
                Self.control("control-2", units, metrics, drawn, model: spread == 0 ? "one" : "two", plus: spread)
            )
        }

        private static func control(
            _ name: String, _ units: [Double], _ metrics: [String], _ values: [String: [Double]], model: String,
            plus spread: Double
        ) -> DrillRun {
            var run = ScriptedRun(nil, name: name)
            run.begin()
            for (index, unit) in units.enumerated() {
                run.line(unit, metrics.map { ($0, values[$0]![index] + spread) })
            }
            return run.done(model: model)
        }

        /// Killed at random places; otherwise the first undisturbed run.
        func disturbed(_ disturbance: Disturbance, _ chance: inout Chance) -> DrillRun {
            var run = ScriptedRun(disturbance)
            var next = 0
            for stay in 0...chance.below(3) + 1 {
                run.begin(from: stay == 0 ? nil : units[next - 1])
                let stop = min(units.count - 1, next + 1 + chance.below(units.count))
                for index in next..<stop { run.line(units[index], metrics.map { ($0, values[$0]![index]) }) }
                next = stop
                run.end(.killed)
            }
            run.begin(from: units[next - 1])
            for index in next..<units.count { run.line(units[index], metrics.map { ($0, values[$0]![index]) }) }
            return run.done(model: "one")
        }

        func judge() -> DrillJudge { DrillJudge(controls: controls, given: [:], ignored: [], hints: nil) }
    }

    @Test("a run equal to the undisturbed one always passes", arguments: seeds)
    func equalPasses(seed: UInt64) {
        var chance = Chance(seed)
        let training = Training(&chance)
        let run = training.disturbed(.kill, &chance)
        #expect(training.judge().judge([run])[0].findings == [], "seed \(seed)")
    }

    @Test("one value after a resume that is further away than the limit always fails", arguments: seeds)
    func oneValueFails(seed: UInt64) throws {
        var chance = Chance(seed)
        let training = Training(&chance)
        var run = training.disturbed(.kill, &chance)
        let judge = training.judge()
        let stay = run.stays.count - 1
        let index = chance.below(run.stays[stay].values.count)
        let value = run.stays[stay].values[index]
        let limit = try #require(judge.tolerances.first { $0.metric == value.metric }?.limit, "seed \(seed)")
        let away = [limit + 1.0 / 1024, limit * 2 + 1, .infinity, .nan, -.infinity][chance.below(5)]
        run.stays[stay].values[index].value = value.value + away
        let verdict = judge.judge([run])[0]
        #expect(
            verdict.findings.contains {
                if case .metricDiffers(value.metric, value.units, value.value, _, limit, 1) = $0 { true } else { false }
            }, "seed \(seed)")
        #expect(verdict.diagnosis != nil, "seed \(seed)")
    }

    @Test("the order of the disturbed runs changes no verdict, and the same runs give the same", arguments: seeds)
    func orderDoesNotMatter(seed: UInt64) {
        var chance = Chance(seed)
        let training = Training(&chance)
        var runs = Disturbance.allCases.map { training.disturbed($0, &chance) }
        for run in runs.indices where chance.below(2) == 0 {
            let stay = runs[run].stays.count - 1
            let values = runs[run].stays[stay].values.count
            switch chance.below(4) {
            case 0: runs[run].stays[stay].values[chance.below(values)].value += 1000
            case 1: runs[run].stays[stay].restored = nil
            case 2: runs[run].stays[stay].crashes = ["exit code 1"]
            default: runs[run].tornFile = TornFile(path: "a", replacedWholeFile: chance.below(2) == 0)
            }
        }
        let verdicts = training.judge().judge(runs)
        #expect(training.judge().judge(runs) == verdicts, "seed \(seed)")
        for index in runs.indices.reversed() { runs.swapAt(index, chance.below(index + 1)) }
        let others = training.judge().judge(runs)
        for verdict in verdicts {
            #expect(others.first { $0.disturbance == verdict.disturbance } == verdict, "seed \(seed)")
        }
    }

    @Test("no number that a log can hold stops the judge", arguments: seeds)
    func anyNumber(seed: UInt64) {
        var chance = Chance(seed)
        let numbers = [
            0, -0.0, 1, -1, 1e308, -1e308, Double.leastNonzeroMagnitude, .nan, .infinity, -.infinity, 1e18, 9.3e18, 0.1,
            1e-300,
        ]
        func run(_ name: String, _ disturbance: Disturbance?) -> DrillRun {
            var run = ScriptedRun(disturbance, name: name)
            for stay in 0...(disturbance == nil ? 0 : chance.below(3)) {
                run.begin(from: stay == 0 || chance.below(4) == 0 ? nil : numbers[chance.below(numbers.count)])
                for _ in 0..<chance.below(8) {
                    run.line(
                        chance.below(3) == 0 ? nil : numbers[chance.below(numbers.count)],
                        ("loss", numbers[chance.below(numbers.count)]), ("lr", numbers[chance.below(numbers.count)]))
                }
                run.end(.killed)
            }
            run.end(.completed)
            return run.done()
        }
        let controls = (run("control-1", nil), run("control-2", nil))
        let judge = DrillJudge(controls: controls, given: [:], ignored: [], hints: nil)
        let runs = Disturbance.allCases.map { run($0.rawValue, $0) }
        #expect(judge.judge(runs).count == runs.count, "seed \(seed)")
        _ = DrillMeasurements(controls: [controls.0, controls.1], disturbed: runs)
    }

    @Test("a log of a hundred thousand values is judged in time that grows with its length, not its square")
    func longLogs() {
        func seconds(_ count: Int) -> Double {
            func stay(_ range: Range<Int>, from held: Double?, _ end: DrillStay.End) -> DrillStay {
                DrillStay(
                    restored: held.map { RestoredPoint(generation: 1, units: $0) }, trainingAt: .zero,
                    progress: range.map { ProgressMark(at: .milliseconds($0), units: Double($0 + 1)) },
                    values: range.map {
                        LoggedValue(
                            metric: "loss", value: Double($0 * 7919 % 1000) + (held == nil ? 0 : 1),
                            units: Double($0 + 1), tellsProgress: true)
                    }, commits: [], saves: [], end: end, crashes: [], lastWords: [])
            }
            func run(_ disturbance: Disturbance?, _ stays: [DrillStay]) -> DrillRun {
                var run = ScriptedRun(disturbance).done()
                run.stays = stays
                return run
            }
            let control = run(nil, [stay(0..<count, from: nil, .completed)])
            let half = count / 2
            let killed = run(
                .kill,
                [stay(0..<half, from: nil, .killed), stay(half..<count, from: Double(half), .completed)])
            return processorSeconds {
                let judge = DrillJudge(controls: (control, control), given: [:], ignored: [], hints: nil)
                let verdict = judge.judge([killed])[0]
                #expect(verdict.findings.count == 1)
                _ = DrillMeasurements(controls: [control, control], disturbed: [killed])
            }
        }
        let (short, long) = (seconds(10_000), seconds(100_000))
        // Ten times as long; its square would be a hundred times.
        #expect(long < short * 40, "\(short), \(long)")
    }
}

/// Chance from a seed (SplitMix64).
struct Chance {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// From 0 to one less than `limit`, which is not 0.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
