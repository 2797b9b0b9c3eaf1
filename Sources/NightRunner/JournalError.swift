// SPDX-License-Identifier: Apache-2.0

/// What a person must look at: nothing here is repaired or skipped.
package enum JournalError: Error, Hashable, CustomStringConvertible {
    case cannotOpen(path: String, why: String)
    /// A later version of this program has written it.
    case newerFormat(path: String)
    case damaged(what: String, why: String)
    case noSuchNight(String)
    case nightExists(String)
    /// Somebody else has written meanwhile, or the caller is confused.
    case outOfOrder(night: String, sequence: Int, after: Int)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let why): "the journal \(path) cannot be opened: \(why)"
        case .newerFormat(let path): "the journal \(path) was written by a newer nightshift; use that one"
        case .damaged(let what, let why): "the journal is damaged: \(what): \(why)"
        case .noSuchNight(let night): "the journal has no night \(night)"
        case .nightExists(let night): "the journal has a night \(night) already"
        case .outOfOrder(let night, let sequence, let last):
            "event \(sequence) of \(night) was not recorded: the journal's last one is \(last), so another process steers it"
        }
    }
}
