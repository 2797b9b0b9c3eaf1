// SPDX-License-Identifier: Apache-2.0

/// A place in the job file; lines and columns count from 1, columns in Unicode scalars as editors show them.
package struct JobPlace: Hashable, Sendable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (lhs: JobPlace, rhs: JobPlace) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}

/// Where each key of a job file was written, so that what is found out later, such as a directory that is missing,
/// can still point at the line to change.
package struct JobPlaces: Hashable, Sendable {
    private var byKey: [String: JobPlace] = [:]
    private var root = JobPlace(line: 1, column: 1)

    package init() {}

    /// The place of `schedule.deadline` or `offers[0].zones[1]`; of the nearest key around it when that was left out.
    package subscript(key: String) -> JobPlace {
        var path = key[...]
        while !path.isEmpty {
            if let place = byKey[String(path)] { return place }
            guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = path[..<cut]
        }
        return root
    }

    /// Whether the key itself is in the file.
    package func contains(_ key: String) -> Bool { byKey[key] != nil }

    mutating func note(_ key: String, at place: JobPlace) { byKey[key] = place }
    mutating func noteRoot(_ place: JobPlace) { root = place }
}
