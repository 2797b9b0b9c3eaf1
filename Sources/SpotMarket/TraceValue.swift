// SPDX-License-Identifier: Apache-2.0

/// A place in a trace's JSON that should hold a number. It takes what it finds, so that all problems are told at once.
package enum TraceValue: Codable, Hashable, Sendable {
    case number(Double)
    /// `null`: nobody watched.
    case notKnown
    /// Something else, as it may be quoted.
    case other(String)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {  // Another type is an answer here, not a failure.
            self = .number(number)
        } else if container.decodeNil() {
            self = .notKnown
        } else if let text = try? container.decode(String.self) {  // As above.
            self = .other("\"\(text.prefix(20))\"")
        } else {
            self = .other("what stands there")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .notKnown: try container.encodeNil()
        case .other(let text): try container.encode(text)
        }
    }

    var wholeNumber: Double? {
        if case .number(let number) = self, number == number.rounded() { number } else { nil }
    }

    /// A gap in whole milliseconds; what is no gap is told.
    func gapMilliseconds(place: String, _ problems: inout [String]) -> Int64? {
        switch self {
        case .number(let seconds):
            if let gap = Self.milliseconds(gapSeconds: seconds) { return gap }
            problems.append("\(place): \(Self.gapProblem(Self.text(seconds)))")
        case .notKnown: problems.append("\(place): \(Self.gapProblem("null"))")
        case .other(let text): problems.append("\(place): \(Self.gapProblem(text))")
        }
        return nil
    }

    /// `nil` for what is no length of a tick. More than a week is a slip.
    static func milliseconds(gapSeconds seconds: Double) -> Int64? {
        guard seconds.isFinite, seconds >= 0.001, seconds <= 604_800 else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    static func gapProblem(_ found: String) -> String {
        "\(found) is no length of a tick; write seconds above 0 and at most a week, as 600"
    }

    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
    }
}
