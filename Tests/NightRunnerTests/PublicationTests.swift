// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightRunner
import NightshiftTesting
import Testing
import TrainingJobs

/// A night ends with what is in service, whatever the publisher does.
@Suite struct PublicationTests {
    private func live(
        _ habits: MemoryShelf.Habits, _ body: (RunnerBench, NightOutcome?) async throws -> Void
    ) async throws {
        try await Bench.withJournal { journal in
            var scenario = Scenario.quiet
            scenario.shelf = habits
            let bench = try scenario.bench("n", journal)
            let outcome = try await bench.live()
            #expect(try await bench.complaints() == [])
            try await body(bench, outcome)
        }
    }

    private func answer(_ bench: RunnerBench) throws -> PublicationAnswer? { Timeline(try bench.events()).publication }

    @Test func `a gated night keeps yesterday's and says why`() async throws {
        try await live(MemoryShelf.Habits(objection: .gate("rmse 1.21 is above 1.0"))) { bench, outcome in
            #expect(outcome == .keptPrevious(.gate))
            let answer = try answer(bench)
            #expect(answer == .keptBack(.gate("rmse 1.21 is above 1.0"), inService: "yesterday"))
            #expect(await bench.shelf.latest == "yesterday")
        }
    }

    @Test func `a late model that is kept back ends the night as late`() async throws {
        try await live(MemoryShelf.Habits(objection: .late)) { _, outcome in
            #expect(outcome == .keptPrevious(.late))
        }
    }

    @Test func `machines are stopped while the gate takes its time`() async throws {
        // A gate of an hour: 60 looks of a minute each, four a tick.
        try await live(MemoryShelf.Habits(patience: 60)) { bench, outcome in
            guard case .completed(let model, late: false)? = outcome else { Issue.record("\(outcome as Any)"); return }
            let events = try bench.events()
            let finished = try #require(events.last?.at)
            #expect(finished - model.at > .minutes(50))
            for case .launchEnded(_, _, let at, _) in events.map(\.kind) { #expect(at - model.at < .minutes(5)) }
        }
    }

    @Test func `a publication that fails for a while is tried again, and a person is told once`() async throws {
        let healed = Fixtures.start + .hours(2)
        try await live(MemoryShelf.Habits(fault: { $0 < healed ? .failBefore : nil })) { bench, outcome in
            guard case .completed(_, late: false)? = outcome else { Issue.record("\(outcome as Any)"); return }
            #expect(bench.warnings.all == [.publicationFailing(why: "no space left on the shelf")])
            #expect(await bench.shelf.latest == "n")
        }
    }

    @Test func `one that fails until the night's end leaves yesterday's and says so`() async throws {
        try await live(MemoryShelf.Habits(fault: { _ in .failBefore })) { bench, outcome in
            #expect(outcome == .keptPrevious(.notPublished))
            let answer = try answer(bench)
            #expect(answer == .failed("no space left on the shelf", inService: "yesterday"))
            let finished = try #require(try bench.events().last?.at)
            #expect(finished >= bench.terms.end)
        }
    }

    @Test func `one whose answer was lost is not made twice`() async throws {
        let once = Countdown(0)
        try await live(MemoryShelf.Habits(fault: { _ in once.hit() ? .failAfter : nil })) { bench, outcome in
            guard case .completed(_, late: false)? = outcome else { Issue.record("\(outcome as Any)"); return }
            let events = try bench.events()
            #expect(events.count { if case .publicationRequested = $0.kind { true } else { false } } == 1)
        }
    }

    @Test func `a person's stop while the gate thinks withdraws the model`() async throws {
        try await Bench.withJournal { journal in
            var scenario = Scenario.quiet
            scenario.shelf = MemoryShelf.Habits(patience: .max)
            let bench = try scenario.bench("n", journal)
            // A runner dies while the gate is at work; then a person stops the night.
            _ = try await bench.live {
                (try? bench.events().contains { if case .publicationRequested = $0.kind { true } else { false } })
                    ?? false
            }
            try journal.orderStop(of: "n", at: bench.clock.now())
            let outcome = try await bench.live()
            #expect(outcome == .keptPrevious(.stoppedByPerson))
            let answer = try answer(bench)
            #expect(answer == .keptBack(.stoppedByPerson, inService: "yesterday"))
            #expect(try await bench.complaints() == [])
        }
    }

    @Test func `a published model's night is late by the time it came into service`() async throws {
        let late = Fixtures.start + .hours(4) + .minutes(3)
        try await live(MemoryShelf.Habits(fault: { $0 < late ? .failBefore : nil })) { bench, outcome in
            guard case .completed(let model, late: true)? = outcome else { Issue.record("\(outcome as Any)"); return }
            #expect(model.at < bench.terms.deadline)
            let margin = try #require(Timeline(try bench.events()).margin)
            #expect(margin < .zero)
        }
    }
}
