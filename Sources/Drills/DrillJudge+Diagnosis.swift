// SPDX-License-Identifier: Apache-2.0

/// From the shape of a difference to its likely cause.
extension DrillJudge {
    /// Another order of the data makes a curve scatter by about what it scatters anyway. Much more is a jump, much less
    /// is the same data in the same order.
    private static let (jump, calm) = (3.0, 0.3)

    /// `killPasses` is absent where no plain kill was tried.
    /// `killResumes`: what a plain kill left could at least be loaded.
    func diagnosis(
        of run: DrillRun, _ findings: [DrillFinding], killPasses: Bool?, killResumes: Bool?
    ) -> Diagnosis? {
        var cameToAnEnd = true
        for finding in findings {
            switch finding {
            case .nothingSaved: return Diagnosis(.savesAtTheEndOnly)
            case .notDisturbed, .nothingToCompare: return nil
            case .resumeCrashed, .unfinished: cameToAnEnd = false
            default: break
            }
        }
        if let torn = run.tornFile, killPasses ?? true || (!cameToAnEnd && killResumes == true) {
            let cause: ResumeCause = torn.replacedWholeFile ? .overwritesInPlace : .tornCheckpoint
            return Diagnosis(cause, [.tornFile(torn.path)])
        }
        if killPasses == true, cameToAnEnd, run.disturbance == .notice {
            return Diagnosis(.positionInEpoch, [.onlyWithinAnEpoch])
        }
        let shift = shift(of: run)
        for finding in findings {
            switch finding {
            case .startedOver(let held, _):
                if let shift, shift.units > 0 { return Diagnosis(.oneBehind, [shift.evidence]) }
                return Diagnosis(hasTheWeights(of: held, run) ? .oneBehind : .startsFromZero)
            case .skipped: return Diagnosis(.oneAhead, shift.map { [$0.evidence] } ?? [])
            case .repeated: return Diagnosis(.oneBehind, shift.map { [$0.evidence] } ?? [])
            case .resumeCrashed, .unfinished: return Diagnosis(.unknown)
            default: break
            }
        }
        if let shift { return Diagnosis(shift.units < 0 ? .oneAhead : .oneBehind, [shift.evidence]) }
        if let rate = learningRateDifference(of: run) { return Diagnosis(.learningRate, [rate]) }
        return shape(of: run)
    }

    /// Whether the first value after a resume is nearer to what comes after the checkpoint than to the beginning: then
    /// the weights were loaded, and only the count began again.
    private func hasTheWeights(of held: Double, _ run: DrillRun) -> Bool {
        guard let curve, let point = comparisons(curve, of: run).first,
            let due = control.units(of: curve).first(where: { $0 > held }),
            let after = control.value(curve, at: due)
        else { return false }
        return Tolerance.distance(point.seen, after) < Tolerance.distance(point.seen, point.expected)
    }

    /// Whether the values after the resume are those of the undisturbed run one or two units earlier or later.
    private func shift(of run: DrillRun) -> (units: Double, evidence: Diagnosis.Evidence)? {
        guard let curve else { return nil }
        let points = comparisons(curve, of: run).filter { $0.expected.isFinite && $0.seen.isFinite }
        let units = control.units(of: curve)
        let gaps = zip(units.dropFirst(), units).map { $0 - $1 }.sorted()
        guard let first = units.first, let last = units.last, !gaps.isEmpty, gaps[gaps.count / 2] > 0 else {
            return nil
        }
        let gap = gaps[gaps.count / 2]
        // Where the log tells parts of a unit, a resume is off by whole ones.
        let step = gap < 1 && last - first > 1 ? 1 : gap
        let here = mean(points.map { Tolerance.distance($0.expected, $0.seen) })
        for distance in [-step, step, -2 * step, 2 * step] {
            let shifted = points.compactMap { point in
                units.nearest(to: point.unit + distance, within: gap / 1000)
                    .flatMap { control.value(curve, at: $0) }.map { Tolerance.distance($0, point.seen) }
            }
            guard shifted.count >= min(3, points.count), let here, let there = mean(shifted) else { continue }
            if there * 4 < here { return (distance, .shifted(units: distance, metric: curve)) }
        }
        return nil
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
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

    /// A lost optimizer state makes the curve jump to one side and come back, or bends it a little, over the same data;
    /// another order of the data scatters it.
    private func shape(of run: DrillRun) -> Diagnosis {
        if let seed = otherSeed(of: run) { return Diagnosis(.randomState, [seed]) }
        guard let curve else { return Diagnosis(.unknown, [.onlyModel]) }
        let points = comparisons(curve, of: run).filter { $0.expected.isFinite && $0.seen.isFinite }
        let differences = points.map { $0.seen - $0.expected }.filter { $0 != 0 }
        guard let first = differences.first, let last = differences.last else {
            return Diagnosis(.unknown, [.onlyModel])
        }
        var optimizer: [Diagnosis.Evidence] = []
        var random: [Diagnosis.Evidence] = []
        if let noise = noise(of: curve), noise > 0 {
            let sizes = differences.map(abs).sorted()
            let typical = sizes[sizes.count / 2] / noise
            if abs(first) / noise > Self.jump {
                optimizer.append(.aboveNoise(metric: curve, ratio: abs(first) / noise))
            } else if typical < Self.calm {
                optimizer.append(.belowNoise(metric: curve, ratio: typical))
            } else {
                random.append(.withinNoise(metric: curve, ratio: typical))
            }
        }
        if differences.count > 1, differences.allSatisfy({ $0 > 0 }), abs(last) < abs(first) / 2 {
            optimizer.append(.comesBack(metric: curve, first: first, last: last))
        }
        // A name that is missing is a hint beside the shape, and decides where the shape does not.
        if let hints {
            if !hints.namesOptimizer { optimizer.append(.noOptimizerInCheckpoint) }
            if !hints.namesRandomState { random.append(.noRandomStateInCheckpoint) }
        }
        if optimizer.count == random.count { return Diagnosis(.unknown, optimizer + random) }
        return optimizer.count > random.count
            ? Diagnosis(.optimizerState, optimizer) : Diagnosis(.randomState, random)
    }

    private func otherSeed(of run: DrillRun) -> Diagnosis.Evidence? {
        // A seed of each unit's own tells nothing.
        let told = Set((control.values[Self.seedName] ?? [:]).values)
        guard told.count == 1, let expected = told.first else { return nil }
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
