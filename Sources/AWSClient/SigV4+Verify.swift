// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a presented signature is worth.
package enum SignatureVerdict: Hashable, Sendable {
    case match
    case mismatch
    /// Signed too long ago, or by a clock that is ahead.
    case expired
    case malformed(String)
    /// There is no signature to check.
    case unsigned
}

extension SigV4 {
    /// Whether a request was signed with the secret and still holds at `now`; in headers or in the address.
    ///
    /// Pure. Whose secret it has to be, `PresentedSignature.read` says. Headers hold for 15 minutes either way, an
    /// address as long as it says. Every `x-amz-` header has to be signed. A body that is sent in signed chunks
    /// (`STREAMING-…`) is verified by its first signature alone.
    package static func verifies(
        _ request: PresentedRequest, with secret: Secret, at now: Instant
    ) -> SignatureVerdict {
        let presented: PresentedSignature
        switch PresentedSignature.read(request) {
        case .unsigned: return .unsigned
        case .malformed(let why): return .malformed(why)
        case .signed(let signature): presented = signature
        }
        guard let signedAt = presented.signedAt else { return .malformed("X-Amz-Date: no time") }
        let grace = Duration.minutes(15)
        let end = presented.lifetimeSeconds.map { signedAt + .seconds($0) } ?? (signedAt + grace)
        if now > end || signedAt > now + grace { return .expired }
        for field in request.headers {
            let name = field.name.lowercased()
            if name.hasPrefix("x-amz-"), !presented.signedNames.contains(name) {
                return .malformed("the header \(name) is not signed")
            }
        }
        guard let canonical = canonical(request, presented) else { return .malformed("the address is not encoded") }
        guard let canonical else { return .mismatch }
        let scope = SigningScope(date: presented.date, region: presented.region, service: presented.service)
        let wanted = scope.signature(of: canonical, time: presented.time, secret: secret)
        return isEqual(wanted, presented.signature) ? .match : .mismatch
    }

    /// Outer `nil`: cannot be read. Inner: the body is another than the one that was signed, or a signed header is not
    /// there.
    private static func canonical(
        _ request: PresentedRequest, _ presented: PresentedSignature
    ) -> CanonicalRequest?? {
        let isS3 = presented.service == "s3"
        var path = request.rawPath
        if isS3 {
            guard let decoded = PresentedRequest.decoded(path) else { return nil }
            path = AWSRequest.encoded(decoded, keeping: "/")
        }
        var query: [(name: String, value: String)] = []
        for field in request.rawFields {
            guard let name = PresentedRequest.decoded(field.name), let value = PresentedRequest.decoded(field.value)
            else { return nil }
            if presented.isPresigned, name.lowercased() == "x-amz-signature" { continue }
            query.append((AWSRequest.encoded(name), AWSRequest.encoded(value)))
        }
        var headers: [(name: String, values: [String])] = []
        for name in presented.signedNames {
            let values = request.headers.filter { $0.name.lowercased() == name }.map(\.value)
            if values.isEmpty { return .some(nil) }
            headers.append((name, values))
        }
        let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let said = request.header("x-amz-content-sha256")
        if let hash = presented.bodyHash, let received = request.payloadHash, hash != received { return .some(nil) }
        let payload: String
        if isS3 {
            payload = said ?? presented.bodyHash ?? (presented.isPresigned ? unsignedPayload : nil) ?? emptyHash
        } else {
            payload = request.payloadHash ?? said ?? emptyHash
        }
        return CanonicalRequest(
            method: request.method, path: path, query: query, headers: headers, service: presented.service,
            payload: payload)
    }

    /// In a time that does not tell where they differ.
    private static func isEqual(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
