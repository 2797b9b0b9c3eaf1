// SPDX-License-Identifier: Apache-2.0

/// JSON whose members keep the order in which they were written, so that the same input gives the same bytes.
enum OrderedJSON: Sendable {
    case null
    case bool(Bool)
    /// Already in JSON's own form.
    case number(String)
    case text(String)
    case list([OrderedJSON])
    case object([(String, OrderedJSON)])

    /// What a YAML value stands for; a number that JSON can't carry becomes text.
    init(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: self = .null
            case .bool(let value): self = .bool(value)
            case .integer(let digits): self = .number(digits)
            case .number(let value): self = .number(PythonJSON.number(value))
            case .notFinite: self = .text(scalar.text)
            case .text(let text): self = .text(text)
            }
        case .sequence(let items): self = .list(items.map(OrderedJSON.init))
        case .mapping(let entries): self = .object(entries.map { ($0.key, OrderedJSON($0.value)) })
        }
    }

    /// On one line.
    var compact: String { write(indent: nil) }
    /// Two spaces a level, short lists on one line.
    var pretty: String { write(indent: 0) }

    private func write(indent: Int?) -> String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let text): return text
        case .text(let text): return Self.string(text)
        case .list(let items):
            let line = "[" + items.map(\.compact).joined(separator: ", ") + "]"
            guard let indent, line.count > 100 - indent else { return line }
            return Self.lines(items.map { $0.write(indent: indent + 2) }, "[", "]", indent)
        case .object(let members):
            guard let indent, !members.isEmpty else {
                return "{" + members.map { "\(Self.string($0)): \($1.compact)" }.joined(separator: ", ") + "}"
            }
            let texts = members.map { "\(Self.string($0)): \($1.write(indent: indent + 2))" }
            return Self.lines(texts, "{", "}", indent)
        }
    }

    private static func lines(_ items: [String], _ open: String, _ close: String, _ indent: Int) -> String {
        let pad = String(repeating: " ", count: indent)
        return open + "\n" + items.map { "\(pad)  \($0)" }.joined(separator: ",\n") + "\n\(pad)\(close)"
    }

    private static func string(_ text: String) -> String { PythonJSON.string(text) }
}
