// SPDX-License-Identifier: Apache-2.0

import Digests

/// What a signing key is for: one day, one region, one service.
struct SigningScope: Hashable, Sendable {
    /// `20261124`
    var date: String
    var region: String
    var service: String

    var text: String { "\(date)/\(region)/\(service)/aws4_request" }

    /// 64 lower-case hexadecimal digits.
    func signature(of request: CanonicalRequest, time: String, secret: Secret) -> String {
        let words = "\(SigV4.algorithm)\n\(time)\n\(text)\n\(SHA256.hex(of: Array(request.text.utf8)))"
        var key = Array("AWS4\(secret.revealed)".utf8)
        for part in [date, region, service, "aws4_request"] { key = HMAC.sha256(Array(part.utf8), key: key) }
        return Hexadecimal.text(HMAC.sha256(Array(words.utf8), key: key))
    }
}
