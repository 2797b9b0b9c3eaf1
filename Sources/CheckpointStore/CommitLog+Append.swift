// SPDX-License-Identifier: Apache-2.0

extension CommitLog {
    /// Appends one entry for `epoch`, unless a higher epoch holds the log: the only way anything enters it.
    ///
    /// A lost race is run again from the new head, where `entry` is asked again. It is given the records at the head,
    /// newest first, and may answer nil to append nothing.
    ///
    /// A record above `since` that cannot be read may be the claim of a successor, so only a new claim may go over it.
    func append(
        epoch: Int, since: Int?, at milliseconds: Int64, entry: (_ tail: [Found]) throws -> LogRecord.Entry?
    ) async throws -> LogRecord? {
        var known = 0
        for _ in 1...1000 {
            let tail = try await tail(atLeast: known)
            try refuseIfFenced(tail, epoch: epoch, since: since)
            guard let entry = try entry(tail) else { return nil }
            let head = tail.first
            let record = LogRecord(
                lineage: layout.lineage.text, sequence: (head?.sequence ?? 0) + 1, previous: head?.digest, epoch: epoch,
                committedAt: milliseconds, entry: entry.placed(at: (head?.sequence ?? 0) + 1))
            guard record.sequence <= StoreLayout.sequenceLimit else { throw CommitError.logFull }
            let bytes = try record.bytes()
            guard bytes.count <= StoreLayout.recordLimit else { throw CommitError.tooManyPieces }
            let key = layout.record(record.sequence)
            if try await objects.putIfAbsent(key, bytes) == .created { return record }
            // It may be ours: a store may have lost the answer to our own first request.
            if try await objects.get(key, limit: StoreLayout.recordLimit) == bytes { return record }
            known = record.sequence
        }
        throw CommitError.tooBusy
    }

    /// Early, so that a fenced-off attempt learns it before it uploads gigabytes; `append` asks again.
    func refuseIfFenced(epoch: Int, since: Int?) async throws {
        try refuseIfFenced(try await tail(atLeast: 0), epoch: epoch, since: since)
    }

    private func refuseIfFenced(_ tail: [Found], epoch: Int, since: Int?) throws {
        var readable = false
        for found in tail {
            switch found.record {
            case .success(let record):
                if record.epoch > epoch { throw CommitError.fenced(by: record.epoch) }
                readable = true
            case .failure(.newer(let version)):
                throw CommitError.newerFormat(version: version)
            case .failure(.damaged(let why)):
                // Below a readable record it was read, and found to be no fence, by whoever appended that one.
                if let since, !readable, found.sequence > since {
                    throw CommitError.headUnreadable(sequence: found.sequence, why: why)
                }
            }
        }
    }
}

extension LogRecord.Entry {
    fileprivate func placed(at sequence: Int) -> LogRecord.Entry {
        guard case .generation(var generation) = self else { return self }
        generation.sequence = sequence
        return .generation(generation)
    }
}
