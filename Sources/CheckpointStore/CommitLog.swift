// SPDX-License-Identifier: Apache-2.0

import Digests

/// The commit log of a lineage: numbered records, each created only if its number is free.
///
/// Appending number n + 1 after having read number n *is* the compare-and-swap. Records are never deleted, so a number
/// is never free a second time, and a writer that slept for hours cannot slip into a gap.
struct CommitLog: Sendable {
    let layout: StoreLayout
    let objects: any ObjectStore

    /// A record as it was found.
    struct Found: Sendable {
        var sequence: Int
        /// Of its bytes as they lie there, whole or damaged; nil when they could not be read.
        var digest: Digest?
        var record: Result<LogRecord, RecordUnreadable>
    }

    /// Every record there is, in order. Costs one request a record.
    func all() async throws -> [Found] {
        var found: [Found] = []
        for sequence in try await sequences(atLeast: 0) {
            if let record = try await record(at: sequence) { found.append(record) }
        }
        return found
    }

    /// The newest records, newest first, down to the newest generation that can be read, or to the start.
    ///
    /// `known` is a sequence that is known to exist.
    func tail(atLeast known: Int) async throws -> [Found] {
        var tail: [Found] = []
        for sequence in try await sequences(atLeast: known).reversed() {
            // A number without a record is damage too: the head was created after it.
            let found =
                try await record(at: sequence)
                ?? Found(sequence: sequence, digest: nil, record: .failure(.damaged("it is missing")))
            tail.append(found)
            if let record = try? found.record.get(), record.generation != nil { break }  // An unreadable one is passed.
        }
        return tail
    }

    func record(at sequence: Int) async throws -> Found? {
        do {
            guard let bytes = try await objects.get(layout.record(sequence), limit: StoreLayout.recordLimit) else {
                return nil
            }
            let record = Result { () throws(RecordUnreadable) in
                try LogRecord(bytes: bytes, lineage: layout.lineage.text, sequence: sequence)
            }
            return Found(sequence: sequence, digest: SHA256.digest(of: bytes), record: record)
        } catch let damaged as ObjectDamaged {
            return Found(sequence: sequence, digest: nil, record: .failure(.damaged(damaged.why)))
        }
    }

    /// The numbers that may have a record, in order.
    ///
    /// A listing that lags behind the store must mislead neither a writer nor a pruning, so numbers which it leaves out
    /// are asked for: those after its last one, and small gaps. (Large gaps are not: a stray file named `99999999.json`
    /// would cost a hundred million requests.)
    private func sequences(atLeast known: Int) async throws -> [Int] {
        var numbers: [Int] = []
        let listed = try await objects.list(layout.log).compactMap { layout.sequence(ofRecord: $0.key) }
        for sequence in listed {
            let next = (numbers.last ?? 0) + 1
            numbers += sequence - next <= 100 ? Array(next...sequence) : [sequence]
        }
        var head = numbers.last ?? 0
        while head < StoreLayout.sequenceLimit {
            if head >= known, try await record(at: head + 1) == nil { break }
            head += 1
            numbers.append(head)
        }
        return numbers
    }
}
