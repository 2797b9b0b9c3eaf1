// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Compares disturbed runs with undisturbed ones. Pure: the same runs give the same verdict.
package struct DrillJudge: Sendable {
    package static let learningRateName = "learning rate"
    package static let seedName = "seed"

    package let tolerances: [Tolerance]
    /// Why two undisturbed runs cannot be compared bit for bit.
    package let modelIsRepeatable: Bool
    let control: Trajectory
    let hints: CheckpointHints?
    private let controlRun: DrillRun
    private let learningRates: Set<String>
    private let progressIsInNames: Bool

    /// Two undisturbed runs that both came to a model. `given` are limits that a person has set, by metric; metrics of
    /// `ignored`, and those that measure time, are not compared. Where checkpoint names tell the progress, a restored
    /// generation holds exactly what its name says.
    package init(
        controls: (DrillRun, DrillRun), given: [String: Double], ignored: Set<String>, hints: CheckpointHints?,
        progressIsInNames: Bool = false
    ) {
        self.progressIsInNames = progressIsInNames
        let (first, second) = (Trajectory(controls.0.stays), Trajectory(controls.1.stays))
        controlRun = controls.0
        control = first
        self.hints = hints
        let names = first.values.keys.sorted()
        tolerances = names.compactMap { name in
            guard !ignored.contains(name), !TimingMetric.isOne(name), name != Self.seedName else { return nil }
            return Tolerance.measured(name, first, second, given: given[name])
        }
        learningRates = Set(names.filter(Self.isLearningRate))
        modelIsRepeatable = controls.0.model != nil && controls.0.model?.digest == controls.1.model?.digest
    }

    package static func isLearningRate(_ name: String) -> Bool {
        let parts = name.lowercased().split { !$0.isLetter }
        return parts.contains("lr") || parts.joined().hasSuffix("learningrate")
    }

    /// Every disturbed run's verdict, in their order.
    package func judge(_ runs: [DrillRun]) -> [DisturbanceVerdict] {
        let all = runs.map { (run: $0, findings: findings($0)) }
        // What a plain kill shows too has nothing to do with torn files or with the place in an epoch.
        let kill = all.first { $0.run.disturbance == .kill }
        let killPasses = kill.map(\.findings.isEmpty)
        let killResumes = kill.map { !$0.run.stays.contains { !$0.crashes.isEmpty } }
        return all.map { run, findings in
            DisturbanceVerdict(
                run: run, findings: findings,
                diagnosis: findings.isEmpty
                    ? nil : diagnosis(of: run, findings, killPasses: killPasses, killResumes: killResumes))
        }
    }

    func findings(_ run: DrillRun) -> [DrillFinding] {
        var findings: [DrillFinding] = []
        for (stay, previous) in zip(run.stays.dropFirst(), run.stays) {
            findings += resumeFindings(stay, after: previous, of: run)
        }
        if !run.wasDisturbed { findings.append(.notDisturbed) }
        if findings.isEmpty, let gap = gap(in: run) { findings.append(gap) }
        if run.model == nil {
            if case .failed(let why)? = run.stays.last?.end {
                findings.append(.unfinished(why))
            } else {
                findings.append(.unfinished("it ended without a model"))
            }
        }
        guard run.wasDisturbed, run.model != nil else { return findings }
        let metrics = tolerances.compactMap { difference(of: run, within: $0) }
        findings += metrics
        if modelIsRepeatable, run.model?.digest != controlRun.model?.digest { findings.append(.modelDiffers) }
        let isCompared = tolerances.contains { !comparisons($0.metric, of: run).isEmpty }
        if !modelIsRepeatable, !isCompared { findings.append(.nothingToCompare) }
        return findings
    }

    /// What the log says about where a stay went on.
    private func resumeFindings(
        _ stay: DrillStay, after previous: DrillStay, of run: DrillRun
    ) -> [DrillFinding] {
        var findings: [DrillFinding] = []
        if let crash = stay.crashes.first {
            findings.append(.resumeCrashed(stay.lastWords.last.map { "\(crash): \($0)" } ?? crash))
        }
        guard let held = stay.restored?.units else {
            if run.disturbance != .killAtStart {
                findings.append(.nothingSaved(unitsLost: previous.progress.last?.units ?? 0))
            }
            return findings
        }
        guard let first = stay.firstTrainedUnit else { return findings }
        if first < held, let beginning = control.units.first, first <= beginning {
            findings.append(.startedOver(held: held, first: first))
        } else if first <= held {
            findings.append(.repeated(unit: first, held: held))
        } else if let due = control.next(after: held), let afterDue = control.next(after: due), first >= afterDue {
            // A script that saves before it prints goes on one unit later, but then it had told this unit before.
            // Killed between save and print, it never tells it.
            let unheard = run.disturbance == .killInSave && run.tornFile == nil
            let told = !progressIsInNames && (unheard || previous.progress.contains { $0.units == due })
            if first > afterDue || !told { findings.append(.skipped(unit: told ? afterDue : due, next: first)) }
        }
        return findings
    }

    /// A unit that no stay ever told, or an end before the end.
    private func gap(in run: DrillRun) -> DrillFinding? {
        guard run.model != nil, let end = control.units.last, let last = run.stays.last?.progress.last?.units,
            let before = control.units.dropLast().last
        else { return nil }
        if last <= before { return .skipped(unit: control.next(after: last) ?? end, next: end) }
        let told = Set(run.stays.flatMap { $0.progress.map(\.units) })
        let resumed = run.stays.dropFirst().flatMap { $0.progress.map(\.units) }
        // A script that logs every so many steps of its own process tells other units after a resume.
        let onGrid = resumed.filter(Set(control.units).contains).count
        guard onGrid * 2 > resumed.count else { return nil }
        var missing = control.units.filter { !told.contains($0) }
        // Killed between save and print, a script never tells one unit.
        if run.disturbance == .killInSave, run.tornFile == nil, missing.count == 1 { missing = [] }
        return missing.first.map { unit in .skipped(unit: unit, next: told.filter { $0 > unit }.min() ?? end) }
    }

    /// The worst difference of a metric, over all that the resumed stays told.
    private func difference(of run: DrillRun, within tolerance: Tolerance) -> DrillFinding? {
        var worst: (unit: Double, expected: Double, seen: Double)?
        var count = 0
        for point in comparisons(tolerance.metric, of: run) {
            let distance = Tolerance.distance(point.expected, point.seen)
            guard distance > tolerance.limit else { continue }
            count += 1
            if worst.map({ distance > Tolerance.distance($0.expected, $0.seen) }) ?? true { worst = point }
        }
        return worst.map {
            .metricDiffers(
                metric: tolerance.metric, unit: $0.unit, expected: $0.expected, seen: $0.seen, limit: tolerance.limit,
                count: count)
        }
    }

    /// Pairs of values at the same unit: undisturbed and resumed.
    func comparisons(_ metric: String, of run: DrillRun) -> [(unit: Double, expected: Double, seen: Double)] {
        run.stays.dropFirst().flatMap { stay -> [(unit: Double, expected: Double, seen: Double)] in
            var seen: [Double: Double] = [:]
            for value in stay.valuesAfterResume where value.metric == metric { seen[value.units] = value.value }
            // Where the undisturbed run told a number and this one did not, it told none: a loss of NaN is no number.
            for unit in stay.finishedUnits where seen[unit] == nil { seen[unit] = .nan }
            return seen.sorted { $0.key < $1.key }.compactMap { unit, value in
                control.value(metric, at: unit).map { (unit, $0, value) }
            }
        }
    }

    /// Learning rates first, then losses, then the rest: what tells most about the cause.
    var curve: String? {
        let names = tolerances.map(\.metric).filter { !learningRates.contains($0) }
        return names.first { $0.lowercased().contains("loss") } ?? names.first
    }

    var rates: [String] { learningRates.sorted() }
}
