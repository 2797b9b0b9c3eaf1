// SPDX-License-Identifier: Apache-2.0

/// Service Quotas: how much of something an account may have. It only reads. A quota is not capacity.
package struct QuotaCalls: Sendable {
    package struct Quota: Hashable, Sendable, Decodable {
        package var code: String
        /// As `ml.p4d.24xlarge for spot training job usage`.
        package var name: String
        package var value: Double
        package var isAdjustable: Bool?

        private enum CodingKeys: String, CodingKey {
            case code = "QuotaCode", name = "QuotaName", value = "Value", isAdjustable = "Adjustable"
        }
    }

    private let caller: AWSCaller
    private let region: String

    package init(_ caller: AWSCaller, region: String) {
        self.caller = caller
        self.region = region
    }

    /// Every applied quota of a service, by its code there: `sagemaker`, `ec2`, …
    package func quotas(of service: String) async throws(AWSError) -> [Quota] {
        struct Question: Encodable {
            var service: String, most = 100, next: String?
            enum CodingKeys: String, CodingKey { case service = "ServiceCode", most = "MaxResults", next = "NextToken" }
        }
        struct Answer: Decodable {
            var quotas: [Quota]?, next: String?
            enum CodingKeys: String, CodingKey { case quotas = "Quotas", next = "NextToken" }
        }
        var quotas: [Quota] = []
        try await AWSPages.follow(of: .serviceQuotas) { token throws(AWSError) in
            let question = Question(service: service, next: token)
            let answer = try await caller.document(.serviceQuotas, region, "ListServiceQuotas", question, Answer.self)
            quotas += answer.quotas ?? []
            return answer.next
        }
        return quotas
    }
}
