// SPDX-License-Identifier: Apache-2.0

/// Where a model's weights come from: each stay that trained, what it went on from and what it saved. A fold over the
/// night's events.
package struct ModelLineage: Codable, Hashable, Sendable {
    package struct Attempt: Codable, Hashable, Sendable {
        package var launch: String
        package var offer: Offer
        package var startedAt: Instant
        /// The generation that was restored; `nil` for a start from zero.
        package var restored: Int?
        /// Generations that this stay committed, in order.
        package var committed: [Int] = []
    }

    package private(set) var attempts: [Attempt] = []

    package init() {}

    package var newestGeneration: Int? { attempts.flatMap(\.committed).max() }

    /// `offer` is that of the launch which the event is about.
    package mutating func trainingStarted(_ key: String, on offer: Offer, _ start: TrainingStart) {
        attempts.append(Attempt(launch: key, offer: offer, startedAt: start.at, restored: start.generation))
    }

    package mutating func committed(_ key: String, _ generation: Int) {
        guard let index = attempts.lastIndex(where: { $0.launch == key }) else { return }
        attempts[index].committed.append(generation)
    }
}
