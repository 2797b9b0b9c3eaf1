// SPDX-License-Identifier: Apache-2.0

/// How a claim, a commit or a pruning can end without having been done. The agent decides something in every case.
package enum CommitError: Error, CustomStringConvertible {
    /// An attempt of a higher epoch has taken over: stop, nothing of ours will be accepted again.
    case fenced(by: Int)
    /// The file was written to, replaced or removed while it was read: it was not finished. Try the next checkpoint.
    case sourceChanged(path: String)
    /// The content is not what the writer of the file said it would be.
    case sourceDamaged(path: String)
    /// The file cannot be part of a generation: a symbolic link, a FIFO, a path that leads outside, a missing file.
    case sourceRefused(path: String, why: String)
    /// The newest record, made after our claim, cannot be read: it may be a successor's claim. Ask for a new epoch.
    case headUnreadable(sequence: Int, why: String)
    /// The log was written by a later version of this program.
    case newerFormat(version: Int)
    /// The place already holds something else.
    case otherStore(why: String)
    /// A generation of more pieces than a record can name (about 250 000, or 2 TB).
    case tooManyPieces
    /// The log has used all its numbers.
    case logFull
    /// A thousand others appended first.
    case tooBusy
    /// The store or the disk failed. It may have been done all the same: repeat the call, that is safe.
    case storage(any Error)

    package var description: String {
        switch self {
        case .fenced(let epoch): "a later attempt (epoch \(epoch)) has taken over; nothing was committed"
        case .sourceChanged(let path): "\(path) changed while it was read; nothing was committed"
        case .sourceDamaged(let path): "\(path) does not have the SHA-256 that was promised; nothing was committed"
        case .sourceRefused(let path, let why): "\(path) cannot be committed: \(why)"
        case .headUnreadable(let sequence, let why):
            "record \(sequence) of the commit log cannot be read (\(why)) and may be a later attempt's claim; "
                + "nothing was committed"
        case .newerFormat(let version):
            "the checkpoints were written by a newer nightshift (format \(version)); use that version"
        case .otherStore(let why): "the checkpoint store is not this night's: \(why)"
        case .tooManyPieces: "the checkpoint is too large for one record; nothing was committed"
        case .logFull: "the commit log is full; start a new night"
        case .tooBusy: "too many others write to this commit log; nothing was committed"
        case .storage(let error): "the checkpoint store failed: \(error)"
        }
    }

    static func closing<Answer>(_ work: () async throws -> Answer) async throws(CommitError) -> Answer {
        do {
            return try await work()
        } catch let error as CommitError {
            throw error
        } catch {
            throw .storage(error)
        }
    }
}
