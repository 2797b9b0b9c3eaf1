// SPDX-License-Identifier: Apache-2.0

/// JSON to be written: members sorted, whole numbers only, so that the same input gives the same bytes.
package indirect enum ExportedJSON: Hashable, Sendable {
    case bool(Bool)
    case number(Int)
    /// As it is to be written, for what wants a point in it.
    case decimal(String)
    case text(String)
    case list([ExportedJSON])
    case object([String: ExportedJSON])

    /// Two spaces a level, a line feed at the end.
    package var pretty: String { lines(indent: 0) + "\n" }

    /// Its members and those of `other`, which prevail.
    func with(_ other: [String: ExportedJSON]) -> ExportedJSON {
        guard case .object(let members) = self else { preconditionFailure("only objects have members: \(self)") }
        return .object(members.merging(other) { $1 })
    }

    private func lines(indent: Int) -> String {
        let pad = String(repeating: " ", count: indent)
        switch self {
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return String(value)
        case .decimal(let text): return text
        case .text(let text): return Self.quoted(text)
        case .list(let items):
            guard !items.isEmpty else { return "[]" }
            return "[\n" + items.map { "\(pad)  \($0.lines(indent: indent + 2))" }.joined(separator: ",\n")
                + "\n\(pad)]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let texts = members.sorted { $0.key < $1.key }
                .map { "\(pad)  \(Self.quoted($0.key)): \($0.value.lines(indent: indent + 2))" }
            return "{\n" + texts.joined(separator: ",\n") + "\n\(pad)}"
        }
    }

    /// A JSON string, and a Python one too: only what must be is escaped, in forms that both know.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension ExportedJSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: ExportedJSON...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, ExportedJSON)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
