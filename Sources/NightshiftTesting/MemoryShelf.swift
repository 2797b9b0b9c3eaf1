// SPDX-License-Identifier: Apache-2.0

import PublishedModels
package import TrainingJobs

/// An output path in memory: what is in service, and what was decided about each night's model.
///
/// It refuses nonsense: two different orders for one night, and a decision that changes.
package actor MemoryShelf: ModelPublishing {
    package enum Fault: Hashable, Sendable {
        /// It has no effect, and the caller is told so.
        case failBefore
        /// It has its effect, and the caller does not know that.
        case failAfter
    }

    package struct Trouble: Error, CustomStringConvertible {
        package var description: String { "no space left on the shelf" }
    }

    package private(set) var latest: String?
    package private(set) var nonsense: [String] = []
    private var orders: [String: PublicationOrder] = [:]
    private var answers: [String: PublicationAnswer] = [:]
    private var asked: [String: Int] = [:]
    private let clock: ManualNightClock
    private let habits: Habits

    package init(clock: ManualNightClock, habits: Habits) {
        latest = "yesterday"
        self.clock = clock
        self.habits = habits
    }

    package struct Habits: Sendable {
        /// How often it says that it is still at it.
        package var patience: Int
        /// What it thinks of the model in the end.
        package var objection: KeptBack?
        /// What goes wrong with a decision, by true time.
        package var fault: @Sendable (Instant) -> Fault?

        package init(
            patience: Int = 1, objection: KeptBack? = nil, fault: @escaping @Sendable (Instant) -> Fault? = { _ in nil }
        ) {
            self.patience = patience
            self.objection = objection
            self.fault = fault
        }
    }

    package func publish(_ order: PublicationOrder) async throws -> PublicationAnswer? {
        take(order)
        if let answer = answers[order.night] { return answer }
        asked[order.night, default: 0] += 1
        guard asked[order.night, default: 0] > habits.patience else { return nil }
        return try decide(order, keepingBack: habits.objection)
    }

    package func withdraw(_ order: PublicationOrder) async throws -> PublicationAnswer {
        take(order)
        return try answers[order.night] ?? decide(order, keepingBack: .stoppedByPerson)
    }

    package func inService() -> String? { latest }

    private func take(_ order: PublicationOrder) {
        if let known = orders[order.night], known != order { nonsense.append("two orders to publish \(order.night)") }
        orders[order.night] = order
    }

    private func decide(_ order: PublicationOrder, keepingBack why: KeptBack?) throws -> PublicationAnswer {
        let fault = habits.fault(clock.trueTime)
        if fault == .failBefore { throw Trouble() }
        let answer: PublicationAnswer
        if let why {
            answer = .keptBack(why, inService: latest)
        } else {
            answer = .published(at: clock.trueTime, replaces: latest)
            latest = order.night
        }
        answers[order.night] = answer
        if fault == .failAfter { throw Trouble() }
        return answer
    }
}
