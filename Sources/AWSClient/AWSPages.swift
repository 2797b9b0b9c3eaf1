// SPDX-License-Identifier: Apache-2.0

/// Follows pages to the end, a bounded number of them.
enum AWSPages {
    private static let most = 500

    /// `page` is given the token of the page to ask for and answers the next one's. A page that names itself as the
    /// next one would never end.
    static func follow(
        of service: AWSService, _ page: (String?) async throws(AWSError) -> String?
    ) async throws(AWSError) {
        var token: String?
        var seen: Set<String> = []
        for _ in 0..<most {
            guard let next = try await page(token), !next.isEmpty else { return }
            guard seen.insert(next).inserted else {
                throw .malformed(service: service.id, what: "pages that lead in a circle")
            }
            token = next
        }
        throw .malformed(service: service.id, what: "more than \(most) pages")
    }
}
