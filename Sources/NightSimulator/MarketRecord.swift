// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import TrainingJobs

/// What a night's events say about each offer, in order of time.
struct MarketRecord {
    /// A state that an offer was seen in, at one instant or for as long as a machine was there.
    struct Sighting: Hashable {
        var from: Instant
        var until: Instant
        var isUp: Bool
        /// How long before its end the interruption was announced.
        var notice: Duration?
    }

    private(set) var sightings: [Offer: [Sighting]] = [:]
    /// How long each on-demand launch waited, in order of request; `nil` for one that never ran.
    private(set) var waits: [Duration?] = []

    private struct Machine {
        var order: LaunchOrder
        var requestedAt: Instant
        var takenAt: Instant?
        var notice: InterruptionNotice?
        var waitIndex: Int?
    }

    private let start: Instant
    private var machines: [String: Machine] = [:]
    private var rates: [Offer: [(at: Instant, rate: HourlyRate)]] = [:]

    init(_ events: [NightEvent], from start: Instant) {
        self.start = start
        for event in events { read(event) }
        guard let last = events.last else { return }
        for key in machines.keys.sorted() { close(key, at: last.at) }
        for offer in sightings.keys { sightings[offer]?.sort { ($0.from, $0.until) < ($1.from, $1.until) } }
    }

    /// From the opening's price on; what the platform billed tells when it changed, else what the night was told.
    func prices(of opening: PricedOffer) -> [Market.PriceStep] {
        var steps = [Market.PriceStep(from: .zero, rate: opening.rate)]
        for (at, rate) in (rates[opening.offer] ?? []).sorted(by: { $0.at < $1.at }) where steps.last?.rate != rate {
            steps.append(Market.PriceStep(from: max(.zero, at - start), rate: rate))
        }
        return steps
    }

    private mutating func read(_ event: NightEvent) {
        switch event.kind {
        case .launchRequested(let order):
            var machine = Machine(order: order, requestedAt: event.at)
            if order.offer.purchase == .onDemand {
                machine.waitIndex = waits.count
                waits.append(nil)
            }
            machines[order.key] = machine
        case .launchAnswered(let key, let outcome): answered(key, outcome, at: event.at)
        case .machineRunning(let key, let since):
            guard let machine = machines[key], let index = machine.waitIndex, waits[index] == nil else { break }
            waits[index] = max(.zero, since - machine.requestedAt)
        case .noticed(let key, let notice): machines[key]?.notice = notice
        case .launchEnded(let key, let reason, let at, let usage):
            if let offer = machines[key]?.order.offer {
                rates[offer, default: []] += usage.map { ($0.from, $0.rate) }
            }
            close(key, at: at, reason)
        case .priced(let priced): rates[priced.offer, default: []].append((event.at, priced.rate))
        default: break
        }
    }

    private mutating func answered(_ key: String, _ outcome: LaunchOutcome, at: Instant) {
        guard let machine = machines[key] else { return }
        if outcome == .launched {
            machines[key]?.takenAt = machine.takenAt ?? at
            return
        }
        if outcome == .noCapacity, machine.order.offer.purchase == .spot {
            add(Sighting(from: at, until: at, isUp: false), to: machine.order.offer)
        }
        // Not taken, so no wait of a machine: quota, throttling and refusals say nothing about capacity either.
        if let index = machine.waitIndex, index == waits.count - 1 { waits.removeLast() }
        machines[key] = nil
    }

    private mutating func close(_ key: String, at: Instant, _ reason: EndReason? = nil) {
        guard let machine = machines.removeValue(forKey: key), machine.order.offer.purchase == .spot,
            let takenAt = machine.takenAt
        else { return }
        var seen = Sighting(from: takenAt, until: max(takenAt, at), isUp: true)
        var isTaken = false
        if case .interrupted(let noticed)? = reason {
            isTaken = true
            // One that was announced before the machine was there has left no notice in the record.
            if noticed { seen.notice = .seconds(120) }
        }
        if let notice = machine.notice {
            seen.notice = notice.interruptionAt - notice.seenAt
            // It was stopped before the platform took it, but what was announced is as good as seen.
            if !isTaken { seen.until = max(seen.until, notice.interruptionAt) }
            isTaken = true
        }
        add(seen, to: machine.order.offer)
        if isTaken { add(Sighting(from: seen.until, until: seen.until, isUp: false), to: machine.order.offer) }
    }

    private mutating func add(_ sighting: Sighting, to offer: Offer) { sightings[offer, default: []].append(sighting) }
}
