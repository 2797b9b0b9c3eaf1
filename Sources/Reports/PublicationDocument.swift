// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What came of putting a night's model into service, in a form for scripts.
package struct PublicationDocument: Codable, Hashable, Sendable {
    /// `published`, `kept-back`, `failed`.
    package var result: String
    /// Why not: `gate`, `late`, `stopped-by-person`, `rolled-back`, `failed`.
    package var reason: String?
    /// What the gate or the system said.
    package var text: String?
    package var publishedAt: Instant?
    /// The night whose model is in service by the night's end; absent for none.
    package var inService: String?
    /// The night whose model was in service before.
    package var replaces: String?

    package init(_ answer: PublicationAnswer, of night: String) {
        switch answer {
        case .published(let at, let replaces):
            result = "published"
            publishedAt = at
            inService = night
            self.replaces = replaces
        case .keptBack(let why, let inService):
            result = "kept-back"
            self.inService = inService
            switch why {
            case .gate(let words):
                reason = "gate"
                text = words
            case .late: reason = "late"
            case .stoppedByPerson: reason = "stopped-by-person"
            case .rolledBack: reason = "rolled-back"
            }
        case .failed(let why, let inService):
            result = "failed"
            reason = "failed"
            text = why
            self.inService = inService
        }
    }
}
