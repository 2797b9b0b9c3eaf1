// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightEngine
import NightSimulator
import SpotMarket
import Testing
import TrainingJobs

/// The optimum against trying everything, and as the bound that it is.
@Suite struct ClairvoyantOptimumTests {
    /// A small night on a random market.
    private struct Instance {
        var ticks: Int
        var tick, work, overhead: Int64
        var rates: [Int64]
        let onDemandRate: Int64 = 300
        var isUp: [[Bool]]

        init(seed: UInt64, zones: Int, ticks: Int) {
            var random = SplitMix64(seed: seed)
            func draw(_ range: ClosedRange<Int64>) -> Int64 {
                range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1))
            }
            self.ticks = ticks
            tick = draw(2...6)
            work = draw(1...tick * Int64(ticks))
            overhead = draw(0...tick * 2)
            rates = (0..<zones).map { _ in draw(50...350) }
            isUp = (0..<zones).map { _ in (0..<ticks).map { _ in draw(0...2) > 0 } }
        }

        var optimum: ClairvoyantOptimum {
            ClairvoyantOptimum(
                tick: tick, work: work, restartOverhead: overhead, window: tick * Int64(ticks) + tick - 1,
                spotRates: rates, onDemandRate: onDemandRate)
        }

        func rate(_ placement: Placement) -> Int64 {
            switch placement {
            case .none: 0
            case .spot(let zone): rates[zone]
            case .onDemand: onDemandRate
            }
        }

        /// `nil` where the course asks for what is not there.
        func result(of course: [Placement]) -> (progress: Int64, cost: Int64)? {
            var (progress, cost, last): (Int64, Int64, Placement) = (0, 0, .none)
            for (number, placement) in course.enumerated() {
                if case .spot(let zone) = placement, !isUp[zone][number] { return nil }
                if placement != .none { progress += tick - (placement == last ? 0 : overhead) }
                cost += rate(placement)
                last = placement
            }
            return (progress, cost)
        }

        /// The least cost of all courses that there are.
        func leastByTrying() -> Int64? {
            let choices = [Placement.none, .onDemand(0)] + rates.indices.map { .spot($0) }
            var least: Int64?
            var courses: [[Placement]] = [[]]
            for _ in 0..<ticks { courses = courses.flatMap { course in choices.map { course + [$0] } } }
            for course in courses {
                guard let result = result(of: course), result.progress >= work else { continue }
                least = min(least ?? .max, result.cost)
            }
            return least
        }
    }

    @Test(arguments: [(zones: 1, ticks: 6, seeds: UInt64(60)), (2, 5, 60), (3, 4, 60)])
    func `it is the cheapest of all courses`(zones: Int, ticks: Int, seeds: UInt64) {
        for seed in 0..<seeds {
            let night = Instance(seed: seed, zones: zones, ticks: ticks)
            let found = night.optimum.rateTicks { night.isUp[$0][$1] }
            #expect(found == night.leastByTrying(), "seed \(seed)")
        }
    }

    @Test(arguments: [1, 2, 3])
    func `its course can be taken, does the work and costs what it says`(zones: Int) throws {
        for seed in 100..<160 as Range<UInt64> {
            let night = Instance(seed: seed, zones: zones, ticks: 14)
            let solution = night.optimum.solution { night.isUp[$0][$1] }
            #expect((solution == nil) == (night.work + night.overhead > night.tick * 14), "seed \(seed)")
            guard let solution else { continue }
            let result = try #require(night.result(of: solution.course), "seed \(seed): a zone that is down")
            #expect(result.progress >= night.work, "seed \(seed)")
            #expect(result.cost == solution.rateTicks, "seed \(seed)")
            #expect(solution.course.count == solution.finishTick, "seed \(seed)")
            #expect(solution.rateTicks == night.optimum.rateTicks { night.isUp[$0][$1] }, "seed \(seed)")
        }
    }

    /// An overhead of 0.03333 h shares no more than 12 ms with the tick: finer units than memory has room for.
    @Test(arguments: [119_880, 119_988] as [Int64])
    func `a long night with an odd overhead is solved in bounded memory`(overhead: Int64) throws {
        let optimum = ClairvoyantOptimum(
            tick: 195_000, work: 172_800_000, restartOverhead: overhead, window: 252_000_000,
            spotRates: [1_000_000], onDemandRate: 3_000_000)
        let isUp = RandomZone.spells(seed: 1, tick: 195_000, ticks: 1300)
        let cost = try #require(optimum.rateTicks { isUp[$1] })
        let solution = try #require(optimum.solution { isUp[$1] })
        #expect(solution.rateTicks == cost)
        var (progress, last) = (Int64(0), Placement.none)
        for (number, placement) in solution.course.enumerated() {
            if placement.isSpot { #expect(isUp[number]) }
            if placement != .none { progress += 195_000 - (placement == last ? 0 : overhead) }
            last = placement
        }
        #expect(progress >= 172_800_000)
        // What the process has held at most so far: both nights at once, and other suites. Alone it is 265 MB; a cost for
        // each state of each tick would be 1.4 GB here, and was 6.7 GB in units of 120 ms.
        let peak = try #require(Self.peakKilobytes)
        #expect(peak < 600_000, "\(peak) kB")
    }

    private static var peakKilobytes: Int? {
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            .flatMap { Int($0.filter(\.isNumber)) }
    }

    @Test(arguments: PolicyName.plain)
    func `no policy is cheaper`(name: PolicyName) {
        for seed in 0..<12 as Range<UInt64> {
            let zones = 1 + Int(seed % 2)
            let night = TickNight(
                tick: 600_000, work: 10_800_000, deadline: 18_000_000, restartOverhead: Int64(seed % 3) * 360_000,
                spotRates: Array(repeating: 1_000_000, count: zones), onDemandRate: 3_000_000)
            let isUp = (0..<zones).map { RandomZone.spells(seed: seed * 7 + UInt64($0), tick: night.tick, ticks: 60) }
            var simulator = TickSimulator(
                night, .net(SafetyNet(name.policy(for: night.outlook(wholeTicks: true)))))
            let played = simulator.play(isUp, from: 0)
            let optimum = night.optimum(isUp, from: 0, asPublished: false)
            #expect(!played.isLate(night), "seed \(seed)")
            #expect(optimum.onDemandHours(night) <= played.onDemandHours(night) + 1e-9, "seed \(seed)")
        }
    }
}

/// A zone's availability drawn from the shipped law.
enum RandomZone {
    static func spells(seed: UInt64, tick: Int64, ticks: Int) -> [Bool] {
        let model = SpellModel(seed: seed, upScale: 1, downScale: 1, noticeShare: 0, notice: .zero)
        let spells = model.spells(through: .milliseconds(tick * Int64(ticks)))
        return (0..<ticks).map { number in
            let now = Duration.milliseconds(tick * Int64(number))
            return spells.contains { $0.from <= now && now < $0.until }
        }
    }
}
