// SPDX-License-Identifier: Apache-2.0

/// What the records of a log, read together, say about each of them. A pure fold: no record is judged by its own word.
struct LogJudgement: Sendable {
    /// In order of sequence. A gap has one verdict, under its last number.
    private(set) var verdicts: [(sequence: Int, verdict: Verdict)] = []
    /// Generations below it have been pruned.
    private(set) var floor = 1
    /// Set when a record is of a later format than this program knows.
    private(set) var newerVersion: Int?

    enum Verdict: Hashable, Sendable {
        case accepted(LogRecord)
        case missing(count: Int)
        case passedOver(String)
    }

    /// - A record that cannot be read is passed over.
    /// - One of a lower epoch than an accepted record before it was fenced off and is passed over. The protocol does not
    ///   let it in; a store that broke its promise might.
    /// - One that names another predecessor than the readable one which lies there was not appended to this log and is
    ///   passed over. A predecessor that is missing or damaged says nothing about its successor.
    init(_ records: [CommitLog.Found]) {
        var epoch = 0
        var before: CommitLog.Found?
        for found in records {
            let gap = found.sequence - (before?.sequence ?? 0) - 1
            if gap > 0 { verdicts.append((found.sequence - 1, .missing(count: gap))) }
            let verdict: Verdict
            switch found.record {
            case .failure(let why):
                if case .newer(let version) = why { newerVersion = version }
                verdict = .passedOver(why.description)
            case .success(let record):
                if record.epoch < epoch {
                    verdict = .passedOver("it is of epoch \(record.epoch), which epoch \(epoch) had fenced off")
                } else if !Self.follows(record, before) {
                    verdict = .passedOver("it does not follow the record before it")
                } else {
                    verdict = .accepted(record)
                    epoch = record.epoch
                    if case .prune(let floor) = record.entry { self.floor = max(self.floor, floor) }
                }
            }
            verdicts.append((found.sequence, verdict))
            before = found
        }
    }

    static func words(missing count: Int) -> String {
        count == 1 ? "it is missing" : "it and the \(count - 1) before it are missing"
    }

    private static func follows(_ record: LogRecord, _ before: CommitLog.Found?) -> Bool {
        guard record.sequence > 1 else { return record.previous == nil }
        guard let before, before.sequence == record.sequence - 1, case .success = before.record else { return true }
        return record.previous == before.digest
    }

    /// Accepted generations that have not been pruned, newest first.
    var generations: [Generation] {
        verdicts.reversed().compactMap { sequence, verdict in
            guard sequence >= floor, case .accepted(let record) = verdict else { return nil }
            return record.generation
        }
    }
}
