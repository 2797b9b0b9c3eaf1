// SPDX-License-Identifier: Apache-2.0

extension TrainingJobCalls {
    /// The tags of a job, by its ARN.
    package func tags(ofArn arn: String) async throws(TrainingJobError) -> [String: String] {
        struct Question: Encodable {
            var arn: String, next: String?
            enum CodingKeys: String, CodingKey { case arn = "ResourceArn", next = "NextToken" }
        }
        struct Answer: Decodable {
            var tags: [SageMaker.Tag]?, next: String?
            enum CodingKeys: String, CodingKey { case tags = "Tags", next = "NextToken" }
        }
        var tags: [String: String] = [:]
        do throws(AWSError) {
            try await AWSPages.follow(of: .sageMaker) { token throws(AWSError) in
                let question = Question(arn: arn, next: token)
                let answer = try await caller.document(.sageMaker, region, "ListTags", question, Answer.self)
                for tag in answer.tags ?? [] { tags[tag.key] = tag.value }
                return answer.next
            }
        } catch { throw TrainingJobError(error) }
        return tags
    }
}
