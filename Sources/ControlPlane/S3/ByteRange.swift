// SPDX-License-Identifier: Apache-2.0

/// The part of an object that a `Range` field asks for.
enum ByteRange: Hashable, Sendable {
    /// Nothing is asked for, or nothing that is understood; several parts at once are answered with the whole.
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    init(_ field: String?, size: Int64) {
        self = .whole
        guard let field, field.hasPrefix("bytes="), !field.contains(",") else { return }
        let sides = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return }
        switch (Int64(sides[0]), Int64(sides[1])) {
        case (let first?, let last?) where first >= 0 && first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (let first?, nil) where first >= 0 && sides[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (nil, let count?) where sides[0].isEmpty && count >= 0:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
        default: break
        }
    }
}
