// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightEngine
import NightSimulator
import SpotMarket
import TrainingJobs

/// Nights of 4 h in 8 h in ticks, on one core: policies side by side, what solving ours takes, and the same on all cores.
enum TickBenchmark {
    private static let hour: Int64 = 3_600_000
    private static let nights = 20000

    static func run() async throws {
        for tick in [600_000, 195_000] as [Int64] {
            let night = TickNight(
                tick: tick, work: 4 * hour, deadline: 8 * hour, restartOverhead: hour / 10, spotRates: [973_100],
                onDemandRate: 3_060_000)
            let trace = trace(tick)
            let start = night.outlook(wholeTicks: true)
            var base: Spread?
            for name in [PolicyName.uniformProgress, .greedy, .nightshift] {
                let net = SafetyNet(name.policy(for: start))
                let time = try await Spread.measure(runs: 7) { _ in play(night, .net(net), trace, 0..<nights) }
                let ratio = base.map { String(format: "; %.2f times uniform-progress", time.median / $0.median) } ?? ""
                print("\(tick / 1000) s ticks, \(name.rawValue): nights \(time.rate(nights))\(ratio)")
                base = base ?? time
            }
            let solving = try await Spread.measure(runs: 7) { _ in _ = PolicyName.nightshift.policy(for: start) }
            print("\(tick / 1000) s ticks, solving nightshift: \(solving.text)")
            try await cores(night, SafetyNet(PolicyName.nightshift.policy(for: start)), trace)
        }
    }

    /// The same bytes on one core and on all; what the others add is what the machine has.
    private static func cores(_ night: TickNight, _ net: SafetyNet, _ trace: [Bool]) async throws {
        let width = ProcessInfo.processInfo.activeProcessorCount
        func all(_ width: Int) async throws -> [[TickOutcome]] {
            try await ParallelNights.results(64, width: width) { part in
                play(night, .net(net), trace, part * nights / 64..<(part + 1) * nights / 64)
            }
        }
        let one = try await Spread.measure(runs: 7) { _ in _ = try await all(1) }
        let many = try await Spread.measure(runs: 7) { _ in _ = try await all(width) }
        let same = try await all(1) == all(width)
        print(
            String(format: "%d cores: %.2f times as fast as one, ", width, one.median / many.median)
                + (same ? "the same outcomes" : "OTHER OUTCOMES"))
    }

    @discardableResult
    private static func play(
        _ night: TickNight, _ rules: TickSimulator.Rules, _ trace: [Bool], _ numbers: Range<Int>
    ) -> [TickOutcome] {
        var simulator = TickSimulator(night, rules)
        let last = trace.count - night.deadlineTicks - 4
        let zones = [trace]
        return numbers.map { simulator.play(zones, from: $0 * 37 % last) }
    }

    /// About four months of the shipped law.
    private static func trace(_ tick: Int64) -> [Bool] {
        let ticks = Int(120 * 24 * hour / tick)
        var trace = [Bool](repeating: false, count: ticks)
        let spells = SpellModel(seed: 1, upScale: 1, downScale: 1, noticeShare: 0, notice: .zero)
            .spells(through: .milliseconds(Int64(ticks) * tick))
        for spell in spells {
            let (from, until) = (Int(spell.from.milliseconds / tick), Int(spell.until.milliseconds / tick))
            for index in from..<min(ticks, max(from, until)) { trace[index] = true }
        }
        return trace
    }
}
