// SPDX-License-Identifier: Apache-2.0

/// Finds what a mistyped name was meant to be.
package enum NearestName {
    /// The closest of `names` without regard to case, hyphens and underscores; `nil` when none is close enough to
    /// suggest. Ties go to the first.
    package static func of(_ written: String, in names: [String]) -> String? {
        let typed = folded(written)
        guard !typed.isEmpty, typed.count <= 60 else { return nil }
        var best: (name: String, distance: Int)?
        for name in names {
            let target = folded(name)
            let distance = distance(typed, target)
            let allowed = max(1, min(typed.count, target.count) / 3)
            if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    private static func folded(_ text: String) -> [Character] {
        Array(text.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " })
    }

    /// Damerau-Levenshtein in its optimal string alignment form: insert, delete, replace, swap two neighbours.
    package static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int]()
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                let cost = left[i] == right[j] ? 0 : 1
                var value = min(last[j + 1] + 1, row[j] + 1, last[j] + cost)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    value = min(value, beforeLast[j - 1] + 1)
                }
                row.append(value)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
