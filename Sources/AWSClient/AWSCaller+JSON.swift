// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Calls whose questions and answers have the services' own member names.
extension AWSCaller {
    nonisolated func document<Answer: Decodable>(
        _ service: AWSService, _ region: String, _ operation: String, _ question: some Encodable & Sendable,
        _ type: Answer.Type
    ) async throws(AWSError) -> Answer {
        let body = try await send(service, region, operation, question)
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
            throw .malformed(service: service.id, what: operation)
        }
    }

    /// The answer as it came.
    nonisolated func send(
        _ service: AWSService, _ region: String, _ operation: String, _ question: some Encodable & Sendable
    ) async throws(AWSError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(question) else {  // plain values: fails only for a number that is none
            throw .badConfiguration("\(operation): a number in it is not finite")
        }
        return try await json(service, region: region, operation: operation, body: Array(body))
    }
}
