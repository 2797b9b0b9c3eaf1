// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing
import TrainingJobs

@Suite struct EventLinesTests {
    private static let offer = Offer(
        backend: "local", instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: "eu-west-1a", purchase: .spot)

    private func decision(_ choice: Choice, _ reason: DecisionReason) -> NightEvent.Kind {
        .decided(
            Decision(
                choice: choice, reason: reason, alternatives: [], slack: .hours(1),
                latestSafeSwitch: Instant(milliseconds: 7_200_000), workLeft: .hours(4), durableWorkLeft: .hours(4),
                spent: .zero))
    }

    private func order(_ epoch: Int) -> LaunchOrder {
        LaunchOrder(
            key: "night-a\(epoch)", night: "night", epoch: epoch, offer: Self.offer,
            rate: HourlyRate(microdollars: 7_500_000), notAfter: Instant(milliseconds: 36_000_000),
            expectedGeneration: nil)
    }

    /// One question and its answer, and what is decided after it.
    private func question(_ epoch: Int, _ outcome: LaunchOutcome) -> [NightEvent.Kind] {
        let asked = [
            decision(.use(Self.offer), .spotWorthTrying), .launchRequested(order(epoch)),
            .launchAnswered(key: "night-a\(epoch)", outcome),
        ]
        return asked
            + [outcome == .launched ? decision(.use(Self.offer), .spotHolds) : decision(.wait, .roomToWait)]
    }

    private func lines(_ kinds: [NightEvent.Kind]) -> [String] {
        var lines = EventLines(clock: ClockText(timeZone: "UTC"))
        return kinds.enumerated().flatMap { index, kind in
            lines.lines(
                for: NightEvent(sequence: index + 2, at: Instant(milliseconds: Int64(index) * 60000), kind: kind))
        }
    }

    @Test func `the first refusal is told, those that follow are counted`() {
        let kinds =
            question(1, .noCapacity) + question(2, .noCapacity) + question(3, .noCapacity) + question(4, .launched)
        let told = lines(kinds)
        #expect(told.count == 9, "\(told)")
        #expect(told[2].hasSuffix("launch a1: no capacity"))
        #expect(told[4] == "         asked 2 more times in vain")
        #expect(told[7].hasSuffix("launch a4: accepted, waiting for capacity"))
    }

    @Test func `a night that is never refused is told line by line`() {
        let kinds = question(1, .launched)
        #expect(lines(kinds).count == kinds.count)
    }

    @Test func `nothing but a repeated question is ever left out`() {
        let kinds = question(1, .noCapacity) + question(2, .noCapacity) + [.concluding(.keptPrevious(.stoppedByPerson))]
        let told = lines(kinds)
        #expect(told.suffix(2).first == "         asked 1 more time in vain")
        #expect(told.last?.contains("the night ends as") == true)
        // A question that is still open when something else happens is told too.
        let open = lines(Array((question(1, .noCapacity) + question(2, .noCapacity)).dropLast(2)) + kinds.suffix(1))
        #expect(open.contains { $0.contains("as launch a2") })
    }
}
