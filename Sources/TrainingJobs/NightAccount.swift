// SPDX-License-Identifier: Apache-2.0

/// A night's bill, split without a remainder: each billed stretch is cut into pieces, and each piece paid for one thing.
///
/// Costs here are settled: whole micro-dollars, rounded along the running sum, so that the pieces add up to the night's
/// bill as it is printed, to the micro-dollar.
package struct NightAccount: Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Work that was done for the first time. In a night without a model it came to nothing all the same.
        case useful
        /// Work that a lost machine had done already.
        case redone
        /// From "capacity granted" to "training makes progress again".
        case restart
        /// Paid while nothing that counts went on: a machine that was told to stop, or whose model was whole already.
        case idle
    }

    package struct Piece: Hashable, Sendable {
        package var key: String
        /// The launch's epoch: its place among all that the night asked for.
        package var attempt: Int
        package var offer: Offer
        package var kind: Kind
        package var from: Instant
        package var until: Instant
        package var rate: HourlyRate
        /// Machine time that this piece stands for; longer than billed where the platform bills a share of the stay.
        package var stay: Duration
        /// Not charged by the platform's rule; `rate` is what it would have cost.
        package var isFree: Bool
        /// Settled.
        package var cost: Money

        package var duration: Duration { until - from }
        /// What it would have cost if it were not free, settled.
        package var chargeable: Money { isFree ? rate.cost(of: duration).settled : cost }
    }

    /// In order of launch, then of time.
    package let pieces: [Piece]
    /// Keys of launches whose cost was not found; they have no pieces.
    package let unpriced: [String]
    /// On-demand was a fallback here, because the night would have used Spot.
    package let isSpotNight: Bool

    package init(_ timeline: Timeline, _ bill: Bill, at now: Instant) {
        isSpotNight = timeline.terms.map { $0.policy != .onDemandOnly && $0.spotRefused == nil } ?? true
        let spans = timeline.launchSpans(at: now).filter { $0.kind != .pending }
        var pieces: [Piece] = []
        for line in bill.lines where line.isPriced {
            guard let launch = timeline.launches.first(where: { $0.key == line.key }) else { continue }
            let idleFrom = [launch.stop?.at, timeline.model?.at].compactMap { $0 }.min()
            let course = LaunchCourse(spans.filter { $0.key == line.key }, idleFrom: idleFrom)
            let attempt = launch.order.epoch
            func add(_ cuts: [LaunchCourse.Cut], isFree: Bool) {
                pieces += cuts.map { cut in
                    Piece(
                        key: line.key, attempt: attempt, offer: line.offer, kind: cut.kind, from: cut.from,
                        until: cut.until, rate: cut.rate, stay: cut.stay, isFree: isFree,
                        cost: isFree ? .zero : cut.rate.cost(of: cut.until - cut.from))
                }
            }
            let (first, usage) = (pieces.count, line.billed(at: now))
            add(BillingRule(line.offer).billsShareOfStay ? course.shared(usage) : course.cut(usage), isFree: false)
            add(course.cut(line.free), isFree: true)
            if !line.free.isEmpty { pieces[first...].sort { $0.from < $1.from } }
        }
        unpriced = bill.unpriced.map(\.key)
        self.pieces = Self.settled(pieces)
    }

    package var total: Money { cost { _ in true } }

    package func cost(_ kind: Kind) -> Money { cost { $0.kind == kind } }
    package func cost(_ purchase: PurchaseOption) -> Money { cost { $0.offer.purchase == purchase } }

    /// On-demand so that the deadline holds; a night that never meant to use Spot has none.
    package var fallback: Money { isSpotNight ? cost(.onDemand) : .zero }

    package func duration(_ kind: Kind) -> Duration { duration { $0.kind == kind } }
    package func duration(_ purchase: PurchaseOption) -> Duration { duration { $0.offer.purchase == purchase } }

    package func cost(where belongs: (Piece) -> Bool) -> Money {
        pieces.reduce(.zero) { belongs($1) ? $0 + $1.cost : $0 }
    }

    /// Billed time.
    package func duration(where belongs: (Piece) -> Bool) -> Duration {
        pieces.reduce(.zero) { belongs($1) && !$1.isFree ? $0 + $1.duration : $0 }
    }

    /// Rounds the running sum and takes differences: no piece is off by a micro-dollar, and the sum is the rounded sum.
    private static func settled(_ pieces: [Piece]) -> [Piece] {
        var exact = Money.zero
        var settled = Money.zero
        return pieces.map { piece in
            var piece = piece
            exact += piece.cost
            piece.cost = exact.settled - settled
            settled = exact.settled
            return piece
        }
    }
}

extension Money {
    /// Rounded to the micro-dollar, as it is printed and written.
    package var settled: Money { Money(microdollars: roundedMicrodollars) }
}

/// What one launch did when.
private struct LaunchCourse {
    typealias Cut = (kind: NightAccount.Kind, from: Instant, until: Instant, rate: HourlyRate, stay: Duration)

    private let spans: [TimelineSpan]
    private let idleFrom: Instant?

    init(_ spans: [TimelineSpan], idleFrom: Instant?) {
        self.spans = spans
        self.idleFrom = idleFrom
    }

    /// Billed stretches, cut where something else began.
    func cut(_ usage: [Usage]) -> [Cut] {
        let borders = spans.flatMap { [$0.from, $0.until] } + (idleFrom.map { [$0] } ?? [])
        var cuts: [Cut] = []
        for stretch in usage where stretch.from < stretch.until {
            let inside = borders.filter { stretch.from < $0 && $0 < stretch.until }
            let marks = [stretch.from] + Set(inside).sorted() + [stretch.until]
            var open: Cut?
            for (from, until) in zip(marks, marks.dropFirst()) {
                let kind = kind(at: from)
                if let last = open, last.kind == kind {
                    open = (kind, last.from, until, stretch.rate, until - last.from)
                } else {
                    if let last = open { cuts.append(last) }
                    open = (kind, from, until, stretch.rate, until - from)
                }
            }
            if let open { cuts.append(open) }
        }
        return cuts
    }

    /// Billed time that is only a share of the stay: the stay's kinds in their proportions, to the millisecond.
    func shared(_ usage: [Usage]) -> [Cut] {
        guard let first = spans.first, let last = spans.last else { return cut(usage) }
        let rate = HourlyRate(microdollars: 0)
        let stay = cut([Usage(from: first.from, until: last.until, rate: rate)])
        let whole = Int128((last.until - first.from).milliseconds)
        guard whole > 0 else { return cut(usage) }
        let billedInAll = usage.reduce(Int128(0)) { $0 + Int128(($1.until - $1.from).milliseconds) }
        guard billedInAll > 0 else { return [] }
        var before: Int128 = 0
        return usage.flatMap { stretch -> [Cut] in
            let billed = Int128((stretch.until - stretch.from).milliseconds)
            // The part of the stay that this stretch stands for; the parts sum to it.
            let part = whole * (before + billed) / billedInAll - whole * before / billedInAll
            before += billed
            func scaled(_ at: Instant, to length: Int128) -> Duration {
                .milliseconds(Int64(length * Int128((at - first.from).milliseconds) / whole))
            }
            return stay.map { cut in
                (
                    cut.kind, stretch.from + scaled(cut.from, to: billed), stretch.from + scaled(cut.until, to: billed),
                    stretch.rate, scaled(cut.until, to: part) - scaled(cut.from, to: part)
                )
            }.filter { $0.1 < $0.2 || $0.4 > .zero }
        }
    }

    private func kind(at instant: Instant) -> NightAccount.Kind {
        if let idleFrom, instant >= idleFrom { return .idle }
        switch spans.first(where: { $0.from <= instant && instant < $0.until })?.kind {
        case .training: return .useful
        case .redone: return .redone
        case .restart: return .restart
        case .waiting, .pending, nil: return .idle
        }
    }
}
