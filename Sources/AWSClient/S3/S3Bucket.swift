// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The calls about one bucket and its objects, thin: each is one request, asked again as `AWSCaller` does.
///
/// Errors are `AWSError`; 412 and 404 are answers where a call says so. Keys are as they are, not encoded.
package struct S3Bucket: Sendable {
    package let name: String
    package let region: String
    let caller: AWSCaller
    private let endpoint: AWSEndpoint
    /// Before the key in a request's path: the bucket, where it is not in the host's name.
    private let root: String

    /// Throws for a name that no bucket can have and for settings that cannot be read; asks nobody.
    package init(_ name: String, region: String, caller: AWSCaller) throws(AWSError) {
        guard name.wholeMatch(of: /[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/) != nil, !name.contains("..") else {
            throw .badConfiguration(
                "bucket: \"\(name)\" is no name of a bucket: 3 to 63 small letters, digits, dots and hyphens")
        }
        let endpoint = try caller.settings.endpoint(of: .s3, region: region)
        self.name = name
        self.region = region
        self.caller = caller
        let isAWS = endpoint == AWSEndpoint(service: .s3, region: region)
        let style = caller.settings.profileValue("s3.addressing_style")
        // A dot would not match AWS's certificate; servers of other kinds seldom have names for buckets.
        if style == "virtual" || (style != "path" && isAWS && !name.contains(".")),
            let own = AWSEndpoint("\(endpoint.scheme)://\(name).\(endpoint.authority)")
        {
            self.endpoint = own
            root = ""
        } else {
            self.endpoint = endpoint
            root = "/" + name
        }
    }

    func request(
        _ method: String, key: String? = nil, query: [AWSRequest.Field] = [], headers: [AWSRequest.Field] = [],
        body: [UInt8] = []
    ) -> AWSRequest {
        AWSRequest(
            method: method, endpoint: endpoint, path: key.map { "\(root)/\($0)" } ?? (root.isEmpty ? "/" : root),
            query: query, headers: headers, body: body)
    }

    func call(
        _ request: AWSRequest, payload: SigV4.Payload = .hashed, whole: @Sendable (AWSReply) -> Bool = { _ in true }
    ) async throws(AWSError) -> AWSReply {
        try await caller.call(.s3, region: region, request, payload: payload, whole: whole)
    }

    /// An address that lets whoever has it read the object until the time is over.
    package func presignedGet(
        _ key: String, with credentials: Credentials, at now: Instant, for lifetime: Duration
    ) -> String {
        SigV4(service: "s3", region: region).presigned(
            request("GET", key: key), with: credentials, at: now, for: lifetime
        )
        .address
    }
}

/// What the bucket is.
extension S3Bucket {
    /// Whether it is there and may be used; its region where the service says it.
    package func head() async throws(AWSError) -> String? {
        try await call(request("HEAD")).header("x-amz-bucket-region")
    }

    package func location() async throws(AWSError) -> String {
        let reply = try await call(request("GET", query: [.init("location", "")])) { XMLElement($0.body) != nil }
        // AWS says nothing for its oldest region, and `EU` for its second.
        switch XMLElement(reply.body)?.text ?? "" {
        case "": return "us-east-1"
        case "EU": return "eu-west-1"
        case let region: return region
        }
    }
}
