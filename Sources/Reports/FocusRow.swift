// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// One row of a FOCUS export: a stretch of a launch, within one billing period, that was paid for one thing.
struct FocusRow {
    let night: LedgerNight
    let key: String
    /// The launch's epoch.
    let attempt: Int
    let offer: Offer
    let kind: NightAccount.Kind
    /// Whole seconds, and `from` < `until`.
    private(set) var from: Instant
    private(set) var until: Instant
    /// Settled.
    private(set) var cost: Money
    private(set) var stay: Duration
    /// Time that was charged.
    private(set) var billed: Duration
    /// The row's part of the night's baseline; a night's rows sum to it. `nil` where the night has none.
    private(set) var baseline: Money?

    /// A night's rows, in order of launch, then of time. They sum to its bill.
    static func rows(of night: LedgerNight) -> [FocusRow] {
        var rows: [FocusRow] = []
        // Too short to begin and end in different seconds, with no row of its launch before it.
        var short: FocusRow?
        for row in night.account.pieces.flatMap({ FocusRow(night, $0).cutAtPeriods }) {
            var row = row
            if let waiting = short, waiting.key != row.key {
                rows.append(waiting.aSecondLong)
                short = nil
            }
            if row.from < row.until {
                if let waiting = short { row.absorb(waiting) }
                short = nil
                rows.append(row)
            } else if rows.last?.key == row.key {
                rows[rows.count - 1].absorb(row)
            } else {
                if let waiting = short { row.absorb(waiting) }
                short = row
            }
        }
        if let short { rows.append(short.aSecondLong) }
        return sharing(night.baseline, rows)
    }

    private init(_ night: LedgerNight, _ piece: NightAccount.Piece) {
        self.night = night
        (key, attempt, offer, kind) = (piece.key, piece.attempt, piece.offer, piece.kind)
        (from, until, cost, stay) = (piece.from, piece.until, piece.cost, piece.stay)
        billed = piece.isFree ? .zero : piece.duration
    }

    /// At midnight, UTC, of each first of a month, and then to whole seconds.
    private var cutAtPeriods: [FocusRow] {
        var rest = self
        var rows: [FocusRow] = []
        while true {
            let border = Instant(milliseconds: Int64(rest.billingPeriod.next.first.dayNumber) * 86_400_000)
            guard border < rest.until else { break }
            let (part, whole) = (border - rest.from, rest.until - rest.from)
            func share(_ amount: Int128) -> Int128 {
                amount * Int128(part.milliseconds) / Int128(max(1, whole.milliseconds))
            }
            var head = rest
            head.until = border
            head.cost = Money(microdollars: Int64(share(Int128(rest.cost.roundedMicrodollars))))
            head.stay = .milliseconds(Int64(share(Int128(rest.stay.milliseconds))))
            head.billed = rest.billed == .zero ? .zero : part
            rest.from = border
            rest.cost = rest.cost - head.cost
            rest.stay -= head.stay
            rest.billed -= head.billed
            rows.append(head.inSeconds)
        }
        return rows + [rest.inSeconds]
    }

    private var inSeconds: FocusRow {
        func floor(_ at: Instant) -> Instant { Instant(milliseconds: at.milliseconds / 1000 * 1000) }
        var row = self
        (row.from, row.until) = (floor(from), floor(until))
        return row
    }

    private var aSecondLong: FocusRow {
        var row = self
        row.until = row.from + .seconds(1)
        return row
    }

    private mutating func absorb(_ other: FocusRow) {
        cost += other.cost
        stay += other.stay
        billed += other.billed
    }

    /// By the useful stay, rounded along the running sum.
    private static func sharing(_ baseline: Money?, _ rows: [FocusRow]) -> [FocusRow] {
        guard let baseline else { return rows }
        var rows = rows
        func weight(_ row: FocusRow) -> Int128 { row.kind == .useful ? Int128(row.stay.milliseconds) : 0 }
        let whole = rows.reduce(0) { $0 + weight($1) }
        let amount = Int128(baseline.roundedMicrodollars)
        var (done, given) = (Int128(0), Int128(0))
        for index in rows.indices {
            done += weight(rows[index])
            let until = whole > 0 ? amount * done / whole : amount
            rows[index].baseline = Money(microdollars: Int64(until - given))
            given = until
        }
        return rows
    }
}

extension FocusRow {
    /// The stay at nine places, so that list price × quantity is exact.
    var quantity: FocusDecimal { FocusDecimal(hours: stay) }
    var billedQuantity: FocusDecimal { FocusDecimal(hours: billed) }

    /// On-demand's price of the same type and region, frozen on the night; `nil` where it was not found.
    var list: PricedOffer? { night.summary.terms.onDemand(like: offer) }

    /// What the stay would have cost at list price; what it did cost where that was not found.
    var listCost: FocusDecimal { list.map { .product($0.rate, quantity) } ?? FocusDecimal(cost) }

    /// The price that this row was billed at.
    var price: PricedOffer? { night.summary.terms.offers.first { $0.offer == offer } }

    var service: (provider: String, name: String, category: String, subcategory: String) {
        switch offer.backend {
        case "sagemaker": ("AWS", "Amazon SageMaker", "AI and Machine Learning", "Machine Learning")
        case "ec2", "batch": ("AWS", "Amazon EC2", "Compute", "Virtual Machines")
        default: ("Nightshift", "Simulated machines on \(offer.backend)", "Other", "Other (Other)")
        }
    }

    /// A training job bears its launch's key, so with the account its ARN is known; what EC2 calls an instance is not.
    func resource(in account: String?) -> String {
        guard let account, offer.backend == "sagemaker" else { return key }
        let partition =
            offer.region.hasPrefix("cn-") ? "aws-cn" : offer.region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
        return "arn:\(partition):sagemaker:\(offer.region):\(account):training-job/\(key)"
    }

    /// The calendar month, UTC, in which the row lies.
    var billingPeriod: CalendarMonth {
        let day = Int((Double(from.milliseconds) / 86_400_000).rounded(.down))
        return CalendarMonth(containing: LocalDate(dayNumber: day))
    }
}
