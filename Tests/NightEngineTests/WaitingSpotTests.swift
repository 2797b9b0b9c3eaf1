// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightshiftTesting
import Testing
import TrainingJobs

/// A platform may take an order for Spot and let it wait.
@Suite struct WaitingSpotTests {
    /// Both are taken and neither comes, as managed Spot may for hours.
    @Test func `two Spot machines that are waited for do not keep on-demand out`() throws {
        let spotB = Fixtures.offer(.spot, zone: "eu-west-1b")
        let terms = Fixtures.terms(
            policy: .nightshift,
            offers: [
                Fixtures.priced(Fixtures.spot, microdollars: 11_000_000),
                Fixtures.priced(spotB, microdollars: 20_000_000),
                Fixtures.priced(Fixtures.onDemand, microdollars: 25_000_000),
            ])
        var (night, _) = try Night.open(terms, at: terms.start)
        var now = terms.start
        var (stopped, launched): ([String], [Offer]) = ([], [])
        while night.outcome == nil, now < terms.deadline {
            var inputs: [NightInput] = []
            if now == terms.start + .minutes(12) {
                inputs.append(.priced([Fixtures.priced(spotB, microdollars: 1_500_000)]))
            }
            inputs.append(
                .observed(
                    night.state.liveLaunches.filter { $0.phase != .requested }.map { launch in
                        LaunchPicture(
                            key: launch.order.key,
                            state: stopped.contains(launch.order.key) ? .ended(.stopped, at: now) : .pending,
                            usage: [], report: AgentReport())
                    }, missing: []))
            while !inputs.isEmpty {
                let step = try night.handle(inputs.removeFirst(), at: now)
                for case .stop(let key) in step.actions { stopped.append(key) }
                guard let order = step.launch else { continue }
                launched.append(order.offer)
                inputs.append(.answered(key: order.key, .launched))
            }
            now += .minutes(1)
        }
        #expect(
            launched.contains(Fixtures.onDemand), "\(launched.map(\.name)), \(night.state.lastDecision?.reason as Any)")
    }
}
