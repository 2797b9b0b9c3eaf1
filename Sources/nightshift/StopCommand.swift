// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightRunner
import ProcessSupervision
import Reports
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

    @Flag(help: "A JSON document.")
    var json = false

    func run() async throws {
        let project = options.project
        let journal = try project.existingJournal()
        let record = try project.night(night.night, in: journal)
        var outcome = try journal.events(of: record.id).outcome
        guard outcome == nil else { return try tell(record, "had ended already", outcome) }
        try journal.orderStop(of: record.id, at: SystemClock.now())
        while outcome == nil {
            if let lease = try RunnerLease.take(directory: project.nightDirectory(record.id)) {
                // Nobody steers it: this process does, to its end.
                try await steerToEnd(project, journal, record)
                withExtendedLifetime(lease) {}
            } else {
                try await Task.sleep(for: .milliseconds(100))
            }
            outcome = try journal.events(of: record.id).outcome
        }
        var model = "the previous model stays in service"
        if case .completed? = outcome { model = "its model was ready before the stop got through" }
        try tell(record, "is over; no machine of it runs; \(model)", outcome)
    }

    private func tell(_ record: NightRecord, _ words: String, _ outcome: NightOutcome?) throws {
        Console.tell("\(record.id) \(words)")
        guard json, let outcome else { return }
        Console.print(try NightJSON.text(StopDocument(night: record.id, outcome: outcome)))
    }

    private func steerToEnd(_ project: Project, _ journal: Journal, _ record: NightRecord) async throws {
        let terms = try NightSession.terms(openedBy: try journal.events(of: record.id), of: record)
        let session = NightSession(project: project, record: record, terms: terms)
        let runner = NightRunner(
            journal: journal, backend: try await session.backend(), publisher: try session.modelPublisher(),
            clock: ScaledNightClock(record.clock)
        ) { _, _, _ in
        } warn: { warning in
            Console.tell(RunnerWarningWords.text(warning, terms: terms))
        }
        _ = try await runner.run(record.id)
    }
}

/// `stop --json`.
private struct StopDocument: Encodable {
    var schemaVersion = NightJSON.schemaVersion
    var night: String
    var outcome: OutcomeDocument

    init(night: String, outcome: NightOutcome) {
        self.night = night
        self.outcome = OutcomeDocument(outcome, margin: nil)
    }
}
