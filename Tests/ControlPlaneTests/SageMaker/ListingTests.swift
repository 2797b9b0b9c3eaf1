// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Testing
import TrainingAgent
import TrainingJobs

@Suite struct ListingTests {
    /// Five jobs, a second apart; the second one has failed.
    private static func jobs() throws -> [StoredTrainingJob] {
        try (1...5).map { number in
            let created = Instant(milliseconds: Int64(number) * 1000)
            var record = StageJobRecord(created: created)
            record.status = number == 2 ? .failed : .completed
            return StoredTrainingJob(
                request: try TrainingJobRequest(
                    StageBench.request("job-\(number)", hyperparameters: ["epochs": "\(number)"])),
                arn: "arn:\(number)", record: record,
                tags: [.object(["Key": "night", "Value": .string("\(number % 2)")])])
        }
    }

    /// A request's members, and the numbers of the jobs that it finds, in order.
    static let lists: [([String: JSONValue], [Int])] = [
        ([:], [5, 4, 3, 2, 1]),
        (["SortOrder": "Ascending"], [1, 2, 3, 4, 5]),
        (["SortBy": "Name", "SortOrder": "Ascending", "MaxResults": .integer("2")], [1, 2]),
        (["SortBy": "Status", "SortOrder": "Ascending"], [1, 3, 4, 5, 2]),
        (["StatusEquals": "Failed"], [2]),
        (["NameContains": "b-4"], [4]),
        (["CreationTimeAfter": .number(3)], [5, 4]),
        (["CreationTimeBefore": .number(3)], [2, 1]),
        (["LastModifiedTimeAfter": .integer("4")], [5]),
        (["NextToken": "3", "MaxResults": .integer("1")], [2]),
        (["NextToken": "99"], []),
    ]

    @Test("Filters, order and pages", arguments: lists.indices)
    func list(index: Int) throws {
        let (members, numbers) = Self.lists[index]
        let answer = try JobListing(.object(members)).answer(over: Self.jobs())
        let names = (answer["TrainingJobSummaries"]?.elements ?? []).compactMap { $0["TrainingJobName"]?.text }
        #expect(names == numbers.map { "job-\($0)" })
    }

    @Test("Pages follow each other without a gap and end without a token")
    func pages() throws {
        var seen: [String] = []
        var token: JSONValue?
        repeat {
            let request = JSONValue.object([("MaxResults", .integer("2")), ("NextToken", token)])
            let answer = try JobListing(request).answer(over: Self.jobs())
            seen += (answer["TrainingJobSummaries"]?.elements ?? []).compactMap { $0["TrainingJobName"]?.text }
            token = answer["NextToken"]
        } while token != nil
        #expect(seen == ["job-5", "job-4", "job-3", "job-2", "job-1"])
    }

    /// A filter's name, operator and value, and the numbers of the jobs that it finds.
    static let searches: [(String, String, String, [Int])] = [
        ("TrainingJobStatus", "Equals", "Failed", [2]),
        ("TrainingJobName", "Contains", "-3", [3]),
        ("Tags.night", "Equals", "1", [5, 3, 1]),
        ("HyperParameters.epochs", "In", "2,4", [4, 2]),
        ("CreationTime", "GreaterThan", "1970-01-01T00:00:03.000Z", [5, 4]),
        ("FailureReason", "NotExists", "", [5, 4, 3, 2, 1]),
    ]

    @Test("Search finds by any member and by tags", arguments: searches.indices)
    func search(index: Int) throws {
        let (name, operation, value, numbers) = Self.searches[index]
        let filter = JSONValue.object([
            "Name": .string(name), "Operator": .string(operation), "Value": .string(value),
        ])
        let answer = try JobSearch(
            .object([
                "Resource": "TrainingJob", "SearchExpression": .object(["Filters": .array([filter])]),
            ])
        ).answer(over: Self.jobs())
        let names = (answer["Results"]?.elements ?? []).compactMap { $0["TrainingJob"]?["TrainingJobName"]?.text }
        #expect(names == numbers.map { "job-\($0)" })
    }
}
