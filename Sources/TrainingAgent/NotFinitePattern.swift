// SPDX-License-Identifier: Apache-2.0

/// Makes an expression that finds `nan` and `inf` where a metric's own expression finds a number: `loss=([0-9.]+)` does
/// not match `loss=nan`.
enum NotFinitePattern {
    private static let group = "((?i:[+-]?(?:nan|inf(?:inity)?))(?![A-Za-z0-9_]))"

    /// The pattern with its one capture group replaced. `nil` when the group cannot be found, or nothing that compiles
    /// comes of it: then only numbers are seen.
    static func of(_ pattern: String) -> String? {
        let characters = Array(pattern)
        guard let open = captureGroup(in: characters), let close = end(ofGroupAt: open, in: characters) else {
            return nil
        }
        let derived = String(characters[..<open]) + group + String(characters[(close + 1)...])
        guard (try? Regex(derived)) != nil else { return nil }  // what does not compile finds nothing
        return derived
    }

    private static func captureGroup(in characters: [Character]) -> Int? {
        var found: Int?
        visit(characters, from: 0) { index, _ in
            guard characters[index] == "(", isCapture(at: index, in: characters) else { return true }
            found = index
            return false
        }
        return found
    }

    /// `(…)` and `(?<name>…)`, not `(?:…)`, `(?=…)`, `(?<=…)`, `(?<!…)`.
    private static func isCapture(at index: Int, in characters: [Character]) -> Bool {
        let rest = characters[(index + 1)...].prefix(3)
        guard rest.first == "?" else { return rest.first != "*" }
        let name = rest.dropFirst()
        return name.first == "P" || name.first == "'"
            || (name.first == "<" && name.dropFirst().first != "=" && name.dropFirst().first != "!")
    }

    private static func end(ofGroupAt open: Int, in characters: [Character]) -> Int? {
        var depth = 0
        var found: Int?
        visit(characters, from: open) { index, character in
            depth += character == "(" ? 1 : -1
            if depth == 0 { found = index }
            return depth > 0
        }
        return found
    }

    /// Each parenthesis that is one: not escaped, not quoted, not in a class of characters.
    private static func visit(_ characters: [Character], from start: Int, _ body: (Int, Character) -> Bool) {
        var index = start
        var classDepth = 0
        while index < characters.count {
            let character = characters[index]
            switch character {
            case "\\":
                index = lastOfEscape(at: index, in: characters)
            case "[": classDepth += 1
            case "]": classDepth = max(0, classDepth - 1)
            case "(" where classDepth == 0, ")" where classDepth == 0:
                if !body(index, character) { return }
            default: break
            }
            index += 1
        }
    }

    /// `\(` ends with its second character, `\Q…\E` with the E.
    private static func lastOfEscape(at index: Int, in characters: [Character]) -> Int {
        guard characters.dropFirst(index + 1).first == "Q" else { return index + 1 }
        var end = index + 2
        while end < characters.count, characters[end - 1] != "\\" || characters[end] != "E" { end += 1 }
        return end
    }
}
