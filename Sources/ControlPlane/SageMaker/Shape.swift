// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent

/// What a member of a request must look like. Members that a shape does not name are let through: clients know more
/// than the stage does.
package indirect enum Shape: Sendable {
    case text(least: Int = 0, most: Int? = nil, pattern: String? = nil)
    case choice([String])
    case whole(least: Int? = nil, most: Int? = nil)
    case flag
    case time
    case list(Shape, least: Int = 0, most: Int? = nil)
    case map(key: Shape, value: Shape, most: Int)
    case structure([Member])

    package struct Member: Sendable {
        package var name: String
        package var shape: Shape
        package var isRequired: Bool

        static func required(_ name: String, _ shape: Shape) -> Member {
            Member(name: name, shape: shape, isRequired: true)
        }

        static func optional(_ name: String, _ shape: Shape) -> Member {
            Member(name: name, shape: shape, isRequired: false)
        }
    }

    /// Throws every violation in AWS's one message, or what AWS says of a member of the wrong type.
    package func check(_ value: JSONValue) throws(ServiceFault) {
        var check = ShapeCheck()
        check.look(at: value, self, path: "")
        if let mismatch = check.mismatch { throw ServiceFault("SerializationException", mismatch) }
        let count = check.violations.count
        guard count > 0 else { return }
        throw .validation(
            "\(count) validation error\(count == 1 ? "" : "s") detected: " + check.violations.joined(separator: "; "))
    }
}

/// One walk over a request.
private struct ShapeCheck {
    /// Patterns are tried on texts up to this length; a longer one is too long for every shape that has a pattern.
    private static let patternReach = 4096

    var violations: [String] = []
    var mismatch: String?

    mutating func look(at value: JSONValue, _ shape: Shape, path: String) {
        switch shape {
        case .text, .choice, .whole:
            guard let demands = shape.unmetDemands(value, reach: Self.patternReach) else { return wrongType(path) }
            for demand in demands { violate(value, path, demand) }
        case .flag:
            if value.flag == nil { wrongType(path) }
        case .time:
            if value.real == nil { wrongType(path) }
        case .list(let element, let least, let most):
            guard let elements = value.elements else { return wrongType(path) }
            for demand in Shape.unmetLengths(elements.count, least, most) { violate(value, path, demand) }
            for (index, member) in elements.enumerated() {
                look(at: member, element, path: "\(path).\(index + 1).member")
            }
        case .map(let key, let inner, let most):
            lookAtMap(value, key, inner, most, path)
        case .structure(let members):
            guard value.members != nil else { return wrongType(path) }
            for member in members {
                let place = path.isEmpty ? lowered(member.name) : path + "." + lowered(member.name)
                if let found = value[member.name] {
                    look(at: found, member.shape, path: place)
                } else if member.isRequired {
                    violations.append(
                        "Value null at '\(place)' failed to satisfy constraint: Member must not be null")
                }
            }
        }
    }

    private mutating func lookAtMap(_ value: JSONValue, _ key: Shape, _ inner: Shape, _ most: Int, _ path: String) {
        guard let members = value.members else { return wrongType(path) }
        for demand in Shape.unmetLengths(members.count, 0, most) { violate(value, path, demand) }
        var wrongKey = false
        var wrongValue = false
        for (name, member) in members {
            wrongKey = wrongKey || key.unmetDemands(.string(name), reach: Self.patternReach)?.isEmpty != true
            guard let demands = inner.unmetDemands(member, reach: Self.patternReach) else {
                return wrongType("\(path).\(name)")
            }
            wrongValue = wrongValue || !demands.isEmpty
        }
        if wrongKey { violate(value, path, "Map keys must satisfy constraint: [\(key.allDemands)]") }
        if wrongValue { violate(value, path, "Map value must satisfy constraint: [\(inner.allDemands)]") }
    }

    private mutating func violate(_ value: JSONValue, _ path: String, _ demand: String) {
        violations.append("Value '\(value.javaText)' at '\(path)' failed to satisfy constraint: \(demand)")
    }

    private mutating func wrongType(_ path: String) {
        if mismatch == nil { mismatch = "The member '\(path)' has a value of the wrong type." }
    }

    private func lowered(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }
}

extension Shape {
    /// What a scalar does not satisfy, in AWS's words; `nil` when it is of another type altogether.
    fileprivate func unmetDemands(_ value: JSONValue, reach: Int) -> [String]? {
        switch self {
        case .text(let least, let most, let pattern):
            guard let text = value.text else { return nil }
            var unmet = Self.unmetLengths(text.unicodeScalars.count, least, most)
            if let pattern, text.utf8.count <= reach, !Self.matches(text, pattern) {
                unmet.append("Member must satisfy regular expression pattern: \(pattern)")
            }
            return unmet
        case .choice(let names):
            guard let text = value.text else { return nil }
            if names.contains(text) { return [] }
            return ["Member must satisfy enum value set: [\(names.joined(separator: ", "))]"]
        case .whole(let least, let most):
            guard let number = value.whole else { return nil }
            var unmet: [String] = []
            if let least, number < least { unmet.append("Member must have value greater than or equal to \(least)") }
            if let most, number > most { unmet.append("Member must have value less than or equal to \(most)") }
            return unmet
        case .flag, .time, .list, .map, .structure:
            return nil
        }
    }

    /// Everything that a text of a map must satisfy, as AWS lists it.
    fileprivate var allDemands: String {
        guard case .text(let least, let most, let pattern) = self else { return "" }
        var demands: [String] = []
        if let most { demands.append("Member must have length less than or equal to \(most)") }
        demands.append("Member must have length greater than or equal to \(least)")
        demands.append("Member must satisfy regular expression pattern: \(pattern ?? ".*")")
        return demands.joined(separator: ", ")
    }

    fileprivate static func unmetLengths(_ length: Int, _ least: Int, _ most: Int?) -> [String] {
        var unmet: [String] = []
        if length < least { unmet.append("Member must have length greater than or equal to \(least)") }
        if let most, length > most { unmet.append("Member must have length less than or equal to \(most)") }
        return unmet
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern) else { preconditionFailure("the pattern \(pattern) does not compile") }
        // By scalars, as Java counts: a letter with a combining mark is two.
        return (try? regex.matchingSemantics(.unicodeScalar).wholeMatch(in: text)) != nil  // no match is no error
    }
}

extension JSONValue {
    /// A value inside an error message, as AWS's own servers print it.
    fileprivate var javaText: String {
        switch self {
        case .string(let text): text
        case .array(let values): "[" + values.map(\.javaText).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.javaText)" }.joined(separator: ", ")
                + "}"
        case .null, .bool, .integer, .number: compact
        }
    }
}
