// SPDX-License-Identifier: Apache-2.0

/// Follows the changes of a checkpoint directory until a file is being written under the name that it has.
struct TornWrite: Sendable {
    /// Regular files that were there, with something in them, when the watch began: parts of a whole checkpoint.
    let whole: Set<String>
    /// The file that was written last and still lies where it was written.
    private(set) var path: String?

    init(whole: Set<String>) { self.whole = whole }

    mutating func follow(_ changes: [CheckpointWatch.Change]) {
        for change in changes {
            switch change.kind {
            case .created, .written, .closed:
                if !change.isDirectory { path = change.path }
            case .movedAway, .removed:
                // The file, or a directory that it lies in.
                if let path, path == change.path || path.hasPrefix(change.path + "/") { self.path = nil }
            case .movedHere:
                // What comes by a rename comes whole.
                if let path, path == change.path || path.hasPrefix(change.path + "/") { self.path = nil }
            }
        }
    }

    var replacesWholeFile: Bool { path.map(whole.contains) ?? false }
}
