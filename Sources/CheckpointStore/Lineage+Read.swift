// SPDX-License-Identifier: Apache-2.0

import Digests

extension Lineage {
    /// Hands the verified pieces of all files to `use`, in order; several come down at once. Each file has one piece at
    /// least, an empty file an empty one. `ended` is told of a file that is whole.
    ///
    /// Answers why the generation is not whole, or nil: the first flaw in the order of files.
    func read(
        _ generation: Generation, use: (_ file: StoredFile, _ isFirst: Bool, _ piece: [UInt8]) throws -> Void,
        ended: (StoredFile) throws -> Void
    ) async throws -> String? {
        let wanted = generation.files.flatMap { WantedPiece.all(of: $0, in: generation) }
        var whole = SHA256()
        var flaw: String?
        try await OrderedWork.run(wanted.count, atOnce: Self.piecesAtOnce) { number in
            try await fetch(wanted[number], epoch: generation.epoch)
        } use: { number, fetched in
            let piece = wanted[number]
            switch fetched {
            case .flawed(let why): flaw = why
            case .whole(let bytes):
                whole.update(bytes)
                try use(piece.file, piece.isFirst, bytes)
                guard piece.isLast else { return true }
                if exchange(&whole, with: SHA256()).finalize() == piece.file.sha256 {
                    try ended(piece.file)
                } else {
                    flaw = "\(piece.file.path) is not what was committed"
                }
            }
            return flaw == nil
        }
        return flaw
    }

    private func fetch(_ wanted: WantedPiece, epoch: Int) async throws -> Fetched {
        guard let digest = wanted.digest else { return .whole([]) }
        let path = wanted.file.path
        let piece: [UInt8]?
        do {
            piece = try await objects.get(layout.piece(digest, epoch: epoch), limit: wanted.bytes)
        } catch let damaged as ObjectDamaged {
            return .flawed("a piece of \(path) is damaged: \(damaged.why)")
        }
        guard let piece else { return .flawed("a piece of \(path) is missing") }
        guard piece.count == wanted.bytes else {
            return .flawed("a piece of \(path) has \(piece.count) bytes instead of \(wanted.bytes)")
        }
        guard SHA256.digest(of: piece) == digest else { return .flawed("a piece of \(path) is not what was stored") }
        return .whole(piece)
    }
}

private enum Fetched: Sendable {
    case whole([UInt8])
    case flawed(String)
}

private struct WantedPiece: Sendable {
    let file: StoredFile
    /// Nil stands for an empty file.
    let digest: Digest?
    let bytes: Int
    let isFirst: Bool
    let isLast: Bool

    static func all(of file: StoredFile, in generation: Generation) -> [WantedPiece] {
        let last = file.pieces.count - 1
        if last < 0 { return [WantedPiece(file: file, digest: nil, bytes: 0, isFirst: true, isLast: true)] }
        return zip(file.pieces, generation.pieceLengths(of: file)).enumerated().map { index, piece in
            WantedPiece(
                file: file, digest: piece.0, bytes: piece.1, isFirst: index == 0, isLast: index == last)
        }
    }
}
