// SPDX-License-Identifier: Apache-2.0

/// What a night has cost, as a fold over its events.
///
/// While a machine runs, its cost is computed from the time since it began and the offer's price; once it has ended,
/// the platform's own account replaces that ("reported usage wins over computed usage").
package struct Bill: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package var key: String
        package var offer: Offer
        /// Billed stretches, oldest first; the last one is open while the machine runs.
        package var usage: [Usage]
        /// `nil` while it runs.
        package var end: EndReason?
        fileprivate var runningSince: Instant?
        fileprivate var rate: HourlyRate

        package func cost(at now: Instant) -> Money {
            billed(at: now).reduce(.zero) { $0 + $1.cost }
        }

        package func billed(at now: Instant) -> [Usage] {
            guard end == nil, let runningSince, now > runningSince else { return usage }
            return usage + [Usage(from: runningSince, until: now, rate: rate)]
        }

        /// Billed time, waiting for capacity not included.
        package func duration(at now: Instant) -> Duration {
            billed(at: now).reduce(.zero) { $0 + ($1.until - $1.from) }
        }
    }

    /// One line a launch, in order of launch.
    package private(set) var lines: [Line] = []
    package private(set) var baseline: Money?

    package init() {}

    package init(_ events: some Sequence<NightEvent>) {
        for event in events { apply(event) }
    }

    package func total(at now: Instant) -> Money {
        lines.reduce(.zero) { $0 + $1.cost(at: now) }
    }

    /// What all machines that run now cost together per hour.
    package var burnRate: HourlyRate {
        HourlyRate(
            microdollars: lines.filter { $0.end == nil && $0.runningSince != nil }.reduce(0) { $0 + $1.rate.microdollars })
    }

    package mutating func apply(_ event: NightEvent) {
        switch event.kind {
        case .opened(let terms):
            baseline = terms.baseline
        case .launchRequested(let order):
            lines.append(
                Line(key: order.key, offer: order.offer, usage: [], end: nil, runningSince: nil, rate: order.rate))
        case .machineRunning(let key, let since):
            update(key) { $0.runningSince = since }
        case .priced(let priced):
            for index in lines.indices where lines[index].offer == priced.offer && lines[index].end == nil {
                lines[index].usage = lines[index].billed(at: event.at)
                if let since = lines[index].runningSince { lines[index].runningSince = max(since, event.at) }
                lines[index].rate = priced.rate
            }
        case .launchEnded(let key, let reason, _, let usage):
            update(key) {
                $0.end = reason
                $0.usage = usage
            }
        case .launchAnswered(let key, let outcome):
            if outcome != .launched { lines.removeAll { $0.key == key } }
        case .decided, .trainingStarted, .progressed, .committed, .noticed, .trainerFailed, .modelReady,
            .stopRequested, .concluding, .finished:
            break
        }
    }

    private mutating func update(_ key: String, _ change: (inout Line) -> Void) {
        guard let index = lines.firstIndex(where: { $0.key == key }) else { return }
        change(&lines[index])
    }
}
