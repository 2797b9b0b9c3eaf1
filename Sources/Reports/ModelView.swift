// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// All that is known about one model, in text.
package struct ModelView: Sendable {
    private let document: ModelDocument
    private let clock: ClockText

    package init(_ document: ModelDocument, timeZone: String) {
        self.document = document
        clock = ClockText(timeZone: timeZone)
    }

    package var text: String {
        let record = document.record
        let title = "\(record.night): \(document.inService ? "in service" : "not in service")"
        let lines = facts.map { " " + $0.0 + String(repeating: " ", count: 17 - $0.0.count) + $0.1 }
        return ([TerminalText.sanitized(title)] + lines).joined(separator: "\n") + "\n"
    }

    private var facts: [(String, String)] {
        let record = document.record
        var facts = [
            ("decision", ModelWords.decision(record, clock)),
            ("ready", "\(clock.date(record.readyAt)) \(clock.withZone(record.readyAt))"),
            (
                "model",
                "sha256 \(record.model.digest), \(record.model.files) files, \(NumberText.bytes(record.model.bytes))"
            ),
            ("path", document.path),
        ]
        if let verified = document.verified {
            facts.append(("bytes", verified ? "read again, as recorded" : "DAMAGED"))
        }
        if let pack = record.pack {
            facts.append(("model.tar.gz", "sha256 \(pack.sha256), \(NumberText.bytes(pack.bytes))"))
        }
        if let gate = record.gate { facts.append(("gate", gate)) }
        facts.append(("replaces", record.replaces ?? "none"))
        facts.append(
            ("code", record.sourceDigest.map { "sha256 \($0)" } ?? "not known: the source had links to directories"))
        facts.append(("cost", "\(record.cost.text), on-demand baseline \(MoneyText.amount(record.baseline))"))
        for metric in record.metrics {
            facts.append(
                ("metric", "\(metric.name) \(metric.value) at \(clock.seconds(metric.at)), attempt \(metric.attempt)"))
        }
        for metric in record.notFinite ?? [] {
            facts.append(
                ("metric", "\(metric.name) \(metric.text) at \(clock.seconds(metric.at)), attempt \(metric.attempt)"))
        }
        for parameter in record.hyperparameters {
            facts.append(("hyperparameter", "\(parameter.name) \(parameter.json ?? "(looks like a secret, not kept)")"))
        }
        for attempt in record.lineage.attempts {
            let from = attempt.restored.map { "from generation \($0)" } ?? "from zero"
            let saved =
                attempt.committed.isEmpty
                ? "saved none" : "saved \(attempt.committed.map(String.init).joined(separator: ", "))"
            facts.append(
                (
                    "attempt",
                    "\(LaunchName.short(attempt.launch)) \(OutcomeWords.offer(attempt.offer)) at \(clock.seconds(attempt.startedAt)), \(from), \(saved)"
                ))
        }
        return facts.map { ($0.0, TerminalText.sanitized($0.1)) }
    }
}
