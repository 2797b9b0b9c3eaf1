// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A month's ledger beside the cloud's bill, with the differences by cause. Sums are exact: for each night and for the
/// month, here + causes = there.
package struct Reconciliation: Hashable, Sendable {
    package enum Cause: String, Codable, Hashable, Sendable, CaseIterable {
        /// We reckoned with a machine that the bill does not have.
        case missingThere = "missing-there"
        /// The bill has a machine of ours that the journal does not know.
        case missingHere = "missing-here"
        /// The bill has more or less machine time, at our price.
        case time
        /// The rest, for the same machine time.
        case price
        /// Storage, tax, credits: what the ledger does not reckon with.
        case otherCharges = "other-charges"
        /// Half a micro-dollar for each line and piece: no difference, but sums are exact with it.
        case rounding
    }

    package struct Night: Hashable, Sendable {
        package var id: String
        package var here = FocusDecimal.zero
        package var there = FocusDecimal.zero
        package var causes: [Cause: FocusDecimal] = [:]

        package var difference: FocusDecimal { there - here }
    }

    /// Lines that are not compared.
    package struct LeftOut: Codable, Hashable, Sendable {
        package enum Why: Hashable, Sendable, CaseIterable {
            case otherMonth
            /// Of a job that was not asked for.
            case otherJob
            /// Of a night that nobody should bill.
            case rehearsal
            /// Neither a resource nor a tag of ours.
            case foreign
        }

        package var lines = 0
        package var cost = FocusDecimal.zero
    }

    package let month: CalendarMonth
    /// Of the files, each once.
    package let formats: [ReconcileFile.Format]
    /// The month's nights by date, then those that only the bill knows, by name.
    package private(set) var nights: [Night] = []
    private var leftOut: [LeftOut.Why: LeftOut] = [:]

    /// `all` are the journal's nights, of this month and of others, of `job` and of others. Several files are one bill:
    /// a month's nights lie in two of the cloud's.
    package init(_ ledger: Ledger, among all: [LedgerNight], of job: String? = nil, with files: [ReconcileFile]) {
        month = ledger.month
        formats = ReconcileFile.Format.allCases.filter { format in files.contains { $0.format == format } }
        let known = ReconcileIndex(all, in: ledger.month, of: job)
        var groups: [ReconcileIndex.Place: [ReconcileFile.Line]] = [:]
        for line in files.flatMap(\.lines) {
            switch known.place(of: line) {
            case .leftOut(let why): leave(line, why)
            case let place: groups[place, default: []].append(line)
            }
        }
        for night in ledger.nights { nights.append(Self.compared(night, groups)) }
        let strangers = groups.keys.compactMap { if case .unknown(let id) = $0 { id } else { nil } }.sorted()
        for id in strangers {
            let there = Self.sum(groups[.unknown(id)] ?? [])
            nights.append(Night(id: id, there: there, causes: there == .zero ? [:] : [.missingHere: there]))
        }
    }

    package var here: FocusDecimal { nights.reduce(.zero) { $0 + $1.here } }
    package var there: FocusDecimal { nights.reduce(.zero) { $0 + $1.there } }
    package func sum(of cause: Cause) -> FocusDecimal { nights.reduce(.zero) { $0 + ($1.causes[cause] ?? .zero) } }
    /// Every night agrees but for rounding: the month needs no second look.
    package var isSettled: Bool { nights.allSatisfy { $0.causes.keys.allSatisfy { $0 == .rounding } } }
    package func leftOut(_ why: LeftOut.Why) -> LeftOut { leftOut[why] ?? LeftOut() }

    private static func compared(
        _ night: LedgerNight, _ groups: [ReconcileIndex.Place: [ReconcileFile.Line]]
    ) -> Night {
        var result = Night(id: night.id)
        let tagged = groups[.night(night.id)] ?? []
        // Lines that only name the night are compared with the launches that no line names.
        var pool = Share()
        for key in night.launches {
            let (share, lines) = (Share(night, key), groups[.launch(key)] ?? [])
            if lines.isEmpty, !tagged.isEmpty { pool.add(share) } else { result.add(share, lines) }
        }
        if !tagged.isEmpty { result.add(pool, tagged) }
        return result
    }

    private mutating func leave(_ line: ReconcileFile.Line, _ why: LeftOut.Why) {
        leftOut[why, default: LeftOut()].lines += 1
        leftOut[why, default: LeftOut()].cost += line.cost
    }

    fileprivate static func sum(_ lines: [ReconcileFile.Line]) -> FocusDecimal {
        lines.reduce(.zero) { $0 + $1.cost }
    }

    /// What the ledger has of one launch, or of several.
    fileprivate struct Share {
        var cost = FocusDecimal.zero
        /// Billed ones.
        var hours = FocusDecimal.zero
        var pieces = 0
        var isPriced = true

        init() {}

        init(_ night: LedgerNight, _ key: String) {
            isPriced = !night.account.unpriced.contains(key)
            for piece in night.account.pieces where piece.key == key && !piece.isFree {
                cost += FocusDecimal(piece.cost)
                hours += FocusDecimal(hours: piece.duration)
                pieces += 1
            }
        }

        mutating func add(_ other: Share) {
            cost += other.cost
            hours += other.hours
            pieces += other.pieces
            isPriced = isPriced && other.isPriced
        }
    }
}

extension Reconciliation.Night {
    fileprivate mutating func add(_ share: Reconciliation.Share, _ lines: [ReconcileFile.Line]) {
        let usage = lines.filter { $0.hours != nil }
        let (billed, other) = (Reconciliation.sum(usage), Reconciliation.sum(lines.filter { $0.hours == nil }))
        here += share.cost
        there += billed + other
        book(other, .otherCharges)
        guard !usage.isEmpty else { return book(.zero - share.cost, .missingThere) }
        guard share.hours > .zero else { return book(billed - share.cost, share.isPriced ? .time : .price) }
        let hours = usage.reduce(FocusDecimal.zero) { $0 + ($1.hours ?? .zero) }
        var gap = hours - share.hours
        // Hours are told to nine places: what rounding does to each line is no difference.
        let noise = Int128(usage.count + share.pieces) * 1_000_000_000
        if gap.units.magnitude <= noise.magnitude { gap = .zero }
        let time = FocusDecimal(units: Self.scaled(share.cost.units, by: gap.units, over: share.hours.units))
        book(time, .time)
        let rest = billed - share.cost - time
        // The ledger's pieces are whole micro-dollars, and a bill's hourly lines are rounded too.
        let room = Int128(usage.count + share.pieces) * 500_000_000_000
        book(rest, rest.units.magnitude <= room.magnitude ? .rounding : .price)
    }

    private mutating func book(_ amount: FocusDecimal, _ cause: Reconciliation.Cause) {
        let sum = (causes[cause] ?? .zero) + amount
        causes[cause] = sum == .zero ? nil : sum
    }

    /// a × b ÷ c, toward zero, to the micro-dollar and nanohour: a product of two full values would not fit. 0, which
    /// leaves all to the price, where even that does not.
    private static func scaled(_ amount: Int128, by part: Int128, over whole: Int128) -> Int128 {
        let micro: Int128 = 1_000_000_000_000
        let nano: Int128 = 1_000_000_000
        guard whole / nano != 0 else { return 0 }
        let (product, isTooLarge) = (amount / micro).multipliedReportingOverflow(by: part / nano)
        guard !isTooLarge else { return 0 }
        let (result, isStillTooLarge) = (product / (whole / nano)).multipliedReportingOverflow(by: micro)
        return isStillTooLarge ? 0 : result
    }
}
