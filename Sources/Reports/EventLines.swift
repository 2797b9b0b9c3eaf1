// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The lines of a whole stream of events, for people who watch it.
///
/// While a night waits, it asks every few minutes and is refused. The first refusal is told; those that follow are
/// counted, and the count is told when something else happens. The journal and `why` have them all.
package struct EventLines: Sendable {
    private let clock: ClockText
    /// Lines of a question whose answer is not known yet.
    private var held: [String] = []
    /// A refusal and the decision to wait have been told.
    private var isWaiting = false
    private var refusals = 0
    private var asking: LaunchOrder?
    private var copiesUnverified = false

    package init(clock: ClockText) { self.clock = clock }

    package mutating func lines(for event: NightEvent) -> [String] {
        if case .opened(let terms) = event.kind { copiesUnverified = terms.copiesUnverified }
        guard let line = EventLine.text(for: event, clock: clock, copiesUnverified: copiesUnverified) else {
            return []
        }
        switch event.kind {
        case .decided(let decision) where isWaiting && decision.isQuestion:
            held = [line]
            return []
        case .launchRequested(let order) where isWaiting && !held.isEmpty:
            asking = order
            held.append(line)
            return []
        case .launchAnswered(_, .noCapacity) where isWaiting && asking != nil:
            refusals += 1
            forget()
            return []
        case .decided(let decision) where isWaiting && decision.choice == .wait && held.isEmpty:
            return []
        case .decided(let decision):
            defer { isWaiting = decision.choice == .wait }
            return told() + [line]
        default:
            isWaiting = isWaiting && asking == nil
            return told() + [line]
        }
    }

    /// What was held back, and how often the same was asked in vain.
    private mutating func told() -> [String] {
        defer {
            forget()
            refusals = 0
        }
        guard refusals > 0 else { return held }
        return ["         asked \(refusals) more \(refusals == 1 ? "time" : "times") in vain"] + held
    }

    private mutating func forget() {
        held = []
        asking = nil
    }
}

extension Decision {
    /// It will be asked for, and may be refused.
    fileprivate var isQuestion: Bool {
        if case .use(let offer) = choice { offer.purchase == .spot } else { false }
    }
}
