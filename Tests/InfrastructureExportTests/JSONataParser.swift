// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The part of JSONata that exported machines use; all else is refused.
indirect enum Expression {
    case literal(JSON)
    case variable(String)
    /// A member of the context.
    case name(String)
    case call(String, [Expression])
    case list([Expression])
    case object([(Expression, Expression)])
    case negated(Expression)
    case binary(String, Expression, Expression)
    case conditional(Expression, Expression, Expression)
    /// The right side is taken once for each item of the left.
    case path(Expression, Expression)
    case filter(Expression, Expression)
}

struct JSONataError: Error, CustomStringConvertible {
    var description: String
}

/// Expressions that were read before: a night evaluates the same few thousands of times.
final class ParsedExpressions {
    private var known: [String: Expression] = [:]
    /// The last of each: what it was given and what came of it.
    var evaluations: [String: Evaluation] = [:]

    struct Evaluation {
        var variables: [String: JSON]
        var now: Instant
        var value: JSON
    }

    func expression(_ text: String) throws -> Expression {
        if let expression = known[text] { return expression }
        let expression = try JSONataParser.parse(text)
        known[text] = expression
        return expression
    }
}

struct JSONataParser {
    private var tokens: [String]
    private var position = 0
    private let text: String

    static func parse(_ text: String) throws -> Expression {
        var parser = try JSONataParser(text)
        let expression = try parser.expression(0)
        guard parser.position == parser.tokens.count else { throw parser.unexpected() }
        return expression
    }

    private init(_ text: String) throws {
        self.text = text
        let pattern = /\s*('[^']*'|[0-9]+(?:\.[0-9]+)?|\$?[A-Za-z_][A-Za-z0-9_]*|<=|>=|[-+*\/&=<>()\[\]{}.,?:])/
        tokens = []
        var rest = text[...]
        while !rest.allSatisfy(\.isWhitespace) {
            guard let match = rest.prefixMatch(of: pattern) else {
                throw JSONataError(description: "cannot read: \(rest)")
            }
            tokens.append(String(match.output.1))
            rest = rest[match.range.upperBound...]
        }
    }

    private var next: String? { position < tokens.count ? tokens[position] : nil }

    private func unexpected() -> JSONataError {
        JSONataError(description: "unexpected \(next ?? "end") at token \(position) of: \(text)")
    }

    private mutating func take() throws -> String {
        guard let token = next else { throw unexpected() }
        position += 1
        return token
    }

    private mutating func take(_ token: String) throws {
        guard next == token else { throw unexpected() }
        position += 1
    }

    /// JSONata's own binding powers.
    private static let powers = [
        "?": 20, "or": 25, "and": 30, "=": 40, "<": 40, ">": 40, "<=": 40, ">=": 40, "&": 50, "+": 50, "-": 50, "*": 60,
        "/": 60, ".": 75, "[": 80,
    ]

    private mutating func expression(_ power: Int) throws -> Expression {
        var left = try prefix()
        while let token = next, let own = Self.powers[token], own > power {
            position += 1
            switch token {
            case "?":
                let yes = try expression(0)
                try take(":")
                left = .conditional(left, yes, try expression(0))
            case "[":
                left = .filter(left, try expression(0))
                try take("]")
            case ".": left = .path(left, try expression(own))
            default: left = .binary(token, left, try expression(own))
            }
        }
        return left
    }

    private mutating func prefix() throws -> Expression {
        let token = try take()
        switch token {
        case "(":
            let inner = try expression(0)
            try take(")")
            return inner
        case "[": return .list(try items(until: "]"))
        case "{":
            var pairs: [(Expression, Expression)] = []
            while next != "}" {
                if !pairs.isEmpty { try take(",") }
                let name = try expression(0)
                try take(":")
                pairs.append((name, try expression(0)))
            }
            try take("}")
            return .object(pairs)
        case "-": return .negated(try expression(70))
        case "true", "false": return .literal(.bool(token == "true"))
        default: break
        }
        if token.hasPrefix("'") { return .literal(.text(String(token.dropFirst().dropLast()))) }
        if let number = Double(token) { return .literal(.number(number)) }
        if token.hasPrefix("$") {
            let name = String(token.dropFirst())
            guard next == "(" else { return .variable(name) }
            position += 1
            return .call(name, try items(until: ")"))
        }
        guard token.first?.isLetter == true else {
            position -= 1
            throw unexpected()
        }
        return .name(token)
    }

    private mutating func items(until end: String) throws -> [Expression] {
        var items: [Expression] = []
        while next != end {
            if !items.isEmpty { try take(",") }
            items.append(try expression(0))
        }
        try take(end)
        return items
    }
}
