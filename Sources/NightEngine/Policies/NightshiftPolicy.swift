// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Our own: what is expected to cost least from here to the night's end, by a dynamic program over a market whose
/// hazards fall with age.
///
/// Solved when it is made; a verdict is a look-up. It may want what the safety net forbids: the net is exact, the
/// table's grid is not.
package struct NightshiftPolicy: Policy {
    /// One for each different belief; none where there is nothing to weigh.
    private let tables: [ValueTable]
    /// By a Spot pool's number, the table that follows it.
    private let tableOf: [Int]
    /// The night opened with one Spot pool; one that a limit drops later changes no rule.
    private let hasOnePool: Bool

    /// A few hundred sums in single precision are exact to this.
    private static let rounding: Float = 1.0001

    /// On-demand is given up for a night's only Spot pool if that is expected to gain this share of what a restart costs
    /// on it. Spells of one zone differ from the law more than a smaller gain is worth; a second pool makes up for that.
    ///
    /// Beside Spot that trains, on-demand is asked for, and such an order withdrawn, only if that is expected to gain this
    /// share of what the wait for it costs on it. Either gives the whole wait away if it turns out wrong, and between two
    /// sights of progress the sums sway by more than a smaller gain.
    private static let leastGain: Float = 0.1

    /// Takes the shape and the prices from `start`; `models` are those of its Spot pools, in their order, and what is
    /// missing is believed to follow the shipped law.
    package init(for start: Outlook, believing models: [MarketModel] = []) {
        var shapes: [ValueShape] = []
        var tableOf: [Int] = []
        for pool in start.spot.indices {
            let model = models.indices.contains(pool) ? models[pool] : .shipped
            guard let shape = ValueShape(start, believing: model) else { break }
            let known = shapes.firstIndex(of: shape)
            if known == nil { shapes.append(shape) }
            tableOf.append(known ?? shapes.count - 1)
        }
        self.tableOf = tableOf
        hasOnePool = start.spot.count == 1
        tables = shapes.map(ValueTable.init)
    }

    package func verdict(in outlook: Outlook) -> Verdict {
        guard hasModel(of: outlook) else { return verdictWithoutModel(in: outlook) }
        var placement = outlook.current
        var least = Float.infinity
        weigh(outlook) { candidate, cost in
            var cost = cost + leastGain(of: candidate, in: outlook)
            // Where waiting costs what launching does it gains nothing; the sums' own rounding must not choose it.
            if candidate == .none { cost *= Self.rounding }
            if cost < least { (placement, least) = (candidate, cost) }
        }
        return Verdict(placement, reason(for: placement, in: outlook))
    }

    /// By how much a candidate must be cheaper than where the night is, in microdollars.
    @inline(__always)
    private func leastGain(of candidate: Placement, in outlook: Outlook) -> Float {
        let time: Int64
        let pool: Int
        switch (outlook.current, candidate) {
        case (.spot, .onDemand(let asked)) where outlook.trainingSpot != nil:
            (pool, time) = (asked, outlook.onDemandWait)
        case (.onDemand(let own), .spot) where outlook.trainingSpot != nil: (pool, time) = (own, outlook.onDemandWait)
        case (.onDemand(let own), .spot) where hasOnePool: (pool, time) = (own, outlook.restartOverhead)
        default: return 0
        }
        return Self.leastGain * Float(outlook.onDemand[pool].rate) * Float(time) / 3_600_000
    }

    package func appraisals(in outlook: Outlook) -> [Appraisal] {
        guard hasModel(of: outlook) else { return [] }
        var appraisals: [Appraisal] = []
        weigh(outlook) { candidate, cost in
            appraisals.append(Appraisal(placement: candidate, microdollars: Int64(cost.rounded())))
        }
        return appraisals
    }

    private func hasModel(of outlook: Outlook) -> Bool {
        !outlook.spot.isEmpty && outlook.spot.allSatisfy { $0.number < tableOf.count } && !outlook.onDemand.isEmpty
    }

    /// Hands over, in a fixed order, what could be chosen now and its expected cost in microdollars. Where the night is
    /// comes first: it stays there when nothing is cheaper.
    @inline(__always)
    private func weigh(_ outlook: Outlook, _ candidate: (Placement, Float) -> Void) {
        if outlook.current != .none { candidate(outlook.current, cost(of: outlook.current, in: outlook)) }
        for pool in outlook.spot.indices where outlook.spot[pool].isUp && outlook.current != .spot(pool) {
            candidate(.spot(pool), cost(of: .spot(pool), in: outlook))
        }
        if !outlook.current.isOnDemand, let pool = outlook.onDemandToAsk {
            candidate(.onDemand(pool), cost(of: .onDemand(pool), in: outlook))
        }
        // A machine is never given up for nothing.
        if outlook.current == .none { candidate(.none, cost(of: .none, in: outlook)) }
    }

    private func reason(for placement: Placement, in outlook: Outlook) -> DecisionReason {
        switch placement {
        case .none: outlook.onDemandToAsk == nil && outlook.spotToAsk == nil ? .everythingRefused : .roomToWait
        case .spot: placement == outlook.current ? .spotHolds : .spotWorthTrying
        case .onDemand: placement == outlook.current ? .onDemandHolds : .leastExpectedCost
        }
    }

    /// Without Spot, or without on-demand and so without a promise: whatever can be had.
    private func verdictWithoutModel(in outlook: Outlook) -> Verdict {
        var placement = outlook.current
        if placement == .none { placement = outlook.spotToAsk.map { .spot($0) } ?? .none }
        if placement == .none { placement = outlook.onDemandToAsk.map { .onDemand($0) } ?? .none }
        return Verdict(placement, reason(for: placement, in: outlook))
    }
}

extension NightshiftPolicy {
    /// A table gives the cost of a night that uses one Spot pool, and on-demand. Without Spot under it, a night may still
    /// become any of these: the least of them counts.
    private func cost(of placement: Placement, in outlook: Outlook) -> Float {
        if case .spot(let pool) = placement { return spotCost(pool, in: outlook) }
        if let pool = outlook.trainingSpot { return movingCost(from: pool, to: placement, in: outlook) }
        var least = Float.infinity
        for pool in outlook.spot.indices {
            least = min(
                least,
                placement == .none
                    ? waitingCost(for: pool, in: outlook) : onDemandCost(placement, beside: pool, in: outlook))
        }
        return least
    }

    private func table(of pool: Pool) -> ValueTable { tables[tableOf[pool.number]] }

    private func spotCost(_ number: Int, in outlook: Outlook) -> Float {
        let pool = outlook.spot[number]
        let table = table(of: pool)
        // Spot that goes on beside an order for on-demand is kept by withdrawing that, without a launch.
        let isTraining = outlook.trainingSpot == number
        let isRunning = isTraining || outlook.current == .spot(number)
        let restartLeft = isTraining ? 0 : isRunning ? outlook.overheadLeft : outlook.restartOverhead
        // A launch goes on from the newest save.
        let workLeft = isRunning ? outlook.workLeft : outlook.durableWorkLeft
        // No other pool counts as older than the one that is used: there was the choice when that was launched, and that a
        // pool which was never asked is as old as the night is only believed.
        var age = pool.age
        if case .spot(let own) = outlook.current { age = min(age, outlook.spot[own].age) }
        if let own = outlook.trainingMeanwhile { age = min(age, outlook.spot[own].age) }
        return table.cost(restartLeft: restartLeft, age: age, timeLeft: outlook.timeLeft, workLeft: workLeft)
            + surcharge(of: number, in: outlook, workLeft: workLeft + restartLeft)
    }

    private func waitingCost(for number: Int, in outlook: Outlook) -> Float {
        let pool = outlook.spot[number]
        let table = table(of: pool)
        return table.cost(
            .idle, isUp: pool.isUp, age: pool.age, timeLeft: outlook.timeLeft, workLeft: outlook.workLeft)
            + surcharge(of: number, in: outlook, workLeft: outlook.workLeft)
    }

    private func onDemandCost(_ placement: Placement, beside number: Int, in outlook: Outlook) -> Float {
        let pool = outlook.spot[number]
        let table = table(of: pool)
        let isRunning = outlook.current == placement
        let workLeft = outlook.workLeft + (isRunning ? outlook.overheadLeft : outlook.restartOverhead)
        return table.cost(
            .onDemand, isUp: pool.isUp, age: pool.age,
            timeLeft: outlook.timeLeft - (isRunning ? 0 : outlook.onDemandWait), workLeft: workLeft)
            + surcharge(of: placement, table, in: outlook, workLeft: workLeft)
    }

    /// From Spot that trains, which goes on until on-demand does. Once asked for, on-demand that has not come costs what
    /// asking for it does: an order that was worth placing is worth keeping.
    private func movingCost(from number: Int, to placement: Placement, in outlook: Outlook) -> Float {
        let table = table(of: outlook.spot[number])
        return table.cost(
            .move, isUp: true, age: outlook.spot[number].age, timeLeft: outlook.timeLeft, workLeft: outlook.workLeft)
            + surcharge(of: placement, table, in: outlook, workLeft: outlook.workLeft + outlook.restartOverhead)
    }

    // A table's prices are those of the cheapest offers; a dearer one adds its difference: Spot for as long as it is
    // expected to be used, on-demand for all that is left.

    private func surcharge(of number: Int, in outlook: Outlook, workLeft: Int64) -> Float {
        let pool = outlook.spot[number]
        let table = table(of: pool)
        let dearer = pool.rate - table.shape.spotRate
        guard dearer != 0 else { return 0 }
        let stay = table.expectedStay(age: pool.isUp ? pool.age : 0, workLeft: workLeft)
        return Float(dearer) * stay / 3_600_000
    }

    private func surcharge(
        of placement: Placement, _ table: ValueTable, in outlook: Outlook, workLeft: Int64
    ) -> Float {
        guard case .onDemand(let number) = placement else { return 0 }
        return Float(outlook.onDemand[number].rate - table.shape.onDemandRate) * Float(workLeft) / 3_600_000
    }
}
