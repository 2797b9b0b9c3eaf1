// SPDX-License-Identifier: Apache-2.0

import NightRunner
import NightshiftTesting
import Synchronization
import Testing
import TrainingJobs

/// A runner may die at any instruction. Here it does, at each of them in turn, and the next one takes over.
@Suite struct KillTests {
    @Test(arguments: Scenario.all)
    func `a runner killed before or after any effect loses nothing`(scenario: Scenario) async throws {
        try await Bench.withJournal { journal in
            let (outcome, points) = try await undisturbed(scenario, journal)
            #expect(points.count > 20)
            for point in points {
                let bench = try scenario.bench("\(point)", journal)
                let killed = try await bench.live(point: Countdown(point).hit)
                #expect(killed == nil, "point \(point) was never reached")
                try await expectWhole(bench, try await bench.live(), outcome, "killed at point \(point)")
            }
        }
    }

    @Test func `killed again at any point of the recovery, it still loses nothing`() async throws {
        let scenario = Scenario.small
        try await Bench.withJournal { journal in
            let (outcome, points) = try await undisturbed(scenario, journal)
            var pairs = 0
            for point in points {
                let recovery = try scenario.bench("\(point)", journal)
                _ = try await recovery.live(point: Countdown(point).hit)
                for second in try await watch(recovery).points {
                    let bench = try scenario.bench("\(point)-\(second)", journal)
                    _ = try await bench.live(point: Countdown(point).hit)
                    _ = try await bench.live(point: Countdown(second).hit)
                    let replay = "killed at points \(point) and \(second)"
                    try await expectWhole(bench, try await bench.live(), outcome, replay)
                    pairs += 1
                }
            }
            #expect(pairs > 200)
        }
    }

    private func undisturbed(
        _ scenario: Scenario, _ journal: Journal
    ) async throws -> (outcome: NightOutcome, points: [Int]) {
        let bench = try scenario.bench("undisturbed", journal)
        let (outcome, points) = try await watch(bench)
        #expect(try await bench.complaints() == [])
        return (try #require(outcome), points)
    }

    /// Runs to the end and tells the points beside which something was recorded: killed elsewhere, a runner has done
    /// nothing that the next one does not do again.
    private func watch(_ bench: RunnerBench) async throws -> (outcome: NightOutcome?, points: [Int]) {
        let counts = Collected<Int>()
        let outcome = try await bench.live {
            counts.add((try? bench.journal.lastSequence(of: bench.terms.night)) ?? -1)  // shows as a point too many
            return false
        }
        let all = counts.all
        let points = all.indices.filter { index in
            let near = all[max(0, index - 2)...min(all.count - 1, index + 1)]
            return index == 0 || near.first != near.last
        }
        return (outcome, points)
    }

    private func expectWhole(
        _ bench: RunnerBench, _ outcome: NightOutcome?, _ undisturbed: NightOutcome, _ replay: String
    ) async throws {
        #expect(outcome == undisturbed, "\(replay)")
        #expect(try await bench.complaints() == [], "\(replay)")
    }
}

/// Hits at the n-th call, counted from zero.
final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ point: Int) { left = Mutex(point) }

    @Sendable func hit() -> Bool {
        left.withLock { left in
            left -= 1
            return left == -1
        }
    }
}
