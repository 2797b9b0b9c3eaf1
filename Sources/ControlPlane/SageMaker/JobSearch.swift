// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent
import TrainingJobs

/// `Search` over training jobs, by any member of their descriptions: `TrainingJobStatus`, `Tags.night`,
/// `HyperParameters.epochs`.
package struct JobSearch: Sendable {
    private static let depthLimit = 20

    private let request: JSONValue

    package init(_ request: JSONValue) throws(ServiceFault) {
        try RequestShapes.search.check(request)
        guard request["Resource"]?.text == "TrainingJob" else {
            throw .validation("The stage searches only the resource TrainingJob")
        }
        self.request = request
    }

    package func answer(over jobs: [StoredTrainingJob]) throws(ServiceFault) -> JSONValue {
        var found: [(job: StoredTrainingJob, description: JSONValue)] = []
        for job in jobs {
            let description = job.searchable
            if let expression = request["SearchExpression"], !(try matches(expression, description, 0)) { continue }
            found.append((job, description))
        }
        let key = request["SortBy"]?.text ?? "CreationTime"
        found.sort { left, right in
            let order = Self.compare(left.description.member(at: key), right.description.member(at: key))
            return order == 0 ? left.job.name < right.job.name : order < 0
        }
        if request["SortOrder"]?.text != "Ascending" { found.reverse() }
        let page = try Page(request, count: 20)
        return .object([
            ("Results", .array(page.part(of: found).map { .object(["TrainingJob": $0.description]) })),
            ("TotalHits", .object(["Value": .whole(found.count), "Relation": "EqualTo"])),
            ("NextToken", page.nextToken(of: found.count)),
        ])
    }

    private func matches(_ expression: JSONValue, _ job: JSONValue, _ depth: Int) throws(ServiceFault) -> Bool {
        guard depth < Self.depthLimit else { throw .validation("SearchExpression is nested too deeply") }
        var answers: [Bool] = []
        for filter in expression["Filters"]?.elements ?? [] { answers.append(try passes(filter, job)) }
        for inner in expression["SubExpressions"]?.elements ?? [] {
            answers.append(try matches(inner, job, depth + 1))
        }
        if expression["NestedFilters"] != nil { throw .validation("The stage does not search by NestedFilters") }
        return expression["Operator"]?.text == "Or" ? answers.contains(true) : !answers.contains(false)
    }

    private func passes(_ filter: JSONValue, _ job: JSONValue) throws(ServiceFault) -> Bool {
        guard let name = filter["Name"]?.text else { throw .validation("A filter without a Name") }
        let found = job.member(at: name)
        let wanted = filter["Value"]?.text
        switch filter["Operator"]?.text ?? (wanted == nil ? "Exists" : "Equals") {
        case "Exists": return found != nil
        case "NotExists": return found == nil
        case "Equals": return found?.argument == wanted
        case "NotEquals": return found?.argument != wanted
        case "Contains": return found?.argument.contains(wanted ?? "") ?? false
        case "In": return (wanted ?? "").split(separator: ",").contains { $0 == found?.argument ?? "" }
        case "GreaterThan": return found.map { Self.compare($0, .searched(wanted)) > 0 } ?? false
        case "GreaterThanOrEqualTo": return found.map { Self.compare($0, .searched(wanted)) >= 0 } ?? false
        case "LessThan": return found.map { Self.compare($0, .searched(wanted)) < 0 } ?? false
        case "LessThanOrEqualTo": return found.map { Self.compare($0, .searched(wanted)) <= 0 } ?? false
        case let other: throw .validation("Unknown operator \(other)")
        }
    }

    /// Numbers by their size, all else by its text; what is absent comes first.
    private static func compare(_ left: JSONValue?, _ right: JSONValue?) -> Int {
        guard let left, let right else { return left == nil ? (right == nil ? 0 : -1) : 1 }
        if let first = left.real, let second = right.real { return first < second ? -1 : first > second ? 1 : 0 }
        let (first, second) = (left.argument, right.argument)
        return first < second ? -1 : first > second ? 1 : 0
    }
}

extension StoredTrainingJob {
    fileprivate var searchable: JSONValue {
        var members = description.members ?? [:]
        members["Tags"] = .array(tags)
        return .object(members)
    }
}

extension JSONValue {
    /// `A.B.c`; a tag by its key.
    fileprivate func member(at path: String) -> JSONValue? {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let first = parts.first, let found = self[first] else { return nil }
        guard parts.count == 2 else { return found }
        if first == "Tags" { return found.elements?.first { $0["Key"]?.text == parts[1] }?["Value"] }
        return found[parts[1]] ?? found.member(at: parts[1])
    }

    /// What a filter compares with: a number, a moment such as 2026-11-24T00:00:00Z, or a text.
    fileprivate static func searched(_ text: String?) -> JSONValue {
        let text = text ?? ""
        if let moment = Instant(iso8601: text) { return moment.epochSeconds }
        return Double(text).map { .number($0) } ?? .string(text)
    }
}
