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
        /// Stays that the platform does not charge, at the rate that they would have had.
        package var free: [Usage] = []
        /// False: what is charged hangs on a price that was not found, and `usage` is the stay at the offer's own rate.
        package var isPriced = true
        /// `nil` while it runs.
        package var end: EndReason?
        /// The machine's own end: no longer than until then is anything billed that nobody has seen end.
        package let notAfter: Instant
        fileprivate var begins: [Instant] = []
        fileprivate var runningSince: Instant?
        /// From where on the rate below counts.
        fileprivate var openSince: Instant?
        fileprivate var rate: HourlyRate
        fileprivate var trainingSince: Instant?
        fileprivate var firstProgress: ProgressPoint?
        fileprivate var lastProgress: ProgressPoint?

        package func cost(at now: Instant) -> Money {
            billed(at: now).reduce(.zero) { $0 + $1.cost }
        }

        package func billed(at now: Instant) -> [Usage] {
            let until = min(now, notAfter)
            guard end == nil, let openSince, until > openSince else { return usage }
            return usage + [Usage(from: openSince, until: until, rate: rate)]
        }

        /// Billed time, waiting for capacity not included.
        package func duration(at now: Instant) -> Duration {
            billed(at: now).reduce(.zero) { $0 + ($1.until - $1.from) }
        }
    }

    /// One line a launch, in order of launch.
    package private(set) var lines: [Line] = []
    private(set) var terms: NightTerms?
    private var uploadTime: Duration?

    package init() {}

    package init(_ events: some Sequence<NightEvent>) {
        for event in events { apply(event) }
    }

    package func total(at now: Instant) -> Money {
        lines.reduce(.zero) { $0 + $1.cost(at: now) }
    }

    /// Launches whose cost was not found.
    package var unpriced: [Line] { lines.filter { !$0.isPriced } }

    /// What all machines that run now cost together per hour.
    package var burnRate: HourlyRate {
        HourlyRate(
            microdollars: lines.filter { $0.end == nil && $0.runningSince != nil }.reduce(0) {
                $0 + $1.rate.microdollars
            })
    }

    package mutating func apply(_ event: NightEvent) {
        switch event.kind {
        case .opened(let terms):
            self.terms = terms
        case .launchRequested(let order):
            lines.append(
                Line(
                    key: order.key, offer: order.offer, usage: [], end: nil, notAfter: order.notAfter, rate: order.rate)
            )
        case .machineRunning(let key, let since):
            update(key) {
                $0.runningSince = since
                $0.openSince = since
                $0.begins.append(since)
            }
        case .waitingAgain(let key, let since):
            update(key) {
                $0.usage = $0.billed(at: since)
                $0.runningSince = nil
                $0.openSince = nil
                $0.trainingSince = nil
            }
        case .priced(let priced):
            for index in lines.indices where lines[index].offer == priced.offer && lines[index].end == nil {
                lines[index].usage = lines[index].billed(at: event.at)
                if let since = lines[index].openSince { lines[index].openSince = max(since, event.at) }
                lines[index].rate = priced.rate
            }
        case .launchEnded(let key, let reason, let at, let usage):
            let terms = terms
            update(key) { line in
                let (rule, computed) = (BillingRule(line.offer), line.billed(at: at))
                // Where the platform knew nothing of its machine, the stay was recorded as we had computed it.
                let isOurs = rule.billsShareOfStay && usage == computed
                let charge =
                    isOurs
                    ? BillingRule.Charge(usage: usage)
                    : rule.charge(usage, begins: line.begins, after: reason, in: terms)
                line.isPriced = charge != nil
                line.usage = charge?.usage ?? computed
                line.free = charge?.free ?? []
                line.end = reason
            }
        case .launchAnswered(let key, let outcome):
            if outcome != .launched { lines.removeAll { $0.key == key } }
        case .trainingStarted(let key, let start):
            update(key) { $0.trainingSince = $0.trainingSince ?? start.at }
        case .progressed(let key, let point):
            update(key) {
                $0.firstProgress = $0.firstProgress ?? point
                $0.lastProgress = point
            }
        case .modelReady(let key, let model):
            uploadTime = lines.first { $0.key == key }?.lastProgress.map { max(.zero, model.at - $0.at) }
        case .decided, .committed, .noticed, .trainerFailed, .alarmed, .stopRequested, .publicationRequested,
            .publicationAnswered, .concluding, .finished:
            break
        }
    }

    /// The offer whose type, in its region, did the most of the training; `nil` before any was seen.
    var trainedOffer: Offer? {
        struct Kind: Hashable { var type, region: String }
        var units: [Kind: Double] = [:]
        func kind(_ line: Line) -> Kind { Kind(type: line.offer.instanceType, region: line.offer.region) }
        let trained = lines.filter { $0.trainingSince != nil }
        for line in trained {
            guard let first = line.firstProgress, let last = line.lastProgress, last.units > first.units else {
                continue
            }
            units[kind(line), default: 0] += last.units - first.units
        }
        var most = trained.first
        for line in trained where units[kind(line)] ?? 0 > most.flatMap({ units[kind($0)] }) ?? 0 { most = line }
        return most?.offer
    }

    /// Start-up, all of the training and the upload at the night's own pace on that type, rounded up to the
    /// millisecond.
    func measuredRuntime(of terms: NightTerms, on offer: Offer) -> Duration? {
        var trained: Int64 = 0
        var units = 0.0
        var startUps: [Duration] = []
        for line in lines where line.offer.instanceType == offer.instanceType && line.offer.region == offer.region {
            if let since = line.runningSince, let training = line.trainingSince { startUps.append(training - since) }
            guard let first = line.firstProgress, let last = line.lastProgress, last.units > first.units else {
                continue
            }
            trained += (last.at - first.at).milliseconds
            units += last.units - first.units
        }
        guard units >= terms.totalUnits / 10, trained > 0 else { return nil }
        let training = (Double(trained) / units * terms.totalUnits).rounded(.up)
        let startUp = startUps.reduce(.zero, +) / max(1, startUps.count)
        return startUp + .milliseconds(Int64(training)) + (uploadTime ?? terms.uploadTime)
    }

    private mutating func update(_ key: String, _ change: (inout Line) -> Void) {
        guard let index = lines.firstIndex(where: { $0.key == key }) else { return }
        change(&lines[index])
    }
}
