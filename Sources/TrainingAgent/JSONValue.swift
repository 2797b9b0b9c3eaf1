// SPDX-License-Identifier: Apache-2.0

/// A JSON document as a value, for hyperparameters of any type.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Its digits: Python's whole numbers have no limit.
    case integer(String)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The value of JSON text, or the text itself as a string when it is not JSON, as the training toolkit does.
    package init(jsonOrText text: String) {
        self = JSONText.value(of: text) ?? .string(text)
    }

    /// Compact JSON with sorted keys, in ASCII, as Python's `json.dumps` writes it.
    package var compact: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let digits): digits
        case .number(let value): Self.jsonNumber(value)
        case .string(let value): Self.quoted(value)
        case .array(let values): "[" + values.map(\.compact).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.compact }
                .joined(separator: ",") + "}"
        }
    }

    /// One word of a command line, written as SageMaker's training toolkit writes it: Python's `True` and `False`, a
    /// list's `repr`, a map as `key=value,key=value`, null as an empty word.
    package var argument: String {
        switch self {
        case .null: ""
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.pythonText)" }.joined(separator: ",")
        case .string, .bool, .integer, .number, .array: pythonText
        }
    }

    /// Python's `str()`.
    private var pythonText: String {
        if case .string(let value) = self { value } else { pythonRepr }
    }

    private var pythonRepr: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .integer(let digits): digits
        case .number(let value):
            value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : String(describing: value)
        case .string(let value): Self.pythonQuoted(value)
        case .array(let values): "[" + values.map(\.pythonRepr).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(Self.pythonQuoted($0.key)): \($0.value.pythonRepr)" }
                .joined(separator: ", ") + "}"
        }
    }

    private static func jsonNumber(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : String(describing: value)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: quoted += "\\\""
            case 0x5c: quoted += "\\\\"
            case 0x0a: quoted += "\\n"
            case 0x0d: quoted += "\\r"
            case 0x09: quoted += "\\t"
            case 0x08: quoted += "\\b"
            case 0x0c: quoted += "\\f"
            case 0x20..<0x7f: quoted.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default: quoted += "\\u" + hexadecimal(UInt32(unit), digits: 4)
            }
        }
        return quoted + "\""
    }

    /// Python's `repr` of a string; characters beyond ASCII stay as they are.
    private static func pythonQuoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var quoted = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
                quoted += "\\x" + hexadecimal(scalar.value, digits: 2)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + String(quote)
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
