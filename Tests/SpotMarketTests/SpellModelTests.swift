// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

@Suite struct SpellModelTests {
    private func model(_ seed: UInt64, up: Double = 1, down: Double = 1, notice: Double = 0.5) -> SpellModel {
        SpellModel(seed: seed, upScale: up, downScale: down, noticeShare: notice, notice: .seconds(120))
    }

    /// The first outputs of the published algorithm for the seed 1234567.
    @Test func `the generator is the published one`() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
        for _ in 0..<1000 {
            #expect((0..<1).contains(random.uniform()))
            #expect((0..<7).contains(random.below(7)))
        }
    }

    @Test func `a seed gives the same spells for good`() throws {
        let text = model(7).spells(through: .hours(48)).map { spell in
            "\(spell.from.milliseconds) \(spell.until.milliseconds) \(spell.notice.map { "\($0.milliseconds)" } ?? "-")\n"
        }.joined()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/spells-seed-7.txt")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test func `a longer night begins like a shorter one`() {
        let (short, long) = (model(3).spells(through: .hours(8)), model(3).spells(through: .hours(80)))
        #expect(Array(long.prefix(short.count)) == short)
        #expect(long.count > short.count)
    }

    @Test func `spells are in order, apart and never empty`() {
        for seed in UInt64(0)..<200 {
            var end = Duration.milliseconds(-1)
            for spell in model(seed, up: 0.01, down: 0.01).spells(through: .hours(10)) {
                #expect(spell.from > end && spell.until > spell.from, "seed \(seed)")
                end = spell.until
            }
        }
    }

    /// P(age > t) = exp(−cumulative hazard), in closed form. 20 000 draws: three standard errors are 0.011.
    @Test(arguments: [0.02, 0.05, 0.25, 1, 4, 24])
    func `ages follow the hazard`(hours: Double) {
        // 3 per hour up to the age where the two hazards meet, then the integral of 0.55 × age^−0.75.
        let meeting = pow(0.55 / 3, 1 / 0.75)
        let hazard =
            hours < meeting ? 3 * hours : 3 * meeting + 0.55 / 0.25 * (pow(hours, 0.25) - pow(meeting, 0.25))
        let spells = model(11).spells(through: .hours(400_000)).prefix(20000)
        #expect(spells.count == 20000)
        let share = Double(spells.count { ($0.until - $0.from).realSeconds > hours * 3600 }) / 20000
        #expect(abs(share - exp(-hazard)) < 0.011, "\(share), by the hazard \(exp(-hazard))")
    }

    @Test func `half of the nights begin with capacity, half of the interruptions are noticed`() {
        var up = 0
        var noticed = 0
        var all = 0
        for seed in UInt64(0)..<4000 {
            let spells = model(seed).spells(through: .hours(8))
            if spells.first?.from == .zero { up += 1 }
            noticed += spells.count { $0.notice != nil }
            all += spells.count
        }
        #expect(abs(Double(up) / 4000 - 0.5) < 0.03)
        #expect(abs(Double(noticed) / Double(all) - 0.5) < 0.03)
    }

    @Test func `the scales stretch what they name`() {
        func hours(up: Double, down: Double) -> Double {
            (UInt64(0)..<500).reduce(0.0) { sum, seed in
                model(seed, up: up, down: down).spells(through: .hours(24)).reduce(sum) {
                    $0 + (min($1.until, .hours(24)) - $1.from).realSeconds / 3600 / 500
                }
            }
        }
        let plain = hours(up: 1, down: 1)
        #expect(hours(up: 10, down: 1) > plain * 1.2)
        #expect(hours(up: 1, down: 10) < plain / 1.2)
        #expect(model(1, notice: 0).spells(through: .hours(99)).allSatisfy { $0.notice == nil })
        #expect(model(1, notice: 1).spells(through: .hours(99)).allSatisfy { $0.notice != nil })
    }
}
