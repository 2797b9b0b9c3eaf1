// SPDX-License-Identifier: Apache-2.0

import Digests

extension Lineage {
    /// Makes a generation of these files of `directory`. When it returns, the generation is durable and is the newest.
    ///
    /// All pieces are stored first; then one record is created, and that alone is the commit. Whatever happens before
    /// leaves unreferenced pieces at most. May be repeated: when the newest generation of this epoch already has the
    /// same files, progress and label, it is the answer, and every piece of it has been seen whole.
    ///
    /// Each file is watched from before its first byte is read until just before the commit, so a set of which one file
    /// was still being written, or was replaced meanwhile, is never a generation.
    package func commit(
        _ files: [SourceFile], from directory: String, under claim: Claim, progress: Double, label: String?,
        at milliseconds: Int64
    ) async throws(CommitError) -> Generation {
        precondition(progress.isFinite, "progress \(progress)")
        return try await CommitError.closing {
            let paths = try Self.checked(files)
            try await log.refuseIfFenced(epoch: claim.epoch, since: claim.sequence)
            let tree = try SourceTree(directory)
            let (stored, seen) = try await store(paths, of: tree, epoch: claim.epoch)
            for (path, status) in seen where tree.status(path) != status {
                throw CommitError.sourceChanged(path: path.text)
            }
            return try await record(stored, under: claim, progress: progress, label: label, at: milliseconds)
        }
    }

    private func record(
        _ files: [StoredFile], under claim: Claim, progress: Double, label: String?, at milliseconds: Int64
    ) async throws -> Generation {
        var existing: Generation?
        let record = try await log.append(epoch: claim.epoch, since: claim.sequence, at: milliseconds) { tail in
            // The tail ends with the newest generation that can be read, if there is one.
            let newest = tail.last.flatMap { try? $0.record.get().generation }  // Unreadable is not a generation.
            let unreadable = tail.filter { if case .failure = $0.record { true } else { false } }.count
            let generation = Generation(
                sequence: 0, number: (newest?.number ?? 0) + unreadable + 1, epoch: claim.epoch,
                committedAt: milliseconds, progress: progress, label: label, pieceBytes: pieceBytes, files: files)
            if let newest, newest.repeats(generation), unreadable == 0 {
                existing = newest
                return nil
            }
            return .generation(generation)
        }
        guard let generation = record?.generation ?? existing else {
            preconditionFailure("neither a new generation nor an existing one")
        }
        return generation
    }

    /// Reads the files one after the other and stores their pieces, several at once. When it returns, all are durable.
    private func store(
        _ paths: [(path: TreePath, expected: Digest?)], of tree: SourceTree, epoch: Int
    ) async throws -> (stored: [StoredFile], seen: [(path: TreePath, status: FileStatus)]) {
        try await withThrowingTaskGroup(of: (file: Int, piece: Int, digest: Digest).self) { group in
            var stored: [StoredFile] = []
            var seen: [(path: TreePath, status: FileStatus)] = []
            var digests: [[Int: Digest]] = paths.map { _ in [:] }
            var running = 0
            for (number, (path, expected)) in paths.enumerated() {
                let source = try tree.open(path)
                let before = try source.status()
                var whole = SHA256()
                var bytes: Int64 = 0
                while bytes < before.bytes {
                    try Task.checkCancellation()
                    if running == Self.piecesAtOnce, let done = try await group.next() {
                        digests[done.file][done.piece] = done.digest
                        running -= 1
                    }
                    let piece = try source.read(upTo: Int(min(Int64(pieceBytes), before.bytes - bytes)))
                    if piece.isEmpty { break }
                    let index = Int(bytes / Int64(pieceBytes))
                    bytes += Int64(piece.count)
                    group.addTask {
                        let digest = SHA256.digest(of: piece)
                        try await store(piece, as: layout.piece(digest, epoch: epoch))
                        return (number, index, digest)
                    }
                    running += 1
                    whole.update(piece)
                }
                guard bytes == before.bytes, try source.status() == before else {
                    throw CommitError.sourceChanged(path: path.text)
                }
                let sha256 = whole.finalize()
                if let expected, sha256 != expected { throw CommitError.sourceDamaged(path: path.text) }
                stored.append(
                    StoredFile(path: path, bytes: bytes, executable: before.executable, sha256: sha256, pieces: []))
                seen.append((path, before))
            }
            for try await done in group { digests[done.file][done.piece] = done.digest }
            for number in stored.indices {
                stored[number].pieces = digests[number].sorted { $0.key < $1.key }.map(\.value)
            }
            return (stored, seen)
        }
    }

    /// A piece that is there already is believed only after it was read: to acknowledge a generation whose unchanged
    /// part has rotted would lose it.
    private func store(_ piece: [UInt8], as key: ObjectKey) async throws {
        for _ in 1...3 {
            if try await objects.putIfAbsent(key, piece) == .created { return }
            if try await contents(of: key, limit: piece.count) == piece { return }
            try await objects.delete(key)
        }
        throw ObjectDamaged(key, why: "it is damaged again each time it is stored")
    }

    private func contents(of key: ObjectKey, limit: Int) async throws -> [UInt8]? {
        do {
            return try await objects.get(key, limit: limit)
        } catch is ObjectDamaged {
            return nil
        }
    }

    private static func checked(_ files: [SourceFile]) throws -> [(path: TreePath, expected: Digest?)] {
        do {
            let paths = try files.map { (path: try TreePath($0.path), expected: $0.expected) }
                .sorted { $0.path < $1.path }
            try TreePath.refuseConflicts(paths.map(\.path))
            return paths
        } catch let refused as PathRefused {
            throw CommitError.sourceRefused(path: refused.path, why: refused.why)
        }
    }
}

extension Generation {
    /// The same work, said again.
    fileprivate func repeats(_ other: Generation) -> Bool {
        epoch == other.epoch && progress == other.progress && label == other.label && pieceBytes == other.pieceBytes
            && files == other.files
    }
}
