// SPDX-License-Identifier: Apache-2.0

/// One scalar, read by the core schema of YAML 1.2.
///
/// YAML 1.1 (PyYAML) reads some plain words otherwise: `no` and `on` are booleans there, `1e-3` is text, `22:00` is
/// the number 1320 and `0123` is octal. Here `no` is the text "no", `1e-3` is a number, `22:00` is text and `0123` is
/// text. The reader warns where the two disagree about a hyperparameter.
struct YAMLScalar: Hashable, Sendable {
    /// The characters, after quotes and escapes are taken away.
    var text: String
    var isPlain: Bool

    enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        /// Decimal digits with an optional minus sign, of any length.
        case integer(String)
        case number(Double)
        /// `.inf`, `.nan` and numbers too large for a double: nothing that JSON can carry.
        case notFinite
        case text(String)
    }

    var value: Value {
        guard isPlain else { return .text(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "-.inf", "+.Inf", "-.Inf", "+.INF", "-.INF", ".nan", ".NaN", ".NAN":
            return .notFinite
        default: break
        }
        if let integer = Self.integer(text) { return .integer(integer) }
        if Self.isNumber(text) {
            guard let number = Double(text.last == "." ? String(text.dropLast()) : text) else { return .text(text) }
            return number.isFinite ? .number(number) : .notFinite
        }
        return .text(text)
    }

    /// A plain word that YAML 1.1 takes for a boolean and 1.2 for text.
    var isOldBoolean: Bool {
        isPlain && ["yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    }

    /// Digits with a leading zero: octal in YAML 1.1, a number in YAML 1.2, a code of some sort to most people.
    var isLeadingZeroNumber: Bool {
        isPlain && text.count > 1 && text.first == "0" && text.allSatisfy { $0.isASCII && $0.isWholeNumber }
    }

    var kindInWords: String {
        switch value {
        case .null: "empty"
        case .bool(let value): "the truth value \(value)"
        case .integer, .number, .notFinite: "the number \(text)"
        case .text: "text"
        }
    }

    private static func integer(_ text: String) -> String? {
        if text.hasPrefix("0x") || text.hasPrefix("0o") {
            return UInt64(text.dropFirst(2), radix: text.hasPrefix("0x") ? 16 : 8).map { String($0) }
        }
        let negative = text.hasPrefix("-")
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard text.count - digits.count <= 1, !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isWholeNumber }),
            digits.count == 1 || digits.first != "0"
        else { return nil }
        return negative && digits != "0" ? "-" + digits : String(digits)
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and not digits alone.
    private static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        let hasPoint = rest.first == UInt8(ascii: ".")
        if hasPoint {
            rest.removeFirst()
            fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return false }
        guard let exponent = rest.first else { return hasPoint }
        guard exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") else { return false }
        rest.removeFirst()
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
}
