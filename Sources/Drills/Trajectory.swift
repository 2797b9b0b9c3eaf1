// SPDX-License-Identifier: Apache-2.0

/// What a run's log told, by progress: for each metric the value at each unit.
///
/// Where a metric was told several times at the same unit (each hundred steps of one epoch), the last one counts: that
/// is the one which a run that resumes in the middle has in common with a run that does not.
struct Trajectory: Sendable {
    /// In order of progress, without repetitions.
    private(set) var units: [Double] = []
    private(set) var values: [String: [Double: Double]] = [:]

    /// Of some stays of a run; what a later stay told counts more.
    init(_ stays: some Sequence<DrillStay>) {
        var seen: Set<Double> = []
        for stay in stays {
            seen.formUnion(stay.progress.map(\.units))
            for value in stay.completeValues { values[value.metric, default: [:]][value.units] = value.value }
        }
        units = seen.sorted()
    }

    func value(_ metric: String, at unit: Double) -> Double? { values[metric]?[unit] }

    /// The units at which a metric was told, in order.
    func units(of metric: String) -> [Double] { (values[metric] ?? [:]).keys.sorted() }

    /// The next unit after `unit` that the log told.
    func next(after unit: Double) -> Double? { units.first { $0 > unit } }
}

extension DrillStay {
    /// The values of units that the stay has finished: the last unit before a kill may lack later values.
    var completeValues: [LoggedValue] {
        if case .completed = end { return values }
        guard let last = values.last, !last.tellsProgress else { return values }
        return values.filter { $0.units != last.units || $0.tellsProgress }
    }

    /// What the stay told of units after the one that it resumed at. Of that one it may tell where it goes on ("resumed
    /// from epoch=2"), its settings, or the first values of the next: nothing that could be compared.
    var valuesAfterResume: [LoggedValue] {
        guard let restored else { return completeValues }
        return completeValues.filter { $0.units != restored.units }
    }

    /// Units that were told after the resume, and of which all was told: the last one before a kill may lack a line.
    var finishedUnits: Set<Double> {
        let told = progress.map(\.units).filter { $0 > restored?.units ?? 0 }
        if case .completed = end { return Set(told) }
        return Set(told.dropLast())
    }

    /// The first progress that was told for a unit of work, not for the place of the resume: a line that only says where
    /// training goes on ("resumed from epoch=2 lr=0.1") tells less than the line of a unit.
    var firstTrainedUnit: Double? {
        guard let held = restored?.units, let next = progress.first(where: { $0.units != held })?.units else {
            return progress.first { $0.units != restored?.units || !metrics(at: $0.units).isEmpty }?.units
        }
        return metrics(at: held).isStrictSubset(of: metrics(at: next)) || metrics(at: held).isEmpty
            ? next : progress.first?.units
    }

    /// What the lines that told a unit told beside it.
    private func metrics(at unit: Double) -> Set<String> {
        Set(values.filter { $0.tellsProgress && $0.units == unit }.map(\.metric))
    }
}

extension [Double] {
    /// Of numbers in order, the one nearest to another and no further away than `room`: parts of a unit are seldom exact
    /// binary numbers, so their sums miss one another by a little.
    func nearest(to number: Double, within room: Double) -> Double? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return self[Swift.max(0, low - 1)..<Swift.min(count, low + 1)]
            .min { abs($0 - number) < abs($1 - number) }
            .flatMap { abs($0 - number) <= room ? $0 : nil }
    }
}
