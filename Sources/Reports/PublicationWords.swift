// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Which model is in service, and why, in words. Reasons come from outside and are sanitised here.
package enum PublicationWords {
    /// For a log.
    static func line(_ answer: PublicationAnswer) -> String {
        switch answer {
        case .published(_, let replaces):
            return "the model is in service\(replaces.map { ", in place of \(night($0))" } ?? "")"
        case .keptBack(let why, let inService): return "the model is kept back, \(reason(why)); \(service(inService))"
        case .failed(let why, let inService):
            return "the model could not be put into service: \(TerminalText.sanitized(why)); \(service(inService))"
        }
    }

    /// Why the model of a night is not in service; `nil` when it is.
    static func objection(_ answer: PublicationAnswer?) -> String? {
        switch answer {
        case .keptBack(.gate(let why), _): TerminalText.sanitized(why)
        case .failed(let why, _): "it could not be put into service: \(TerminalText.sanitized(why))"
        case .keptBack, .published, nil: nil
        }
    }

    /// `recommender-2026-11-23 stays in service`; without an answer nobody has looked which one that is.
    static func stays(_ answer: PublicationAnswer?) -> String {
        switch answer {
        case .keptBack(_, let inService), .failed(_, let inService): service(inService)
        case .published, nil: "the previous one stays in service"
        }
    }

    package static func reason(_ why: KeptBack) -> String {
        switch why {
        case .gate(let why): TerminalText.sanitized(why)
        case .late: "it came after the deadline"
        case .stoppedByPerson: "a person ended the night"
        case .rolledBack: "a person went back to another model"
        }
    }

    /// `in service: recommender-2026-11-24, in place of recommender-2026-11-23`; for the facts of a night.
    static func fact(_ answer: PublicationAnswer, of own: String) -> String {
        switch answer {
        case .published(_, let replaces):
            "\(night(own)), \(replaces.map { "in place of \(night($0))" } ?? "the first one")"
        case .keptBack(let why, let inService):
            "\(inService.map(night) ?? "none") at the night's end; the new one is kept back: \(reason(why))"
        case .failed(let why, let inService):
            "\(inService.map(night) ?? "none") at the night's end; the new one could not be put into service: "
                + TerminalText.sanitized(why)
        }
    }

    /// What a model will have to pass.
    static func settings(_ settings: PublishSettings) -> String {
        var words: [String] = []
        if let metric = settings.gate?.metric {
            let bound =
                switch metric.bound {
                case .atMost(let limit): "at most \(limit)"
                case .atLeast(let limit): "at least \(limit)"
                }
            let worse = metric.percentWorse.map { ", at most \($0) % worse than in service" } ?? ""
            words.append("if \(TerminalText.sanitized(metric.name)) is \(bound)\(worse)")
        }
        if let gate = settings.gate, !gate.command.isEmpty {
            let command = TerminalText.sanitized(gate.command.joined(separator: " "))
            words.append("if `\(command)` agrees within \(DurationText.full(gate.timeout))")
        }
        words.append(settings.whenLate == .publish ? "also when late" : "not when late")
        if settings.pack { words.append("with model.tar.gz") }
        return words.joined(separator: "; ")
    }

    private static func service(_ inService: String?) -> String {
        inService.map { "\(night($0)) stays in service" } ?? "none is in service"
    }

    private static func night(_ night: String) -> String { TerminalText.sanitized(night) }
}
