// SPDX-License-Identifier: Apache-2.0

/// A record that restore did not use, and why, in words for a person.
package struct PassedOver: Hashable, Sendable, CustomStringConvertible {
    package var sequence: Int
    package var why: String
    package var description: String { "record \(sequence): \(why)" }
}

/// How a restore can fail. None of these may be answered by starting from zero without a person's word.
package enum RestoreError: Error, CustomStringConvertible {
    /// There was something to resume from, and none of it is whole.
    case nothingWhole([PassedOver])
    /// The newest records are of a later format; an older generation must not be taken instead.
    case newerFormat(version: Int)
    /// The directory to restore into holds something, or cannot be replaced.
    case targetRefused(path: String, why: String)
    /// The store or the disk failed; nothing is known about the generations. Repeat the call.
    case storage(any Error)

    package var description: String {
        switch self {
        case .nothingWhole(let passedOver):
            "no checkpoint is whole: " + passedOver.map(\.description).joined(separator: "; ")
        case .newerFormat(let version):
            "the checkpoints were written by a newer nightshift (format \(version)); use that version"
        case .targetRefused(let path, let why): "cannot restore into \(path): \(why)"
        case .storage(let error): "restoring failed: \(error)"
        }
    }

    static func closing<Answer>(_ work: () async throws -> Answer) async throws(RestoreError) -> Answer {
        do {
            return try await work()
        } catch let error as RestoreError {
            throw error
        } catch {
            throw .storage(error)
        }
    }
}
