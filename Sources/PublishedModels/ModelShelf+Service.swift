// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
package import TrainingJobs

/// What is in service, and how that changes. The order is always: a whole model, its durable record, the pointer.
extension ModelShelf {
    /// What the last look before the pointer moves says.
    enum Judgement {
        /// With what the gate looked at, if there is one.
        case publish(at: Instant, gate: String?)
        case keepBack(KeptBack)
    }

    /// Makes the record of a model that is in its place, undecided, after reading every byte of it. The record of this
    /// model that is there already stays.
    func prepare(
        _ order: PublicationOrder, making newRecord: (_ files: Int) throws -> ModelRecord
    ) throws -> ModelRecord {
        let contents = try contents(of: order.night)
        guard contents.digest == order.model.digest else {
            throw ShelfError.damaged(
                night: order.night,
                why: "its bytes give \(contents.digest.prefix(16))…, not \(order.model.digest.prefix(16))…")
        }
        if let record = try record(of: order.night), record.model.digest == order.model.digest { return record }
        let record = try newRecord(contents.files)
        try write(record)
        return record
    }

    /// Packs the model unless that has been done, and records it. Throws `CalledOff` when it was.
    func pack(_ record: ModelRecord, until isCalledOff: () -> Bool) throws -> ModelRecord {
        if let pack = record.pack, try ShelfFiles.entry(packPath(of: record.night)) == .file,
            try Self.pack(at: packPath(of: record.night)) == pack
        {
            return record
        }
        try ModelPacker.pack(modelPath(of: record.night), to: packPath(of: record.night), until: isCalledOff)
        var packed = record
        packed.pack = try Self.pack(at: packPath(of: record.night))
        try write(packed)
        return packed
    }

    /// Decides about a prepared model and moves the pointer, under the lock. May be repeated: a decision that was made
    /// stands, and one whose pointer was not moved any more is carried out.
    func decide(
        on night: String, judgement: (ModelInService) throws -> Judgement
    ) throws -> PublicationAnswer {
        try withLock {
            let current = try inService()
            guard var record = try record(of: night) else {
                throw ShelfError.noRecord(night: night, path: recordPath(of: night))
            }
            if case .keptBack(let why) = record.decision { return .keptBack(why, inService: current) }
            if case .published(let at, _) = record.decision, wasInService(record, before: current) {
                return .published(at: at, replaces: record.replaces)
            }
            switch try judgement(try modelInService()) {
            case .keepBack(let why):
                record.decision = .keptBack(why)
                try write(record)
                return .keptBack(why, inService: current)
            case .publish(let at, let gate):
                record.gate = gate
                return try move(to: record, at: at, byPerson: false, replacing: current)
            }
        }
    }

    /// Puts a model into service by a person's order, whatever was decided before. Every byte is read first.
    package func publish(_ night: String, packing: Bool, at now: Instant) throws -> PublicationAnswer {
        guard var record = try record(of: night) else {
            throw ShelfError.noRecord(night: night, path: recordPath(of: night))
        }
        try verify(record)
        if packing { record = try pack(record) { false } }
        return try withLock {
            let current = try inService()
            if current == night, case .published(let at, _) = record.decision {
                return .published(at: at, replaces: record.replaces)
            }
            record = try self.record(of: night) ?? record
            return try move(to: record, at: now, byPerson: true, replacing: current)
        }
    }

    /// Goes back to the model that the one in service replaced, or to a named one that was in service before. Answers
    /// the nights that it left and went to.
    package func rollBack(to wanted: String?, at now: Instant) throws -> (from: String?, to: String) {
        let expected = try inService()
        let target = try wanted ?? replaced(by: expected)
        guard let record = try record(of: target) else {
            throw ShelfError.noRecord(night: target, path: recordPath(of: target))
        }
        try verify(record)
        return try withLock {
            let current = try inService()
            // Somebody was faster: what was read is about another model than the one that is in service now.
            guard current == expected else { throw ShelfError.busy(path: lockPath) }
            guard current != target else { throw ShelfError.inServiceAlready(night: target) }
            switch record.decision {
            case .published, .keptBack(.rolledBack): break
            case .undecided, .keptBack: throw ShelfError.neverInService(night: target)
            }
            // Those that are skipped on the way, too: none of them comes back by itself.
            let nights = succession(endingWith: current).nights
            for night in nights.contains(target) ? nights.prefix(while: { $0 != target }) : nights.prefix(1) {
                guard var left = try self.record(of: night) else { continue }
                left.decision = .keptBack(.rolledBack)
                try write(left)
            }
            // What it once replaced it still replaces: a second rollback goes one further.
            _ = try move(to: record, at: now, byPerson: true, replacing: record.replaces)
            return (current, target)
        }
    }

    /// Whether a published model is in service or was until another one came; otherwise its pointer was not moved any
    /// more. Where a record of those after it is gone, nobody can say: then what is in service stays.
    private func wasInService(_ record: ModelRecord, before current: String?) -> Bool {
        let (nights, isWhole) = succession(endingWith: current)
        return nights.contains(record.night) || (!isWhole && record.replaces != current)
    }

    /// The nights whose models replaced one another, the newest first, as far as their records can be read.
    private func succession(endingWith current: String?) -> (nights: [String], isWhole: Bool) {
        var nights: [String] = []
        var seen: Set<String> = []
        var next = current
        // A person can publish an old model again: then they replaced one another in a circle.
        while let night = next, seen.insert(night).inserted {
            nights.append(night)
            // Unreadable or gone, both end it.
            guard let record = try? record(of: night) else { return (nights, false) }
            next = record.replaces
        }
        return (nights, true)
    }

    private func replaced(by current: String?) throws -> String {
        guard let current else { throw ShelfError.nothingInService(path: pointerPath) }
        guard let record = try record(of: current), let replaced = record.replaces else {
            throw ShelfError.nothingReplaced(night: current)
        }
        return replaced
    }

    /// The record first: a pointer never leads to a model that nothing is known about.
    private func move(
        to record: ModelRecord, at now: Instant, byPerson: Bool, replacing previous: String?
    ) throws -> PublicationAnswer {
        var record = record
        record.decision = .published(at: now, byPerson: byPerson)
        if previous != record.night { record.replaces = previous }
        try ShelfFiles.synchronize(directory(of: record.night))
        try write(record)
        try ShelfFiles.synchronize(outputPath)
        try ShelfFiles.link(pointerPath, to: record.night + "/model")
        return .published(at: now, replaces: record.replaces)
    }

    func withLock<Answer>(_ body: () throws -> Answer) throws -> Answer {
        let lock = try ShelfLock.take(lockPath)
        return try withExtendedLifetime(lock) { try body() }
    }
}
