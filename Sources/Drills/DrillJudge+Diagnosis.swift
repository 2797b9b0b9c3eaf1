// SPDX-License-Identifier: Apache-2.0

/// From the shape of a difference to its likely cause.
extension DrillJudge {
    /// Several times the curve's own jumps from point to point is more than another order of the data makes.
    private static let jump = 3.0

    func diagnosis(of run: DrillRun, _ findings: [DrillFinding]) -> Diagnosis? {
        for finding in findings {
            switch finding {
            case .nothingSaved: return Diagnosis(.savesAtTheEndOnly)
            case .notDisturbed, .nothingToCompare: return nil
            default: break
            }
        }
        if run.disturbance == .killInSave, let torn = run.tornFile {
            let cause: ResumeCause = torn.replacedWholeFile ? .overwritesInPlace : .tornCheckpoint
            return Diagnosis(cause, [.tornFile(torn.path)])
        }
        for finding in findings {
            switch finding {
            case .startedOver: return Diagnosis(.startsFromZero)
            case .skipped: return Diagnosis(.oneAhead, shift(of: run).map { [$0.evidence] } ?? [])
            case .repeated: return Diagnosis(.oneBehind, shift(of: run).map { [$0.evidence] } ?? [])
            case .resumeCrashed, .unfinished: return Diagnosis(.unknown)
            default: break
            }
        }
        if let shift = shift(of: run) {
            return Diagnosis(shift.units < 0 ? .oneAhead : .oneBehind, [shift.evidence])
        }
        if let rate = learningRateDifference(of: run) { return Diagnosis(.learningRate, [rate]) }
        return shape(of: run)
    }

    /// Whether the values after the resume are those of the undisturbed run one unit earlier or later.
    private func shift(of run: DrillRun) -> (units: Double, evidence: Diagnosis.Evidence)? {
        guard let curve else { return nil }
        let points = comparisons(curve, of: run)
        let units = control.units(of: curve)
        guard let first = points.first, let index = units.firstIndex(of: first.unit) else { return nil }
        // Only where the labels are off is the unshifted curve off by what a unit changes.
        let here = points.reduce(0) { $0 + Tolerance.distance($1.expected, $1.seen) } / Double(points.count)
        for step in [-1, 1] where units.indices.contains(index + step) {
            let shifted = points.compactMap { point -> Double? in
                guard let at = units.firstIndex(of: point.unit), units.indices.contains(at + step) else { return nil }
                return control.value(curve, at: units[at + step]).map { Tolerance.distance($0, point.seen) }
            }
            guard !shifted.isEmpty else { continue }
            let there = shifted.reduce(0, +) / Double(shifted.count)
            if there * 4 < here {
                let distance = units[index + step] - units[index]
                return (distance, .shifted(units: distance, metric: curve))
            }
        }
        return nil
    }

    private func learningRateDifference(of run: DrillRun) -> Diagnosis.Evidence? {
        for rate in rates {
            guard let limit = tolerances.first(where: { $0.metric == rate })?.limit else { continue }
            for point in comparisons(rate, of: run) where Tolerance.distance(point.expected, point.seen) > limit {
                return .learningRate(seen: point.seen, expected: point.expected, unit: point.unit)
            }
        }
        return nil
    }

    /// A lost optimizer state makes the curve jump to one side, and it comes back; another order of the data scatters
    /// it by no more than it jumps anyway.
    private func shape(of run: DrillRun) -> Diagnosis {
        guard let curve else { return Diagnosis(.unknown, [.onlyModel]) }
        let points = comparisons(curve, of: run).filter { $0.expected.isFinite && $0.seen.isFinite }
        let differences = points.map { $0.seen - $0.expected }.filter { $0 != 0 }
        var optimizer: [Diagnosis.Evidence] = []
        var random: [Diagnosis.Evidence] = []
        if let hints {
            if !hints.namesOptimizer { optimizer += [.noNameInCheckpoint] }
            if !hints.namesRandomState { random += [.noNameInCheckpoint] }
        }
        // A name that is there or not is worth more than a shape.
        var score = (optimizer: optimizer.count * 2, random: random.count * 2)
        if let first = differences.first, let last = differences.last {
            if let noise = noise(of: curve), noise > 0 {
                let ratio = abs(first) / noise
                if ratio > Self.jump {
                    optimizer.append(.aboveNoise(metric: curve, ratio: ratio))
                    score.optimizer += 1
                } else {
                    random.append(.withinNoise(metric: curve, ratio: ratio))
                    score.random += 1
                }
            }
            if differences.allSatisfy({ $0 > 0 }), differences.count > 1 {
                optimizer.append(.oneSided(metric: curve))
                score.optimizer += 1
                if abs(last) < abs(first) / 2 {
                    optimizer.append(.comesBack(metric: curve, first: first, last: last))
                    score.optimizer += 1
                }
            } else if differences.contains(where: { $0 > 0 }), differences.contains(where: { $0 < 0 }) {
                random.append(.scattered(metric: curve))
                score.random += 1
            }
        }
        if let seed = otherSeed(of: run) { return Diagnosis(.randomState, [seed]) }
        if differences.isEmpty, score.optimizer == score.random { return Diagnosis(.unknown, [.onlyModel]) }
        return score.optimizer > score.random
            ? Diagnosis(.optimizerState, optimizer) : Diagnosis(.randomState, random)
    }

    private func otherSeed(of run: DrillRun) -> Diagnosis.Evidence? {
        guard let expected = control.values[Self.seedName]?.first?.value else { return nil }
        let seen = run.stays.dropFirst().flatMap(\.values).last { $0.metric == Self.seedName }?.value
        return seen.flatMap { $0 == expected ? nil : .otherSeed(seen: $0, expected: expected) }
    }

    /// How far the undisturbed curve jumps from point to point: the median distance of a point from the middle of its
    /// neighbours, as the deviation of one point. `nil` for a curve of fewer than five points.
    private func noise(of metric: String) -> Double? {
        let values = control.units(of: metric).compactMap { control.value(metric, at: $0) }.filter(\.isFinite)
        guard values.count >= 5 else { return nil }
        let jumps = (1..<values.count - 1).map { index -> Double in
            let middle = (values[index - 1] + values[index + 1]) / 2
            return abs(values[index] - middle)
        }.sorted()
        // The middle of two neighbours deviates by half a variance, the point itself by one.
        return jumps[jumps.count / 2] / 1.5.squareRoot()
    }
}
