// SPDX-License-Identifier: Apache-2.0

/// Reads JSON text as Python's `json.loads` does, as far as hyperparameters need it: `20` and `20.0` stay apart, a
/// whole number may have any length, and `NaN` and `Infinity` are numbers.
///
/// Foundation's decoder cannot tell `20.0` from `20`, and a script's `int()` can.
package struct JSONText {
    private static let depthLimit = 64

    private var rest: Substring.UnicodeScalarView

    /// `nil` when the text is not JSON.
    package static func value(of text: String) -> JSONValue? {
        var reader = JSONText(rest: text[...].unicodeScalars)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? value : nil
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.depthLimit else { return nil }
        skipSpace()
        switch rest.first {
        case "{": return object(depth: depth)
        case "[": return array(depth: depth)
        case "\"": return string().map { .string($0) }
        default: return word()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var members: [String: JSONValue] = [:]
        rest.removeFirst()
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard rest.first == "\"", let key = string() else { return nil }
            skipSpace()
            guard take(":"), let member = value(depth: depth + 1) else { return nil }
            members[key] = member  // of two with one name the last counts
            skipSpace()
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        rest.removeFirst()
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
            skipSpace()
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    private mutating func string() -> String? {
        var text = ""
        rest.removeFirst()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return text
            case "\\":
                guard let unescaped = escape() else { return nil }
                text.unicodeScalars.append(unescaped)
            case _ where scalar.value < 0x20: return nil
            default: text.unicodeScalars.append(scalar)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            guard let first = unit() else { return nil }
            guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) ?? "\u{fffd}" }
            let mark = rest
            guard take("\\"), take("u"), let second = unit(), (0xdc00..<0xe000).contains(second) else {
                rest = mark
                return "\u{fffd}"
            }
            return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        default: return nil
        }
    }

    private mutating func unit() -> UInt32? {
        let digits = String(rest.prefix(4))
        guard digits.utf8.count == 4, digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt32(digits, radix: 16)
        else { return nil }
        rest.removeFirst(4)
        return value
    }

    private mutating func word() -> JSONValue? {
        let end = rest.firstIndex { ",]}".unicodeScalars.contains($0) || Self.isSpace($0) } ?? rest.endIndex
        let word = String(rest[..<end])
        rest = rest[end...]
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "NaN": return .number(.nan)
        case "Infinity": return .number(.infinity)
        case "-Infinity": return .number(-.infinity)
        default: break
        }
        if word.wholeMatch(of: /-?(0|[1-9][0-9]*)/) != nil { return .integer(word == "-0" ? "0" : word) }
        guard word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil else { return nil }
        return Double(word).map { .number($0) }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipSpace() {
        while let first = rest.first, Self.isSpace(first) { rest.removeFirst() }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\n" || scalar == "\r" || scalar == "\t"
    }
}
