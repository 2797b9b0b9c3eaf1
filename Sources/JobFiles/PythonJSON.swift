// SPDX-License-Identifier: Apache-2.0

/// Writes a YAML value as Python's `json.dumps` writes the value it stands for, because SageMaker's SDK sends
/// hyperparameters that way and scripts compare them as text: `", "` and `": "` between members, non-ASCII
/// characters as `\uXXXX`, numbers as Python's `repr`.
enum PythonJSON {
    /// `nil` when the value holds a number that JSON can't carry.
    static func text(_ node: YAMLNode) -> String? {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return "null"
            case .bool(let value): return value ? "true" : "false"
            case .integer(let digits): return digits
            case .number(let value): return number(value)
            case .notFinite: return nil
            case .text(let text): return string(text)
            }
        case .sequence(let items):
            let texts = items.map(text)
            guard !texts.contains(nil) else { return nil }
            return "[" + texts.compactMap(\.self).joined(separator: ", ") + "]"
        case .mapping(let entries):
            var members: [String] = []
            for entry in entries {
                guard let value = text(entry.value) else { return nil }
                members.append(string(entry.key) + ": " + value)
            }
            return "{" + members.joined(separator: ", ") + "}"
        }
    }

    static func string(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x08: result += "\\b"
            case 0x0C: result += "\\f"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let hex = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
        }
        return result + "\""
    }

    /// Python's `repr` of a float: the shortest digits that read back the same, with an exponent below 1e-4 and from
    /// 1e16 on, two digits in it at least, and `.0` behind a whole number.
    static func number(_ value: Double) -> String {
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        // Swift prints the same shortest digits; only the layout differs, so it is taken apart and laid out again.
        let parts = value.magnitude.description.lowercased().split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        var digits = whole + (mantissa.count > 1 ? String(mantissa[1]) : "")
        // The value is 0.digits × 10^point.
        var point = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let sign = value < 0 ? "-" : ""
        let exponent = point - 1
        if exponent < -4 || exponent >= 16 {
            let magnitude = String(exponent.magnitude)
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            return sign + String(digits.prefix(1)) + fraction + "e" + (exponent < 0 ? "-" : "+")
                + (magnitude.count < 2 ? "0" : "") + magnitude
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if digits.count <= point {
            return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
        }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
}
