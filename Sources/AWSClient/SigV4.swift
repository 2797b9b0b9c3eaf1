// SPDX-License-Identifier: Apache-2.0

import Digests
package import TrainingJobs

/// Signature Version 4 in headers, for the services that take a body of JSON or of a form, and for plain GETs.
///
/// S3's path rules and presigned addresses are not in it. The law in tests is botocore's own signer.
package struct SigV4: Sendable {
    package var service: String
    package var region: String

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }

    /// The request with `X-Amz-Date`, the token and `Authorization`. May be repeated: signing again replaces them.
    package func signed(_ request: AWSRequest, with credentials: Credentials, at now: Instant) -> AWSRequest {
        let time = Self.compact(now)
        var signed = request
        signed["X-Amz-Date"] = time
        signed["X-Amz-Security-Token"] = credentials.sessionToken?.revealed
        signed["Authorization"] = nil
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let names = signed.signedNames
        let canonical = signed.canonical(names)
        let words = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(SHA256.hex(of: Array(canonical.utf8)))"
        var key = Array("AWS4\(credentials.secretAccessKey.revealed)".utf8)
        for part in [String(time.prefix(8)), region, service, "aws4_request"] {
            key = HMAC.sha256(Array(part.utf8), key: key)
        }
        let signature = Hexadecimal.text(HMAC.sha256(Array(words.utf8), key: key))
        signed["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyId)/\(scope), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
        return signed
    }

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

    fileprivate func canonical(_ names: [String]) -> String {
        let path = self.path.isEmpty ? "/" : self.path
        let query = self.query.map { (Self.encoded($0.name), Self.encoded($0.value)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        var lines = [method, Self.encoded(Self.encoded(path, keeping: "/"), keeping: "/"), query]
        for name in names {
            let values =
                name == "host"
                ? [self["Host"] ?? authority] : headers.filter { $0.name.lowercased() == name }.map(\.value)
            lines.append("\(name):" + values.map(Self.trimmed).joined(separator: ","))
        }
        return (lines + ["", names.joined(separator: ";"), SHA256.hex(of: body)]).joined(separator: "\n")
    }

    /// Runs of white space become one space.
    private static func trimmed(_ value: String) -> String {
        value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
