// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightRunner
import ProcessSupervision
import TrainingJobs

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ends a night now and waits until its machines are gone.",
        discussion: """
            The previous model stays in service. Works whether a process steers the night or not.

            EXAMPLES:
              nightshift stop recommender-2026-11-24
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var night: NightArgument

    func run() async throws {
        let project = options.project
        let journal = try project.existingJournal()
        let record = try project.night(night.night, in: journal)
        var outcome = try self.outcome(of: record, journal)
        if outcome != nil {
            Console.tell("\(record.id) has ended already")
            return
        }
        try journal.orderStop(of: record.id, at: SystemClock.now())
        while outcome == nil {
            if let lease = try RunnerLease.take(directory: project.nightDirectory(record.id)) {
                // Nobody steers it: this process does, to its end.
                try await steerToEnd(project, journal, record)
                withExtendedLifetime(lease) {}
            } else {
                try await Task.sleep(for: .milliseconds(100))
            }
            outcome = try self.outcome(of: record, journal)
        }
        var model = "the previous model stays in service"
        if case .completed? = outcome { model = "its model was ready before the stop got through" }
        Console.tell("\(record.id) is over; no machine of it runs; \(model)")
    }

    private func steerToEnd(_ project: Project, _ journal: Journal, _ record: NightRecord) async throws {
        guard case .opened(let terms)? = try journal.events(of: record.id).first?.kind else {
            throw JournalError.damaged(what: record.id, why: "it does not begin with its opening")
        }
        let session = NightSession(project: project, record: record, terms: terms)
        let runner = NightRunner(
            journal: journal, backend: try session.backend(), clock: ScaledNightClock(record.clock)
        ) { _, _, _ in
        } warn: { warning in
            Console.tell(RunnerWarningWords.text(warning, terms: terms))
        }
        _ = try await runner.run(record.id)
    }

    private func outcome(of record: NightRecord, _ journal: Journal) throws -> NightOutcome? {
        for event in try journal.events(of: record.id).reversed() {
            if case .finished(let outcome) = event.kind { return outcome }
        }
        return nil
    }
}
