// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import Foundation
import NightEngine
import NightRunner
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

@Suite struct SteeringTests {
    @Test(arguments: Scenario.all + [.small])
    func `a night reads as it should`(scenario: Scenario) async throws {
        try await Bench.withJournal { journal in
            let bench = try scenario.bench("n", journal)
            _ = try await bench.live()
            let lines = try bench.events().map {
                "\(($0.at - Fixtures.start).milliseconds / 60000)\t\($0.kind.short)\n"
            }
            let name = scenario.name.replacingOccurrences(of: " ", with: "-")
            try Golden.expect(lines.joined(), "night-\(name).txt")
        }
    }

    @Test func `a stuck observer holds nothing up, and everything is told in the end`() async throws {
        try await Bench.withJournal { journal in
            let bench = try Scenario.quiet.bench("n", journal)
            let told = Collected<Int>()
            let runner = NightRunner(
                journal: journal, backend: bench.backend, publisher: bench.shelf, clock: bench.clock
            ) { _, events, _ in
                // Like a terminal that was stopped: nothing is shown before the night is over.
                while (try? await bench.complaints().isEmpty) != true { await Task.yield() }
                for event in events { told.add(event.sequence) }
            } warn: { _ in
            }
            _ = try await runner.run("n")
            #expect(told.all == Array(2...(try bench.events().count)))
        }
    }

    @Test func `a person's stop ends the machine and the night`() async throws {
        try await Bench.withJournal { journal in
            let bench = try Scenario.quiet.bench("n", journal)
            try journal.orderStop(of: "n", at: Fixtures.start)
            try journal.orderStop(of: "n", at: Fixtures.start + .hours(1))
            #expect(try await bench.live() == .keptPrevious(.stoppedByPerson))
            #expect(try await bench.complaints() == [])
            #expect(bench.clock.trueTime < Fixtures.start + .minutes(5))
        }
    }

    @Test func `a night that is over is not run again`() async throws {
        try await Bench.withJournal { journal in
            let bench = try Scenario.quiet.bench("n", journal)
            let outcome = try await bench.live()
            let (events, keys) = (try bench.events(), await bench.backend.world.keys)
            #expect(try await bench.live() == outcome)
            #expect(try bench.events() == events)
            #expect(await bench.backend.world.keys == keys)
        }
    }

    @Test func `a machine that the journal does not count is stopped at the next start`() async throws {
        try await Bench.withJournal { journal in
            let bench = try Scenario.quiet.bench("n", journal)
            let stray = LaunchOrder(
                key: "n-a9", night: "n", epoch: 9, offer: Fixtures.spot, rate: HourlyRate(microdollars: 1),
                notAfter: Fixtures.start + .hours(9), expectedGeneration: nil)
            _ = try await bench.backend.launch(stray)
            _ = try await bench.live()
            #expect(bench.warnings.all == [.leftover(key: "n-a9")])
            #expect(await bench.backend.world.live(at: bench.clock.trueTime) == [])
        }
    }

    @Test func `cancelling stops the steering and touches nothing`() async throws {
        try await Bench.withJournal { journal in
            let bench = try Scenario.quiet.bench("n", journal)
            let runner = NightRunner(
                journal: journal, backend: bench.backend, publisher: bench.shelf, clock: bench.clock
            ) { _, _, _ in
            } warn: { _ in
            }
            let steering = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await runner.run("n")
            }
            await #expect(throws: CancellationError.self) { try await steering.value }
            #expect(await bench.backend.world.live(at: bench.clock.trueTime) == ["n-a1"])
            _ = try await bench.live()
            #expect(try await bench.complaints() == [])
        }
    }

    @Test func `a night that nobody opened is named`() async throws {
        try await Bench.withJournal { journal in
            let bench = try Scenario.quiet.bench("n", journal)
            let runner = NightRunner(
                journal: journal, backend: bench.backend, publisher: bench.shelf, clock: bench.clock
            ) { _, _, _ in
            } warn: { _ in
            }
            await #expect(throws: JournalError.noSuchNight("other")) { try await runner.run("other") }
        }
    }

    @Test func `the same night gives the same journal to the byte`() async throws {
        try await Bench.withJournal { one in
            try await Bench.withJournal { other in
                for scenario in Scenario.all {
                    let texts = try await [one, other].asyncMap { journal in
                        let bench = try scenario.bench(scenario.name, journal)
                        _ = try await bench.live()
                        return try journal.texts(of: scenario.name)
                    }
                    #expect(texts[0] == texts[1])
                    #expect(texts[0].count > 15)
                }
            }
        }
    }

    /// Forward jumps cost time, so what on-demand could keep is only promised where none is lost.
    @Test(arguments: [-3600, -1, 1, 3600], [5, 30, 70])
    func `a wall clock that jumps breaks no law`(seconds: Int, minute: Int) async throws {
        for scenario in Scenario.all {
            try await Bench.withJournal { journal in
                var terms = scenario.terms
                terms.night = "n"
                var market = Fixtures.market(spells: [], terms: terms)
                market.listings[0].supply = .spells(scenario.spells)
                let clock = ManualNightClock(
                    terms.start, jumps: [(terms.start + .minutes(minute), .seconds(seconds))])
                let bench = try RunnerBench(
                    terms: terms, market: market, conditions: scenario.conditions, journal: journal, job: Bench.job,
                    clock: clock)
                let outcome = try await bench.live()
                let note: Comment = "\(scenario.name), \(seconds) s at minute \(minute): \(outcome as Any)"
                #expect(outcome != nil, note)
                #expect(try await bench.complaints() == [], note)
            }
        }
    }
}

extension NightEvent.Kind {
    fileprivate var short: String {
        switch self {
        case .opened: "opened"
        case .decided(let decision): "decided \(decision.choice.short), \(decision.reason.rawValue)"
        case .priced(let priced): "priced \(priced.offer.purchase.rawValue)"
        case .launchRequested(let order): "launch \(order.key) \(order.offer.purchase.rawValue)"
        case .launchAnswered(let key, let outcome): "\(key) \(outcome)"
        case .machineRunning(let key, _): "\(key) running"
        case .waitingAgain(let key, _): "\(key) waits again"
        case .trainingStarted(let key, let start): "\(key) trains from \(start.units)"
        case .progressed(let key, let point): "\(key) at \(point.units)"
        case .committed(let key, let generation): "\(key) committed \(generation.units)"
        case .noticed(let key, _): "\(key) noticed"
        case .trainerFailed(let key, _): "\(key) failed"
        case .alarmed(let key, let alarm): "\(key) tripwire \(alarm.tripwire.rawValue)"
        case .modelReady(let key, _): "\(key) model ready"
        case .stopRequested(let key, let reason): "stop \(key), \(reason.rawValue)"
        case .launchEnded(let key, let reason, _, _): "\(key) ended, \(reason)"
        case .publicationRequested: "publication requested"
        case .publicationAnswered(.published(_, let replaces)): "published, replaces \(replaces ?? "none")"
        case .publicationAnswered(let answer): "publication \(answer)"
        case .concluding: "concluding"
        case .finished(.completed(_, let late)): "finished, late \(late)"
        case .finished(let outcome): "finished \(outcome)"
        }
    }
}

extension Choice {
    fileprivate var short: String {
        switch self {
        case .wait: "wait"
        case .use(let offer): offer.purchase.rawValue
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Answer>(_ body: (Element) async throws -> Answer) async rethrows -> [Answer] {
        var answers: [Answer] = []
        for element in self { answers.append(try await body(element)) }
        return answers
    }
}
