// SPDX-License-Identifier: Apache-2.0

/// What is fixed when a night opens: its window, its work, its limits and what may be bought.
///
/// The first event of a night carries it, so a journal can be understood without the job file.
package struct NightTerms: Codable, Hashable, Sendable {
    /// `<job>-<date>`, with `.2`, `.3` … when a date is rehearsed again.
    package var night: String
    package var job: String
    /// IANA name; the clock times that people read are in it.
    package var timeZone: String
    package var start: Instant
    package var deadline: Instant
    /// No machine outlives this: start + `maxWait`.
    package var end: Instant
    /// Units of progress in the whole job.
    package var totalUnits: Double
    @JSONSeconds package var expectedRuntime: Duration
    @JSONSeconds package var maxRun: Duration
    @JSONSeconds package var restartOverhead: Duration
    @JSONSeconds package var onDemandWait: Duration
    @JSONSeconds package var uploadTime: Duration
    @JSONSeconds package var safetyMargin: Duration
    @JSONSeconds package var checkpointInterval: Duration
    /// The longest that the night goes without looking: every observation is at most this old when a decision is made.
    @JSONSeconds package var tick: Duration
    /// After a launch found no capacity, the same offer is asked again no sooner than this.
    @JSONSeconds package var retryInterval: Duration
    package var budget: Money?
    package var policy: PolicyName
    package var offers: [PricedOffer]
    /// What the policy believes of Spot offers; one that is not in it is believed to follow the shipped law.
    package var marketModels: [OfferModel]?
    /// Why this night leaves Spot alone although its job would use it, in words: resuming is not proven.
    package var spotRefused: String?

    package init(
        night: String, job: String, timeZone: String, start: Instant, deadline: Instant, end: Instant,
        totalUnits: Double, expectedRuntime: Duration, maxRun: Duration, restartOverhead: Duration,
        onDemandWait: Duration, uploadTime: Duration, safetyMargin: Duration, checkpointInterval: Duration,
        tick: Duration, retryInterval: Duration, budget: Money?, policy: PolicyName, offers: [PricedOffer]
    ) {
        self.night = night
        self.job = job
        self.timeZone = timeZone
        self.start = start
        self.deadline = deadline
        self.end = end
        self.totalUnits = totalUnits
        self.expectedRuntime = expectedRuntime
        self.maxRun = maxRun
        self.restartOverhead = restartOverhead
        self.onDemandWait = onDemandWait
        self.uploadTime = uploadTime
        self.safetyMargin = safetyMargin
        self.checkpointInterval = checkpointInterval
        self.tick = tick
        self.retryInterval = retryInterval
        self.budget = budget
        self.policy = policy
        self.offers = offers
    }

    /// The cheapest on-demand offer: what the fallback buys and what the baseline is priced at.
    package var onDemand: PricedOffer? {
        offers.filter { $0.offer.purchase == .onDemand }.min { $0.rate < $1.rate }
    }

    /// On-demand's price of an offer's own type and region, its list price; `nil` where that was not found. The price of
    /// another type is none.
    package func onDemand(like offer: Offer) -> PricedOffer? {
        offers.filter {
            $0.offer.purchase == .onDemand && $0.offer.instanceType == offer.instanceType
                && $0.offer.region == offer.region
        }.min { $0.rate < $1.rate }
    }

    package func marketModel(of offer: Offer) -> MarketModel {
        marketModels?.first { $0.instanceType == offer.instanceType && $0.zone == offer.zone }?.model ?? .shipped
    }

    /// The whole job on one on-demand machine, undisturbed: restart overhead, training, upload; the wait for the
    /// machine is not billed. `nil` when no on-demand offer is priced: a missing price is never 0.
    package var baseline: Money? {
        onDemand?.rate.cost(of: restartOverhead + expectedRuntime + uploadTime)
    }

    /// The most that a night can cost while it keeps its promise: Spot until the latest safe switch, and then the whole
    /// job on on-demand with Spot running beside it until the new machine is ready. The budget cuts it.
    package var worstCase: Money? {
        guard let onDemand else { return nil }
        let onDemandPart = onDemand.rate.cost(of: restartOverhead + expectedRuntime + uploadTime + safetyMargin)
        let spot = offers.filter { $0.offer.purchase == .spot }.map(\.rate).max()
        let spotPart = spot.map { $0.cost(of: max(.zero, latestSafeSwitch - start) + onDemandWait + restartOverhead) }
        let sum = onDemandPart + (policy == .onDemandOnly ? .zero : spotPart ?? .zero)
        return budget.map { min($0, sum) } ?? sum
    }

    /// The last moment at which on-demand can still do the whole job.
    package var latestSafeSwitch: Instant { latestSafeSwitch(workLeft: expectedRuntime) }

    /// deadline − margin − upload − work left − restart overhead − on-demand's own launch wait.
    package func latestSafeSwitch(workLeft: Duration) -> Instant {
        promisedBy - safetyMargin - uploadTime - workLeft - restartOverhead - onDemandWait
    }

    /// When the model must be there: the deadline, or the end of the night where `maxWait` ends it before.
    package var promisedBy: Instant { min(deadline, end) }
}
