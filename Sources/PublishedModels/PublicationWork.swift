// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingJobs

/// From a finished model to a decision, on one thread and blocking it.
struct PublicationWork: Sendable {
    let job: TrainingJob
    let places: NightPublisher.Places
    let timeScale: Int
    let now: @Sendable () -> Instant

    var shelf: ModelShelf { ModelShelf(outputPath: job.outputPath) }
    private var settings: PublishSettings { job.publishing }

    func carryOut(_ order: PublicationOrder, until isCalledOff: () -> Bool) throws -> PublicationAnswer {
        // A pointer that must not be touched is found before minutes are spent.
        let before = try shelf.inService()
        var record = try recorded(order)
        if case .undecided = record.decision {
            if settings.pack { record = try shelf.pack(record, until: isCalledOff) }
            if isCalledOff() { throw CalledOff() }
            var objection = objection(to: record, beside: try shelf.modelInService())
            if objection == nil, let gate = settings.gate, !gate.command.isEmpty {
                switch try command(gate, order, previous: before).ask(until: isCalledOff) {
                case .passed: record = try recorded(order)  // the same bytes as before the command had them in hand
                case .objection(let why): objection = why
                case .calledOff: throw CalledOff()
                }
            }
            if let objection { return try shelf.decide(on: order.night) { _ in .keepBack(.gate(objection)) } }
        }
        if isCalledOff() { throw CalledOff() }
        return try shelf.decide(on: order.night) { inService in
            // What is in service may have changed while the command was asked.
            if let objection = self.objection(to: record, beside: inService) { return .keepBack(.gate(objection)) }
            let now = now()
            if now > order.deadline, settings.whenLate == .keepPrevious { return .keepBack(.late) }
            return .publish(at: now, gate: gateWords(record, beside: inService))
        }
    }

    /// The model's record, made if there is none yet.
    func recorded(_ order: PublicationOrder) throws -> ModelRecord {
        try shelf.prepare(order) { files in
            let readings = MetricReadings(machines: places.machines, upTo: order)
            var record = ModelRecord(
                order: order, files: files, sourceDigest: SourceDigest.of(places.source),
                hyperparameters: job.hyperparameters.map {
                    ModelRecord.Parameter(name: $0.name, json: SecretNames.matches($0.name) ? nil : $0.json)
                },
                metrics: readings.metrics)
            if !readings.notFinite.isEmpty { record.notFinite = readings.notFinite }
            return record
        }
    }

    private func verdict(on record: ModelRecord, beside inService: ModelInService) -> MetricGate.Verdict? {
        settings.gate?.metric.map { metric in
            var previous = inService.value(of: metric.name)
            if case .unknown(let why) = previous {
                previous = .unknown(
                    "\(why); to put this one there all the same: nightshift models publish \(record.night)")
            }
            return metric.verdict(on: record.value(of: metric.name), previous: previous)
        }
    }

    private func objection(to record: ModelRecord, beside inService: ModelInService) -> String? {
        if case .objection(let why)? = verdict(on: record, beside: inService) { why } else { nil }
    }

    private func gateWords(_ record: ModelRecord, beside inService: ModelInService) -> String? {
        guard let gate = settings.gate else { return nil }
        var words: [String] = []
        if case .passed(let what)? = verdict(on: record, beside: inService) { words.append(what) }
        if let program = gate.command.first { words.append("\(program) let it pass") }
        return words.joined(separator: "; ")
    }

    private func command(_ gate: PublishGate, _ order: PublicationOrder, previous: String?) -> GateCommand {
        var environment = ProcessInfo.processInfo.environment
        for (name, value) in job.environment { environment[name] = value }
        environment["SM_MODEL_DIR"] = shelf.modelPath(of: order.night)
        environment["NIGHTSHIFT_PREVIOUS_MODEL"] = previous.map { shelf.modelPath(of: $0) } ?? ""
        environment["NIGHTSHIFT_NIGHT"] = order.night
        environment[GateCommand.mark] = shelf.recordPath(of: order.night)
        // A computer needs a moment to start a program, however fast the night's clock runs.
        let timeout = max(Duration.seconds(2), .milliseconds(gate.timeout.milliseconds / Int64(timeScale)))
        return GateCommand(
            words: gate.command, timeout: timeout, source: places.source, scratch: places.scratch,
            environment: environment)
    }
}

/// The work was ended before anything was decided.
struct CalledOff: Error {}
