// SPDX-License-Identifier: Apache-2.0

/// What a night is doing, for people.
package enum NightPhase: Hashable, Sendable {
    /// Nothing was recorded yet.
    case notOpened
    /// Opened before its window.
    case beforeStart
    /// No machine and none asked for.
    case waiting
    /// Asked for, no capacity yet.
    case launching(Offer)
    /// Granted; boots, restores and starts.
    case restarting(Offer)
    case training(Offer)
    /// One machine trains on while its replacement is being got.
    case moving(from: Offer, to: Offer)
    /// The model is ready; it is being checked and put into service.
    case publishing
    /// The end is decided; machines are being stopped.
    case concluding(NightOutcome)
    case finished(NightOutcome)
}

extension Timeline {
    package func phase(at now: Instant) -> NightPhase {
        if let outcome { return .finished(outcome) }
        if let concluding { return .concluding(concluding) }
        if isPublicationRequested, publication == nil { return .publishing }
        guard let terms else { return .notOpened }
        let living = launches.filter { $0.end == nil && $0.stop == nil }
        guard let newest = living.last else { return now < terms.start ? .beforeStart : .waiting }
        let training = living.last { $0.isRunning && $0.attempts.last?.training != nil }
        switch (newest.isRunning ? newest.attempts.last : nil, training) {
        case (let attempt?, _) where attempt.training != nil: return .training(newest.offer)
        case (_, let older?): return .moving(from: older.offer, to: newest.offer)
        case (nil, nil): return .launching(newest.offer)
        case (_?, nil): return .restarting(newest.offer)
        }
    }
}
