// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The value of one key after the table of keys has been applied: of the right type, with its place.
struct JobValue: Sendable {
    var place: JobPlace
    var content: Content

    indirect enum Content: Sendable {
        case text(String)
        case duration(Duration)
        case bytes(Int64)
        case money(Money)
        case count(Int)
        case number(Double)
        case minutes(Int)
        case flag(Bool)
        case texts([Item])
        case pairs([Pair])
        case group([String: JobValue])
        case groups([JobValue])
    }

    struct Item: Sendable {
        var text: String
        var place: JobPlace
    }

    struct Pair: Sendable {
        var name: String
        var value: String
        var place: JobPlace
    }
}

/// The keys of one group that could be read; rules ask for what they need and do nothing when it is not there.
struct JobValues: Sendable {
    var values: [String: JobValue]

    func place(_ name: String) -> JobPlace? { values[name]?.place }

    func text(_ name: String) -> String? {
        if case .text(let value)? = values[name]?.content { value } else { nil }
    }
    func duration(_ name: String) -> Duration? {
        if case .duration(let value)? = values[name]?.content { value } else { nil }
    }
    func bytes(_ name: String) -> Int64? {
        if case .bytes(let value)? = values[name]?.content { value } else { nil }
    }
    func money(_ name: String) -> Money? {
        if case .money(let value)? = values[name]?.content { value } else { nil }
    }
    func count(_ name: String) -> Int? {
        if case .count(let value)? = values[name]?.content { value } else { nil }
    }
    func number(_ name: String) -> Double? {
        if case .number(let value)? = values[name]?.content { value } else { nil }
    }
    func minutes(_ name: String) -> Int? {
        if case .minutes(let value)? = values[name]?.content { value } else { nil }
    }
    func flag(_ name: String) -> Bool? {
        if case .flag(let value)? = values[name]?.content { value } else { nil }
    }
    func texts(_ name: String) -> [JobValue.Item] {
        if case .texts(let value)? = values[name]?.content { value } else { [] }
    }
    func pairs(_ name: String) -> [JobValue.Pair] {
        if case .pairs(let value)? = values[name]?.content { value } else { [] }
    }
    func group(_ name: String) -> JobValues? {
        if case .group(let value)? = values[name]?.content { JobValues(values: value) } else { nil }
    }
    func groups(_ name: String) -> [JobValues] {
        guard case .groups(let list)? = values[name]?.content else { return [] }
        return list.map { item in
            if case .group(let value) = item.content { JobValues(values: value) } else { JobValues(values: [:]) }
        }
    }
}
