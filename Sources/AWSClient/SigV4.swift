// SPDX-License-Identifier: Apache-2.0

package import Digests
package import TrainingJobs

/// Signature Version 4: in headers, and in the address itself (presigned).
///
/// The law in tests is botocore's own signer.
package struct SigV4: Sendable {
    /// What the signature says about the body.
    package enum Payload: Hashable, Sendable {
        case hashed
        /// Hashed already, by whoever made the request.
        case known(Digest)
        /// Over HTTPS, where the body is protected by the connection and by a checksum of its own.
        case unsigned
    }

    package var service: String
    package var region: String

    static let algorithm = "AWS4-HMAC-SHA256"
    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }

    /// The request with `X-Amz-Date`, the token and `Authorization`, for S3 with `X-Amz-Content-Sha256` too. May be
    /// repeated: signing again replaces them. Only S3 takes an unsigned body.
    package func signed(
        _ request: AWSRequest, with credentials: Credentials, at now: Instant, payload: Payload = .hashed
    ) -> AWSRequest {
        var signed = request
        signed["X-Amz-Date"] = Self.compact(now)
        signed["X-Amz-Security-Token"] = credentials.sessionToken?.revealed
        signed["Authorization"] = nil
        let hash =
            switch payload {
            case .known(let digest): digest.hex
            case .unsigned where isS3: Self.unsignedPayload
            case .unsigned, .hashed: SHA256.hex(of: request.body)
            }
        if isS3 { signed["X-Amz-Content-Sha256"] = hash }
        let names = signed.signedNames
        let scope = SigningScope(date: String(Self.compact(now).prefix(8)), region: region, service: service)
        let canonical = CanonicalRequest(signed, names: names, service: service, payload: hash)
        let signature = scope.signature(
            of: canonical, time: Self.compact(now), secret: credentials.secretAccessKey)
        signed["Authorization"] =
            "\(Self.algorithm) Credential=\(credentials.accessKeyId)/\(scope.text), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
        return signed
    }

    /// The request with the signature in its query: whoever has its `address` may make it once or often until it ends,
    /// 7 days at most. Headers that the request has must be sent as they are.
    package func presigned(
        _ request: AWSRequest, with credentials: Credentials, at now: Instant, for lifetime: Duration
    ) -> AWSRequest {
        let time = Self.compact(now)
        let scope = SigningScope(date: String(time.prefix(8)), region: region, service: service)
        var signed = request
        let names = signed.signedNames
        signed.query += [
            .init("X-Amz-Algorithm", Self.algorithm),
            .init("X-Amz-Credential", "\(credentials.accessKeyId)/\(scope.text)"), .init("X-Amz-Date", time),
            .init("X-Amz-Expires", String(min(max(1, lifetime.components.seconds), 604_800))),
            .init("X-Amz-SignedHeaders", names.joined(separator: ";")),
        ]
        if let token = credentials.sessionToken { signed.query.append(.init("X-Amz-Security-Token", token.revealed)) }
        let hash = isS3 ? Self.unsignedPayload : SHA256.hex(of: request.body)
        let canonical = CanonicalRequest(signed, names: names, service: service, payload: hash)
        let signature = scope.signature(of: canonical, time: time, secret: credentials.secretAccessKey)
        signed.query.append(.init("X-Amz-Signature", signature))
        return signed
    }

    private var isS3: Bool { service == "s3" }

    /// `20261124T042008Z`
    static func compact(_ now: Instant) -> String {
        String(now.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}

extension AWSRequest {
    /// Headers that a proxy or the transport may change are left out, as botocore does.
    fileprivate var signedNames: [String] {
        let unsigned: Set = [
            "authorization", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id", "connection",
        ]
        return (Set(headers.map { $0.name.lowercased() }).subtracting(unsigned)).union(["host"]).sorted()
    }
}
