// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent
import TrainingJobs

/// `ListTrainingJobs` over jobs at hand: filters, order, pages.
package struct JobListing: Sendable {
    private let request: JSONValue

    package init(_ request: JSONValue) throws(ServiceFault) {
        try RequestShapes.listTrainingJobs.check(request)
        self.request = request
    }

    package func answer(over jobs: [StoredTrainingJob]) throws(ServiceFault) -> JSONValue {
        let ordered = sorted(jobs.filter(matches))
        let page = try Page(request, count: 10)
        return .object([
            ("TrainingJobSummaries", .array(page.part(of: ordered).map(\.summary))),
            ("NextToken", page.nextToken(of: ordered.count)),
        ])
    }

    private func matches(_ job: StoredTrainingJob) -> Bool {
        func time(_ name: String) -> Instant? { request[name]?.real.flatMap { Instant(epochSeconds: $0) } }
        if let part = request["NameContains"]?.text, !job.name.contains(part), !part.isEmpty { return false }
        if let status = request["StatusEquals"]?.text, job.record.status.rawValue != status { return false }
        if let after = time("CreationTimeAfter"), job.record.created <= after { return false }
        if let before = time("CreationTimeBefore"), job.record.created >= before { return false }
        if let after = time("LastModifiedTimeAfter"), job.record.modified <= after { return false }
        if let before = time("LastModifiedTimeBefore"), job.record.modified >= before { return false }
        return true
    }

    /// The newest first unless asked otherwise; names settle what is equal, so that pages do not overlap.
    private func sorted(_ jobs: [StoredTrainingJob]) -> [StoredTrainingJob] {
        let ascending: [StoredTrainingJob]
        switch request["SortBy"]?.text {
        case "Name": ascending = jobs.sorted { $0.name < $1.name }
        case "Status":
            ascending = jobs.sorted { ($0.record.status.rawValue, $0.name) < ($1.record.status.rawValue, $1.name) }
        default: ascending = jobs.sorted { ($0.record.created, $0.name) < ($1.record.created, $1.name) }
        }
        return request["SortOrder"]?.text == "Ascending" ? ascending : ascending.reversed()
    }
}

/// A page of an answer; its token is the number of what came before.
struct Page {
    private let start: Int
    private let size: Int

    init(_ request: JSONValue, count usual: Int) throws(ServiceFault) {
        size = request["MaxResults"]?.whole ?? usual
        guard let token = request["NextToken"]?.text else {
            start = 0
            return
        }
        guard let number = Int(token), number >= 0 else {
            throw .validation("Invalid NextToken: it is not one that this service gave")
        }
        start = number
    }

    func part<Element>(of elements: [Element]) -> ArraySlice<Element> { elements.dropFirst(start).prefix(size) }

    func nextToken(of count: Int) -> JSONValue? {
        let end = start.addingReportingOverflow(size)
        return !end.overflow && end.partialValue < count ? .string(String(end.partialValue)) : nil
    }
}
