// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Evaluates expressions as JSONata does, nothing (`nil`) and sequences of one included. Strict where JSONata is lax:
/// arithmetic on anything but numbers is an error.
struct JSONata {
    var variables: [String: JSON]
    var now: Instant

    func value(_ expression: Expression) throws -> JSON? { try value(expression, in: nil) }

    private func value(_ expression: Expression, in context: JSON?) throws -> JSON? {
        switch expression {
        case .literal(let value): return value
        case .variable(let name):
            guard let value = variables[name] else { throw JSONataError(description: "no variable $\(name)") }
            return value
        case .name(let name): return Self.sequence(Self.items(context).compactMap { $0[name] })
        case .negated(let inner): return .number(-(try number(inner, in: context)))
        case .list(let items):
            return .list(
                try items.flatMap { item -> [JSON] in
                    let value = try value(item, in: context)
                    // A list within a list stays one; what a path found is laid out.
                    if case .list = item { return value.map { [$0] } ?? [] }
                    return Self.items(value)
                })
        case .object(let pairs):
            var members: [String: JSON] = [:]
            for (name, inner) in pairs {
                guard let name = try value(name, in: context)?.text else { throw JSONataError(description: "no name") }
                members[name] = try value(inner, in: context)
            }
            return .object(members)
        case .conditional(let condition, let yes, let no):
            return try value(try isTrue(condition, in: context) ? yes : no, in: context)
        case .path(let left, let right):
            return Self.sequence(
                try Self.items(try value(left, in: context)).flatMap { Self.items(try value(right, in: $0)) })
        case .filter(let left, let predicate): return try filter(try value(left, in: context), predicate)
        case .binary(let sign, let left, let right): return try binary(sign, left, right, in: context)
        case .call(let name, let arguments): return try call(name, arguments, in: context)
        }
    }

    private func filter(_ value: JSON?, _ predicate: Expression) throws -> JSON? {
        let items = Self.items(value)
        if case .negated(.literal(.number(let back))) = predicate {
            return items.count >= Int(back) ? items[items.count - Int(back)] : nil
        }
        return Self.sequence(try items.filter { try isTrue(predicate, in: $0) })
    }

    private func binary(_ sign: String, _ left: Expression, _ right: Expression, in context: JSON?) throws -> JSON? {
        switch sign {
        case "and": return .bool(try isTrue(left, in: context) && isTrue(right, in: context))
        case "or": return .bool(try isTrue(left, in: context) || isTrue(right, in: context))
        case "=": return .bool(try value(left, in: context) == value(right, in: context))
        case "&": return .text(try string(left, in: context) + string(right, in: context))
        default: break
        }
        let (a, b) = (try number(left, in: context), try number(right, in: context))
        switch sign {
        case "+": return .number(a + b)
        case "-": return .number(a - b)
        case "*": return .number(a * b)
        case "/": return .number(a / b)
        case "<": return .bool(a < b)
        case ">": return .bool(a > b)
        case "<=": return .bool(a <= b)
        case ">=": return .bool(a >= b)
        default: throw JSONataError(description: "no operator \(sign)")
        }
    }

    private func call(_ name: String, _ arguments: [Expression], in context: JSON?) throws -> JSON? {
        func text(_ index: Int) throws -> String {
            guard let text = try value(arguments[index], in: context)?.text else {
                throw JSONataError(description: "$\(name): argument \(index + 1) is no string")
            }
            return text
        }
        func numbers() throws -> [Double] {
            try Self.items(try value(arguments[0], in: context)).map { item in
                guard let number = item.number else {
                    throw JSONataError(description: "$\(name): \(item) is no number")
                }
                return number
            }
        }
        switch name {
        case "millis": return .number(Double(now.milliseconds))
        case "toMillis":
            guard let moment = Instant(iso8601: try text(0)) else {
                throw JSONataError(description: "$toMillis: \(try text(0))")
            }
            return .number(Double(moment.milliseconds))
        case "fromMillis":
            return .text(Instant(milliseconds: Int64(try number(arguments[0], in: context))).iso8601)
        case "exists": return .bool(try value(arguments[0], in: context) != nil)
        case "not": return .bool(try !isTrue(arguments[0], in: context))
        case "contains": return .bool(try text(0).contains(try text(1)))
        case "string": return .text(try string(arguments[0], in: context))
        case "substring":
            let start = Int(try number(arguments[1], in: context)), length = Int(try number(arguments[2], in: context))
            return .text(String(try text(0).dropFirst(start).prefix(length)))
        case "floor": return .number(try number(arguments[0], in: context).rounded(.down))
        case "sum": return .number(try numbers().reduce(0, +))
        case "min": return try numbers().min().map(JSON.number)
        case "max": return try numbers().max().map(JSON.number)
        default: throw JSONataError(description: "no function $\(name)")
        }
    }

    private func number(_ expression: Expression, in context: JSON?) throws -> Double {
        let value = try value(expression, in: context)
        guard let number = value?.number else {
            throw JSONataError(description: "a number is wanted, found \(value?.written ?? "nothing"): \(expression)")
        }
        return number
    }

    private func isTrue(_ expression: Expression, in context: JSON?) throws -> Bool {
        guard case .bool(let isTrue)? = try value(expression, in: context) else {
            throw JSONataError(description: "true or false is wanted: \(expression)")
        }
        return isTrue
    }

    private func string(_ expression: Expression, in context: JSON?) throws -> String {
        guard let value = try value(expression, in: context) else { return "" }
        return value.text ?? value.written
    }

    private static func items(_ value: JSON?) -> [JSON] { value.map { $0.list ?? [$0] } ?? [] }

    private static func sequence(_ items: [JSON]) -> JSON? { items.count < 2 ? items.first : .list(items) }
}
