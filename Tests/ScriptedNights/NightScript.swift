// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Writes the events of a night by hand: times are minutes after its start.
package struct NightScript {
    package let terms: NightTerms
    package private(set) var events: [NightEvent] = []
    private var orders: [LaunchOrder] = []

    package init(_ terms: NightTerms) {
        self.terms = terms
        add(0, .opened(terms))
    }

    package func at(_ minutes: Double) -> Instant { terms.start + .milliseconds(Int64(minutes * 60000)) }

    package mutating func add(_ minutes: Double, _ kind: NightEvent.Kind) {
        events.append(NightEvent(sequence: events.count + 1, at: at(minutes), kind: kind))
    }

    package mutating func decide(
        _ minutes: Double, _ choice: Choice, _ reason: DecisionReason, workLeft: Int, durableWorkLeft: Int,
        instead: [Alternative] = []
    ) {
        let latest = terms.latestSafeSwitch(workLeft: .minutes(durableWorkLeft))
        let spent = Bill(events).total(at: at(minutes))
        add(
            minutes,
            .decided(
                Decision(
                    choice: choice, reason: reason, alternatives: instead, slack: latest - at(minutes),
                    latestSafeSwitch: latest, workLeft: .minutes(workLeft), durableWorkLeft: .minutes(durableWorkLeft),
                    spent: spent)))
    }

    /// Requests a machine and records the answer; returns its key.
    @discardableResult
    package mutating func launch(_ minutes: Double, _ offer: Offer, _ outcome: LaunchOutcome = .launched) -> String {
        let epoch = orders.count + 1
        let rate = terms.offers.first { $0.offer == offer }?.rate ?? HourlyRate(microdollars: 0)
        let order = LaunchOrder(
            key: "\(terms.night)-a\(epoch)", night: terms.night, epoch: epoch, offer: offer, rate: rate,
            notAfter: terms.end, expectedGeneration: nil)
        orders.append(order)
        add(minutes, .launchRequested(order))
        add(minutes + 0.05, .launchAnswered(key: order.key, outcome))
        return order.key
    }

    package mutating func run(_ key: String, _ minutes: Double) {
        add(minutes, .machineRunning(key: key, since: at(minutes)))
    }

    package mutating func train(
        _ key: String, _ minutes: Double, from generation: Int?, units: Double, passedOver: [String] = []
    ) {
        let start = TrainingStart(at: at(minutes), generation: generation, units: units, passedOver: passedOver)
        add(minutes, .trainingStarted(key: key, start))
    }

    package mutating func progress(_ key: String, _ points: [(minutes: Double, units: Double)]) {
        for point in points {
            add(point.minutes, .progressed(key: key, ProgressPoint(at: at(point.minutes), units: point.units)))
        }
    }

    package mutating func commit(_ key: String, _ minutes: Double, _ generation: Int, units: Double) {
        let committed = CommittedGeneration(generation: generation, units: units, bytes: 1_400_000_000, at: at(minutes))
        add(minutes, .committed(key: key, committed))
    }

    package mutating func notice(_ key: String, _ minutes: Double) {
        add(minutes, .noticed(key: key, InterruptionNotice(seenAt: at(minutes), interruptionAt: at(minutes + 2))))
    }

    /// Ends a launch with computed usage, or with what the platform reported.
    package mutating func end(_ key: String, _ minutes: Double, _ reason: EndReason, usage reported: [Usage]? = nil) {
        let computed = Bill(events).lines.first { $0.key == key }?.billed(at: at(minutes)) ?? []
        add(minutes, .launchEnded(key: key, reason, at: at(minutes), usage: reported ?? computed))
    }

    package mutating func finish(_ minutes: Double, _ outcome: NightOutcome) {
        add(minutes, .finished(outcome))
    }
}
