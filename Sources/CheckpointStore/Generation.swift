// SPDX-License-Identifier: Apache-2.0

package import Digests

/// One complete, consistent set of checkpoint files, as its record in the log describes it.
package struct Generation: Hashable, Sendable {
    /// Its place in the log.
    package var sequence: Int
    /// Counts generations from 1, for people. Skips a number where a record could not be read.
    package var number: Int
    /// The attempt that committed it; its pieces lie in that epoch's folder.
    package var epoch: Int
    /// Milliseconds since 1970 by the clock of whoever committed. Nothing is ordered by it.
    package var committedAt: Int64
    /// How far the work had come, in units of the caller's.
    package var progress: Double
    /// A step or another name of the caller's.
    package var label: String?
    /// Every piece has this length, except the last of each file.
    package var pieceBytes: Int
    package var files: [StoredFile]

    package var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }
}

/// A file of a generation: its content is its pieces, in order.
package struct StoredFile: Hashable, Sendable, Codable {
    package var path: TreePath
    package var bytes: Int64
    package var executable: Bool
    package var sha256: Digest
    package var pieces: [Digest]
}

extension Generation {
    /// The length of each piece of a file: known before a byte of it is read.
    func pieceLengths(of file: StoredFile) -> [Int] {
        file.pieces.indices.map { index in
            Int(min(Int64(pieceBytes), file.bytes - Int64(index) * Int64(pieceBytes)))
        }
    }

    /// Why this description cannot be true or must not be followed, or nil. Checked before anything is stored or
    /// restored by it.
    var flaw: String? {
        guard (1...StoreLayout.pieceLimit).contains(pieceBytes) else { return "pieces of \(pieceBytes) bytes" }
        guard progress.isFinite else { return "progress is not a number" }
        guard number >= 1 else { return "generation number \(number)" }
        var sum: Int64 = 0
        for file in files {
            guard file.bytes >= 0 else { return "\(file.path) has \(file.bytes) bytes" }
            let (next, tooMuch) = sum.addingReportingOverflow(file.bytes)
            guard !tooMuch else { return "the files have more than 2^63 bytes" }
            sum = next
            let whole = file.bytes / Int64(pieceBytes) + (file.bytes % Int64(pieceBytes) == 0 ? 0 : 1)
            guard whole == Int64(file.pieces.count) else {
                return "\(file.path) has \(file.bytes) bytes in \(file.pieces.count) pieces"
            }
        }
        do {
            try TreePath.refuseConflicts(files.map(\.path))
        } catch {
            return error.description
        }
        return nil
    }
}
