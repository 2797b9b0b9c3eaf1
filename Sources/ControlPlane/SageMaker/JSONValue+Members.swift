// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent

extension JSONValue {
    /// A member of an object; `nil` where there is none, where it is null, and of anything but an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let member = members[name], member != .null else { return nil }
        return member
    }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    package var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// A whole number; also one that was written with a fraction of nothing.
    package var whole: Int? {
        switch self {
        case .integer(let digits): Int(digits)
        case .number(let value): Int(exactly: value)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// A number of any kind.
    package var real: Double? {
        switch self {
        case .integer(let digits): Double(digits)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    package static func whole(_ value: Int) -> JSONValue { .integer(String(value)) }

    /// An object without the members that are `nil`.
    package static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
        var kept: [String: JSONValue] = [:]
        for (name, value) in members { kept[name] = value }
        return .object(kept)
    }
}
