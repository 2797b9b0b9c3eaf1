// SPDX-License-Identifier: Apache-2.0

enum CaptureGroups {
    /// How many groups an expression captures; throws what is wrong with it.
    ///
    /// `Regex` tells the number only of a match, so the expression gets an empty alternative, which matches "". The
    /// line break ends a comment that an extended expression may end with.
    static func count(in pattern: String) throws -> Int {
        _ = try Regex(pattern)
        let regex = try Regex("(?:\(pattern)\n)|")
        return (try regex.prefixMatch(in: "")?.output.count ?? 1) - 1
    }
}
