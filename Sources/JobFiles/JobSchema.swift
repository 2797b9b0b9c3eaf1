// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The job file's JSON Schema (draft-07), for editors and for other programs.
///
/// It says what one key may hold. What several keys must agree about, such as a window that is long enough, only the
/// reader knows: every file that the reader accepts is valid, not the other way round.
package enum JobSchema {
    /// Deterministic, with a line break at the end.
    package static func json() -> String {
        let group = members(JobKeys.all, exactlyOneOf: [])
        let head: [(String, OrderedJSON)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text("Nightshift job file")),
            ("description", .text("A training job that runs overnight on interruptible capacity.")),
        ]
        return OrderedJSON.object(head + group).pretty + "\n"
    }

    private static func members(_ keys: [JobKey], exactlyOneOf alternatives: [String]) -> [(String, OrderedJSON)] {
        var properties: [(String, OrderedJSON)] = []
        var rules: [OrderedJSON] = []
        for key in keys {
            properties.append((key.name, property(key)))
            if let alias = key.alias {
                properties.append((alias, property(key)))
                rules.append(oneOf([key.name, alias]))
            }
        }
        if !alternatives.isEmpty { rules.append(oneOf(alternatives)) }
        let required = keys.filter { $0.isRequired && $0.alias == nil }.map { OrderedJSON.text($0.name) }
        var result: [(String, OrderedJSON)] = [("type", .text("object"))]
        if !required.isEmpty { result.append(("required", .list(required))) }
        if !rules.isEmpty { result.append(("allOf", .list(rules))) }
        result.append(("additionalProperties", .bool(false)))
        result.append(("properties", .object(properties)))
        return result
    }

    private static func oneOf(_ names: [String]) -> OrderedJSON {
        .object([("oneOf", .list(names.map { .object([("required", .list([.text($0)]))]) }))])
    }

    private static func property(_ key: JobKey) -> OrderedJSON {
        var result: [(String, OrderedJSON)] = [("description", .text(key.summary))]
        if case .otherwise(let text) = key.presence { result.append(("default", value(text))) }
        result.append(("examples", .list([value(key.example)])))
        return .object(result + type(key.kind))
    }

    private static func type(_ kind: JobKey.Kind) -> [(String, OrderedJSON)] {
        switch kind {
        case .text(let rule): text(rule.pattern)
        case .choice(let choices, _): [("enum", .list(choices.map { .text($0) }))]
        case .policy:
            [
                (
                    "anyOf",
                    .list([
                        .object([("enum", .list(PolicyName.plain.map { .text($0.rawValue) }))]),
                        .object(text("^spot-until:[0-9]{1,4}(\\.[0-9]{1,3})?[mh]$")),
                    ])
                )
            ]
        case .duration(let least):
            text(JobText.duration)
                + (least > .zero ? [("not", .object([("pattern", .text("^[^1-9]*$"))]))] : [])
        case .size: text(JobText.size)
        case .speed: text(JobText.speed) + [("not", .object([("pattern", .text(JobText.noSpeed))]))]
        case .money: text(JobText.money)
        case .count(let range):
            [
                ("type", .text("integer")), ("minimum", .number("\(range.lowerBound)")),
                ("maximum", .number("\(range.upperBound)")),
            ]
        case .positiveNumber: [("type", .text("number")), ("exclusiveMinimum", .number("0"))]
        case .number: [("type", .text("number"))]
        case .percent: text(JobText.percent)
        case .flag: [("type", .text("boolean"))]
        case .timeOfDay: text(JobText.timeOfDay)
        case .timeZone: text("^(UTC|GMT|[A-Za-z_]+/[A-Za-z0-9_+/-]+)$")
        case .path: text(JobText.path)
        case .place: text(JobText.place)
        case .words:
            [("anyOf", .list([.object(text(nil)), .object(list(text(nil)))]))]
        case .texts(let rule): list(text(rule.pattern))
        case .choices(let choices): list([("enum", .list(choices.map { .text($0) }))])
        case .pairs(let rule): pairs(rule)
        case .group(let keys, let alternatives): members(keys, exactlyOneOf: alternatives)
        case .groups(let keys, let most):
            [
                ("type", .text("array")), ("minItems", .number("1")), ("maxItems", .number("\(most)")),
                ("items", .object(members(keys, exactlyOneOf: []))),
            ]
        }
    }

    private static func text(_ pattern: String?) -> [(String, OrderedJSON)] {
        let control: [(String, OrderedJSON)] = [("type", .text("string")), ("minLength", .number("1"))]
        return control + [("pattern", .text(pattern ?? JobText.line))]
    }

    private static func list(_ item: [(String, OrderedJSON)]) -> [(String, OrderedJSON)] {
        [
            ("type", .text("array")), ("minItems", .number("1")), ("maxItems", .number("50")),
            ("items", .object(item)),
        ]
    }

    private static func pairs(_ rule: JobKey.Pairs) -> [(String, OrderedJSON)] {
        var names: [(String, OrderedJSON)] = [("minLength", .number("1")), ("maxLength", .number("\(rule.nameLimit)"))]
        if let pattern = rule.namePattern { names.append(("pattern", .text(pattern))) }
        let value: OrderedJSON =
            switch rule.value {
            case .json: .bool(true)
            case .text:
                .object([
                    ("type", .list(["string", "number", "boolean"].map { .text($0) })),
                    ("maxLength", .number("\(rule.valueLimit)")),
                ])
            case .place: .object(text(JobText.place) + [("maxLength", .number("\(rule.valueLimit)"))])
            }
        return [
            ("type", .list([.text("object"), .text("null")])), ("maxProperties", .number("\(rule.limit)")),
            ("propertyNames", .object(names)), ("additionalProperties", value),
        ]
    }

    /// A value of the table as JSON.
    private static func value(_ yaml: String) -> OrderedJSON {
        guard let node = YAMLDocument(text: yaml).root else { preconditionFailure("not a value: \(yaml)") }
        return OrderedJSON(node)
    }
}
