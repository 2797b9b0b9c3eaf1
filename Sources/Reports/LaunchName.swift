// SPDX-License-Identifier: Apache-2.0

/// A launch's key as people see it inside one night: `a3` for `recommender-2026-11-25-a3`.
enum LaunchName {
    /// Keys of another form are shown whole.
    static func short(_ key: String) -> String {
        let last = key.split(separator: "-").last ?? ""
        let isEpoch = last.first == "a" && last.count > 1 && last.dropFirst().allSatisfy { "0"..."9" ~= $0 }
        return TerminalText.sanitized(isEpoch ? String(last) : key)
    }
}
