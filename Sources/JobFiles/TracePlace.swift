// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A trace as it is named on a command line: a file, and of one with several windows the one that was meant.
package struct TracePlace: Hashable, Sendable {
    package var path: String
    package var window: String?

    /// `FILE#WINDOW`, unless there is a file of that very name.
    package init(_ typed: String) {
        guard !FileManager.default.fileExists(atPath: typed), let mark = typed.lastIndex(of: "#") else {
            path = typed
            return
        }
        path = String(typed[..<mark])
        window = String(typed[typed.index(after: mark)...])
    }
}
