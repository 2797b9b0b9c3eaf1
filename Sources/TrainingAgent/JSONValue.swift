// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A JSON document as a value, for hyperparameters of any type.
enum JSONValue: Codable, Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {  // each `try?`: a wrong guess leads to the next type
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {  // wrong guess: next
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {  // wrong guess: next
            self = .number(value)
        } else if let value = try? container.decode(String.self) {  // wrong guess: next
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {  // wrong guess: next
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The value of JSON text, or the text itself as a string when it is not JSON, as the training toolkit does.
    init(jsonOrText text: String) {
        // Not JSON is not an error here: the text is then the value.
        self = (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .string(text)
    }

    /// Compact JSON with sorted keys.
    var compact: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            preconditionFailure("a JSON value that does not encode: \(error)")
        }
    }

    /// One word of a command line, written as SageMaker's training toolkit writes it: Python's `True` and `False`, a
    /// list's `repr`, a map as `key=value,key=value`, null as an empty word.
    var argument: String {
        switch self {
        case .null: ""
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.argument)" }.joined(separator: ",")
        case .string(let value): value
        case .bool, .integer, .number, .array: pythonRepr
        }
    }

    private var pythonRepr: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .integer(let value): String(value)
        case .number(let value): String(describing: value)
        case .string(let value):
            "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        case .array(let values): "[" + values.map(\.pythonRepr).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "'\($0.key)': \($0.value.pythonRepr)" }
                .joined(separator: ", ") + "}"
        }
    }
}
