// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import TrainingJobs

extension BackendConformance {
    func unknownKeys(_ site: Site, _ complaints: inout Complaints) async throws {
        complaints.expect(try await site.backend.observe("nobody-a1") == nil, "an unknown key has a picture")
        try await site.backend.stop("nobody-a1")
        complaints.expect(try await site.backend.observe("nobody-a1") == nil, "a stop made a key known")
        complaints.expect(try await site.backend.findAll().isEmpty, "something is found before anything was launched")
    }

    func idempotentLaunch(_ site: Site, _ complaints: inout Complaints) async throws {
        let order = site.order("night-a1", 1, .hours(1))
        for time in 1...3 {
            let outcome = try await site.backend.launch(order)
            complaints.expect(outcome == .launched, "launch \(time) of one key: \(outcome)")
        }
        let running = try await picture(of: order.key, site) { $0.isRunning }
        complaints.expect(running != nil, "the machine never runs")
        complaints.expect(try await site.backend.launch(order) == .launched, "a running key is refused")
        complaints.expect(try await site.backend.findAll() == [order.key], "one key gave more than one machine")
        let again = try await site.backend.observe(order.key)
        complaints.expect(again?.start == running?.start, "launching again restarted the machine")
    }

    func known(_ site: Site, _ complaints: inout Complaints) async throws {
        for epoch in 1...2 {
            let order = site.order("night-a\(epoch)", epoch, .hours(1))
            complaints.expect(try await site.backend.launch(order) == .launched, "\(order.key) is refused")
            complaints.expect(try await site.backend.observe(order.key)?.key == order.key, "\(order.key) is unknown")
            let wanted = (1...epoch).map { "night-a\($0)" }
            complaints.expect(try await site.backend.findAll() == wanted, "findAll is not \(wanted)")
        }
        try await site.backend.stop("night-a1")
        let ended = try await picture(of: "night-a1", site) { $0.isEnded }
        complaints.expect(ended != nil, "a stopped machine does not end")
        complaints.expect(try await site.backend.findAll() == ["night-a1", "night-a2"], "ended machines are not found")
    }

    func wholePictures(_ site: Site, _ complaints: inout Complaints) async throws {
        let order = site.order("night-a1", 1, .hours(1))
        _ = try await site.backend.launch(order)
        guard var earlier = try await picture(of: order.key, site, until: { $0.isRunning }) else {
            complaints.expect(false, "the machine never runs")
            return
        }
        for _ in 0..<min(patience, 20) {
            try await site.pass(step)
            guard let later = try await site.backend.observe(order.key) else {
                complaints.expect(false, "a running machine has become unknown")
                return
            }
            compare(later, with: earlier, site, &complaints)
            earlier = later
        }
    }

    private func compare(
        _ later: LaunchPicture, with earlier: LaunchPicture, _ site: Site, _ complaints: inout Complaints
    ) {
        complaints.expect(later.start == earlier.start, "the start of the stay moved")
        complaints.expect(
            Array(later.report.commits.prefix(earlier.report.commits.count)) == earlier.report.commits,
            "commits that were told are gone")
        complaints.expect(
            earlier.report.training == nil || later.report.training == earlier.report.training
                || site.backend.properties.restartsByItself, "the start of training changed")
        complaints.expect(
            earlier.report.firstProgress == nil || later.report.firstProgress == earlier.report.firstProgress,
            "the first progress changed")
        complaints.expect(later.billed >= earlier.billed, "billed time shrank")
    }

    func idempotentStop(_ site: Site, _ complaints: inout Complaints) async throws {
        let order = site.order("night-a1", 1, .hours(1))
        _ = try await site.backend.launch(order)
        _ = try await picture(of: order.key, site) { $0.isRunning }
        try await site.backend.stop(order.key)
        try await site.backend.stop(order.key)
        guard let ended = try await picture(of: order.key, site, until: { $0.isEnded }) else {
            complaints.expect(false, "a stopped machine does not end")
            return
        }
        complaints.expect(ended.reason == .stopped, "a stopped machine ended as \(ended.state)")
        try await site.backend.stop(order.key)
        try await site.pass(step)
        complaints.expect(try await site.backend.observe(order.key) == ended, "an ended machine's picture changed")
        complaints.expect(try await site.backend.launch(order) == .launched, "an ended key is not taken as known")
        try await site.pass(step)
        complaints.expect(try await site.backend.observe(order.key) == ended, "an ended machine was started again")
    }

    func lease(_ site: Site, _ complaints: inout Complaints) async throws {
        let order = site.order("night-a1", 1, .minutes(10))
        _ = try await site.backend.launch(order)
        guard let ended = try await picture(of: order.key, site, until: { $0.isEnded }), let at = ended.endedAt else {
            complaints.expect(false, "the machine outlives its lease")
            return
        }
        complaints.expect(ended.reason == .leaseExpired, "the lease's end is told as \(ended.state)")
        // Time to live + 60 s, and the two minutes that winding down may take.
        complaints.expect(at - order.notAfter <= .minutes(3), "ended \(at - order.notAfter) after its lease")
    }

    func usage(_ site: Site, _ complaints: inout Complaints) async throws {
        let order = site.order("night-a1", 1, .hours(1))
        let asked = site.now()
        _ = try await site.backend.launch(order)
        if let pending = try await site.backend.observe(order.key), case .pending = pending.state {
            complaints.expect(pending.billed == .zero, "waiting is billed")
        }
        guard let since = try await picture(of: order.key, site, until: { $0.isRunning })?.start else {
            complaints.expect(false, "the machine never runs")
            return
        }
        complaints.expect(since >= asked, "it ran before it was asked for")
        try await site.pass(step)
        try await site.backend.stop(order.key)
        guard let ended = try await picture(of: order.key, site, until: { $0.isEnded }), let at = ended.endedAt else {
            complaints.expect(false, "a stopped machine does not end")
            return
        }
        complaints.expect(ended.usage.first?.from == since, "the bill does not begin with the stay")
        if BillingRule(order.offer).billsShareOfStay {
            complaints.expect(ended.billed > .zero, "nothing is billed")
            complaints.expect(ended.billed <= at - since, "billed \(ended.billed) for a stay of \(at - since)")
        } else {
            complaints.expect(ended.usage.last?.until == at, "the bill does not end with the stay")
            complaints.expect(ended.billed == at - since, "billed \(ended.billed) for a stay of \(at - since)")
        }
        complaints.expect(ended.usage.allSatisfy { $0.rate.microdollars > 0 }, "a stretch is free")
        complaints.expect(
            zip(ended.usage, ended.usage.dropFirst()).allSatisfy { $0.until == $1.from }, "the bill has gaps")
    }

    func prices(_ site: Site, _ complaints: inout Complaints) async throws {
        let offer = site.order("night-a1", 1, .hours(1)).offer
        let prices = try await site.backend.prices(at: site.now())
        complaints.expect(prices.contains { $0.offer == offer }, "the offer has no price")
        for price in prices {
            complaints.expect(price.rate.microdollars > 0, "\(price.offer.name) is free")
            complaints.expect(!price.priceAsOf.isEmpty && !price.priceSource.isEmpty, "a price without date or source")
        }
    }
}

extension LaunchPicture {
    fileprivate var isRunning: Bool { start != nil }
    fileprivate var isEnded: Bool { endedAt != nil }

    fileprivate var start: Instant? {
        if case .running(let since) = state { since } else { nil }
    }

    fileprivate var endedAt: Instant? {
        if case .ended(_, let at) = state { at } else { nil }
    }

    fileprivate var reason: EndReason? {
        if case .ended(let reason, _) = state { reason } else { nil }
    }

    fileprivate var billed: Duration { usage.reduce(.zero) { $0 + ($1.until - $1.from) } }
}
