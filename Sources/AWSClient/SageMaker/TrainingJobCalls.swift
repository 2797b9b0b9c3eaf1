// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// SageMaker's calls about training jobs.
package struct TrainingJobCalls: Sendable {
    /// What to list; everything by default, the newest first.
    package struct Filter: Hashable, Sendable {
        package var nameContains: String?
        package var statusEquals: SageMaker.TrainingJobStatus?
        package var creationTimeAfter: EpochSeconds?
        package var creationTimeBefore: EpochSeconds?

        package init(
            nameContains: String? = nil, status: SageMaker.TrainingJobStatus? = nil, createdAfter: Instant? = nil,
            createdBefore: Instant? = nil
        ) {
            self.nameContains = nameContains
            statusEquals = status
            creationTimeAfter = createdAfter.map { EpochSeconds($0) }
            creationTimeBefore = createdBefore.map { EpochSeconds($0) }
        }
    }

    let caller: AWSCaller
    let region: String

    package init(_ caller: AWSCaller, region: String) {
        self.caller = caller
        self.region = region
    }

    /// The new job's ARN. The name makes it idempotent: a repetition after an answer that was lost is `nameTaken`.
    package func create(_ request: TrainingJobRequest) async throws(TrainingJobError) -> String {
        struct Answer: Decodable {
            var arn: String
            enum CodingKeys: String, CodingKey { case arn = "TrainingJobArn" }
        }
        do throws(AWSError) {
            return try await caller.document(.sageMaker, region, "CreateTrainingJob", request, Answer.self).arn
        } catch { throw TrainingJobError(error) }
    }

    package func describe(_ name: String) async throws(TrainingJobError) -> TrainingJobDescription {
        do throws(AWSError) {
            return try await caller.document(
                .sageMaker, region, "DescribeTrainingJob", ["TrainingJobName": name], TrainingJobDescription.self)
        } catch { throw TrainingJobError(error) }
    }

    /// When it returns, the job is stopping. May be repeated; a job that has ended is `alreadyEnding`.
    package func stop(_ name: String) async throws(TrainingJobError) {
        do throws(AWSError) {
            _ = try await caller.send(.sageMaker, region, "StopTrainingJob", ["TrainingJobName": name])
        } catch { throw TrainingJobError(error) }
    }

    package func list(_ filter: Filter = Filter()) async throws(TrainingJobError) -> [TrainingJobSummary] {
        struct Question: Encodable {
            var filter: Filter
            var nextToken: String?

            func encode(to encoder: any Encoder) throws {
                enum Key: String, CodingKey {
                    case nameContains = "NameContains", status = "StatusEquals", after = "CreationTimeAfter"
                    case before = "CreationTimeBefore", sortBy = "SortBy", order = "SortOrder", most = "MaxResults"
                    case next = "NextToken"
                }
                var container = encoder.container(keyedBy: Key.self)
                try container.encodeIfPresent(filter.nameContains, forKey: .nameContains)
                try container.encodeIfPresent(filter.statusEquals, forKey: .status)
                try container.encodeIfPresent(filter.creationTimeAfter, forKey: .after)
                try container.encodeIfPresent(filter.creationTimeBefore, forKey: .before)
                try container.encode("CreationTime", forKey: .sortBy)
                try container.encode("Descending", forKey: .order)
                try container.encode(100, forKey: .most)
                try container.encodeIfPresent(nextToken, forKey: .next)
            }
        }
        struct Answer: Decodable {
            var jobs: [TrainingJobSummary]
            var nextToken: String?
            enum CodingKeys: String, CodingKey { case jobs = "TrainingJobSummaries", nextToken = "NextToken" }
        }
        var jobs: [TrainingJobSummary] = []
        do throws(AWSError) {
            try await AWSPages.follow(of: .sageMaker) { token throws(AWSError) in
                let question = Question(filter: filter, nextToken: token)
                let answer = try await caller.document(
                    .sageMaker, region, "ListTrainingJobs", question, Answer.self)
                jobs += answer.jobs
                return answer.nextToken
            }
        } catch { throw TrainingJobError(error) }
        return jobs
    }
}
