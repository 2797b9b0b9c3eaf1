// SPDX-License-Identifier: Apache-2.0

import Digests

package struct Restored: Hashable, Sendable {
    package var generation: Generation
    /// Newer records that could not be used, newest first. Not empty means that work was lost: tell it.
    package var passedOver: [PassedOver]
}

extension Lineage {
    /// Restores the newest whole generation into `directory`, or answers nil if nothing was ever committed.
    ///
    /// `directory` must be absent or empty, not a mount point; its parent must exist, and one restore at a time may run
    /// into it. It is left as it was, or holds exactly the files of one generation, all of them verified and durable.
    /// Files are 0600 (executable ones 0700), directories 0700. A process that died in the last step may have left the
    /// directory complete: to be sure, remove it and restore again.
    ///
    /// A generation of more than `limit` bytes is passed over before anything is written. Files are created only after
    /// every promise in the record was checked, and never grow beyond what it promised. A store that cannot be reached
    /// is an error and no reason to take an older generation.
    package func restore(
        into directory: String, atMost limit: Int64, gate: EffectGate = .open
    ) async throws(RestoreError) -> Restored? {
        try await RestoreError.closing {
            let target = try RestoreTarget(directory, gate: gate)
            let judgement = LogJudgement(try await log.all())
            if let version = judgement.newerVersion { throw RestoreError.newerFormat(version: version) }
            var passedOver: [PassedOver] = []
            for (sequence, verdict) in judgement.verdicts.reversed() where sequence >= judgement.floor {
                switch verdict {
                case .missing(let count):
                    passedOver.append(PassedOver(sequence: sequence, why: LogJudgement.words(missing: count)))
                case .passedOver(let why): passedOver.append(PassedOver(sequence: sequence, why: why))
                case .accepted(let record):
                    guard let generation = record.generation else { continue }
                    if let why = try await restore(generation, into: target, atMost: limit) {
                        passedOver.append(PassedOver(sequence: sequence, why: why))
                    } else {
                        return Restored(generation: generation, passedOver: passedOver)
                    }
                }
            }
            if judgement.floor > 1 {
                passedOver.append(PassedOver(sequence: judgement.floor - 1, why: "this and all before it were pruned"))
            } else if judgement.verdicts.isEmpty, !(try await objects.list(layout.pieces).isEmpty) {
                passedOver.append(PassedOver(sequence: 1, why: "there are pieces of checkpoints, but no log"))
            }
            guard passedOver.isEmpty else { throw RestoreError.nothingWhole(passedOver) }
            return nil
        }
    }

    /// Answers why the generation is not whole, or nil when it has been restored.
    private func restore(
        _ generation: Generation, into target: RestoreTarget, atMost limit: Int64
    ) async throws -> String? {
        guard generation.bytes <= limit else {
            return "it has \(generation.bytes) bytes, more than the \(limit) allowed"
        }
        var tree = try target.stage()
        do {
            var copy: OpenFile?
            let why = try await read(generation) { file, isFirst, piece in
                if isFirst { copy = try tree.createFile(file.path, executable: file.executable) }
                try copy?.write(piece)
            } ended: { _ in
                try copy?.sync()
            }
            if let why {
                try target.discard()
                return why
            }
            try tree.sync()
            try target.publish()
            return nil
        } catch {
            // Best effort: the error that led here is the one to tell, and the next restore removes the rest.
            try? target.discard()  // the error that led here counts
            throw error
        }
    }
}
