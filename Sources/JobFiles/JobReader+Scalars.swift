// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

extension JobReader {
    /// One scalar by the kind of its key; `nil` when it was wrong and has been complained about.
    mutating func scalar(
        _ scalar: YAMLScalar, of key: JobKey, at place: JobPlace, path: String
    ) -> JobValue.Content? {
        let node = YAMLNode(place: place, content: .scalar(scalar))
        switch key.kind {
        case .count(let range):
            guard case .integer(let digits) = scalar.value else { return wrongType(node, key, place, path) }
            guard let count = Int(digits), range.contains(count) else {
                note(
                    .outOfRange(written: digits, least: range.lowerBound, most: range.upperBound), at: place, key: path)
                return nil
            }
            return .count(count)
        case .positiveNumber, .number:
            let number: Double? =
                switch scalar.value {
                case .integer(let digits): Double(digits)
                case .number(let value): value
                default: nil
                }
            guard let number else { return wrongType(node, key, place, path) }
            if case .positiveNumber = key.kind, number <= 0 { return bad(scalar, key, place, path) }
            guard number.isFinite else { return bad(scalar, key, place, path) }
            return .number(number)
        case .flag:
            guard case .bool(let flag) = scalar.value else { return wrongType(node, key, place, path) }
            return .flag(flag)
        default:
            // Everything else is text with a language of its own; a value such as 3 or true is never meant.
            guard case .text(let text) = scalar.value, !text.isEmpty else { return wrongType(node, key, place, path) }
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                note(.controlCharacter, at: place, key: path)
                return nil
            }
            return self.text(text, scalar: scalar, of: key, at: place, path: path)
        }
    }

    private mutating func text(
        _ text: String, scalar: YAMLScalar, of key: JobKey, at place: JobPlace, path: String
    ) -> JobValue.Content? {
        switch key.kind {
        case .text(let rule):
            guard let pattern = rule.pattern else { return .text(text) }
            return Self.matches(text, pattern) ? .text(text) : bad(scalar, key, place, path, expected: rule.inWords)
        case .choice(let choices, let later):
            if choices.contains(text) { return .text(text) }
            if later.contains(text) {
                note(.notInThisVersion(written: text, instead: choices[0]), at: place, key: path)
            } else {
                let nearest = NearestName.of(text, in: choices)
                note(.unknownChoice(written: text, nearest: nearest, known: choices), at: place, key: path)
            }
            return nil
        case .policy:
            if PolicyName(rawValue: text) != nil, !text.contains("_") { return .text(text) }
            let nearest = NearestName.of(text, in: PolicyName.spellings)
            note(.unknownChoice(written: text, nearest: nearest, known: PolicyName.spellings), at: place, key: path)
            return nil
        case .duration(let least):
            guard let duration = Duration(text: text) else { return bad(scalar, key, place, path) }
            guard duration >= least else {
                note(.tooShort(least: least.text), at: place, key: path)
                return nil
            }
            return .duration(duration)
        case .size:
            guard let bytes = JobText.bytes(text) else { return bad(scalar, key, place, path) }
            return .bytes(bytes)
        case .speed:
            guard let bytes = JobText.speed(text) else { return bad(scalar, key, place, path) }
            return .bytes(bytes)
        case .money:
            guard let money = JobText.money(text) else {
                note(.notDollars(written: text), at: place, key: path)
                return nil
            }
            return .money(money)
        case .percent:
            guard let percent = JobText.percent(text) else { return bad(scalar, key, place, path) }
            return .number(percent)
        case .timeOfDay:
            guard let minutes = JobText.timeOfDay(text) else { return bad(scalar, key, place, path) }
            return .minutes(minutes)
        case .timeZone:
            guard TimeZoneNames.contains(text) else {
                note(.unknownTimeZone(written: text, nearest: TimeZoneNames.nearest(to: text)), at: place, key: path)
                return nil
            }
            return .text(text)
        case .path:
            return self.path(text, at: place, path: path).map { .text($0) }
        case .place:
            return self.place(text, at: place, path: path).map { .text($0) }
        default:
            preconditionFailure("\(key.name) is not a scalar")
        }
    }

    /// A directory or file of this machine, absolute.
    mutating func path(_ text: String, at place: JobPlace, path key: String) -> String? {
        if text.hasPrefix("file://") {
            guard let url = URL(string: text), url.host() == nil || url.host() == "" || url.host() == "localhost",
                !url.path(percentEncoded: false).isEmpty
            else {
                note(
                    .badValue(written: text, expected: "a file:// address", example: "file:///data"), at: place,
                    key: key)
                return nil
            }
            return resolve(url.path(percentEncoded: false))
        }
        if let scheme = text.firstRange(of: "://") {
            let written = String(text[..<scheme.upperBound])
            note(.notInThisVersion(written: written, instead: "a directory or file://"), at: place, key: key)
            return nil
        }
        if text.hasPrefix("~") {
            note(.tilde(written: text), at: place, key: key)
            return nil
        }
        return resolve(text)
    }

    /// A directory of this machine, absolute, or a prefix in a bucket, as it is written but for slashes at its end.
    mutating func place(_ text: String, at place: JobPlace, path key: String) -> String? {
        guard text.hasPrefix("s3://") else { return path(text, at: place, path: key) }
        guard Self.matches(text, JobText.s3Address), let location = S3Location(text) else {
            note(
                .badValue(
                    written: text, expected: "an address as s3://bucket/prefix", example: "s3://my-bucket/recommender"),
                at: place, key: key)
            return nil
        }
        return location.uri
    }

    /// Names that the user invents, with their values.
    mutating func pairs(
        _ entries: [YAMLNode.Entry], rule: JobKey.Pairs, at place: JobPlace, path: String
    ) -> [JobValue.Pair] {
        if entries.count > rule.limit {
            note(.tooMany(count: entries.count, limit: rule.limit), at: place, key: path)
        }
        var result: [JobValue.Pair] = []
        for entry in entries {
            let key = Self.join(path, Self.shown(entry.key))
            notePlace(entry.place, of: key)
            if let pattern = rule.namePattern, !Self.matches(entry.key, pattern) {
                note(.pairName(written: entry.key, expected: rule.nameInWords), at: entry.place, key: path)
            } else if entry.key.isEmpty {
                note(.pairName(written: "", expected: rule.nameInWords), at: entry.place, key: path)
            } else if entry.key.count > rule.nameLimit {
                note(.pairNameTooLong(length: entry.key.count, limit: rule.nameLimit), at: entry.place, key: path)
            }
            if rule.value != .place, SecretNames.matches(entry.key) {
                // An environment has another way to get there; a hyperparameter named `pad_token` may be meant.
                note(
                    path == "environment" ? .secretInEnvironment(name: entry.key) : .secret(name: entry.key),
                    at: entry.place, key: key)
            }
            guard let value = pairValue(entry, rule: rule.value, key: key) else { continue }
            if value.count > rule.valueLimit {
                note(.pairValueTooLong(length: value.count, limit: rule.valueLimit), at: entry.place, key: key)
            }
            result.append(JobValue.Pair(name: entry.key, value: value, place: entry.place))
        }
        return result
    }

    private mutating func pairValue(_ entry: YAMLNode.Entry, rule: JobKey.Pairs.Value, key: String) -> String? {
        let node = entry.value
        if let scalar = node.scalar, rule != .place {
            if scalar.isOldBoolean { note(.oldBoolean(written: scalar.text), at: entry.place, key: key) }
            if scalar.isLeadingZeroNumber, rule == .json {
                note(.leadingZero(written: scalar.text), at: entry.place, key: key)
            }
        }
        if rule == .json {
            guard let json = PythonJSON.text(node) else {
                note(.notFinite, at: entry.place, key: key)
                return nil
            }
            return json
        }
        guard let scalar = node.scalar else {
            note(.pairValueIsNotText(found: node.kindInWords), at: entry.place, key: key)
            return nil
        }
        if scalar.isPlain, case .null = scalar.value {
            note(.pairValueIsEmpty, at: entry.place, key: key)
            return nil
        }
        guard !scalar.text.unicodeScalars.contains("\0") else {
            note(.controlCharacter, at: entry.place, key: key)
            return nil
        }
        if rule == .text { return scalar.text }
        guard case .text(let text) = scalar.value, !text.isEmpty else {
            note(.pairValueIsNotText(found: node.kindInWords), at: entry.place, key: key)
            return nil
        }
        return place(text, at: entry.place, path: key)
    }

    private mutating func bad(
        _ scalar: YAMLScalar, _ key: JobKey, _ place: JobPlace, _ path: String, expected: String? = nil
    ) -> JobValue.Content? {
        note(
            .badValue(written: scalar.text, expected: expected ?? key.kindInWords, example: key.example), at: place,
            key: path)
        return nil
    }

    static func matches(_ text: String, _ pattern: String) -> Bool {
        // The patterns are constants of the table, and a test compiles each.
        guard let regex = try? Regex(pattern) else { return false }
        return (try? regex.wholeMatch(in: text)) != nil  // an expression that fails matches nothing
    }
}
