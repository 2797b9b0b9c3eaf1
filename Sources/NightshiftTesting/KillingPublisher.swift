// SPDX-License-Identifier: Apache-2.0

import PublishedModels
import TrainingJobs

/// Numbers what a runner asks of a publisher, beside what it asks of a backend, and kills it at one of these points.
struct KillingPublisher: ModelPublishing {
    let publisher: any ModelPublishing
    let pass: @Sendable () async -> Void
    /// Sees every order just before the publisher does.
    let before: @Sendable (PublicationOrder) -> Void

    func publish(_ order: PublicationOrder) async throws -> PublicationAnswer? {
        await pass()
        before(order)
        let answer = try await publisher.publish(order)
        await pass()
        return answer
    }

    func withdraw(_ order: PublicationOrder) async throws -> PublicationAnswer {
        await pass()
        before(order)
        let answer = try await publisher.withdraw(order)
        await pass()
        return answer
    }

    func inService() async throws -> String? { try await publisher.inService() }
}
