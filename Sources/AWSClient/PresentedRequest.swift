// SPDX-License-Identifier: Apache-2.0

/// A request as it came in over the wire, for `SigV4.verifies`.
package struct PresentedRequest: Hashable, Sendable {
    package var method: String
    /// As it was sent, without the query.
    package var rawPath: String
    /// As it was sent, without the question mark.
    package var rawQuery: String
    package var headers: [AWSRequest.Field]
    /// SHA-256 of the body as it was received, 64 lower-case digits; `nil` where it is not known yet. Then only what
    /// the request says about its body is signed, and the caller compares `PresentedSignature.bodyHash` itself.
    package var payloadHash: String?

    package init(
        method: String, rawPath: String, rawQuery: String, headers: [AWSRequest.Field], payloadHash: String?
    ) {
        self.method = method
        self.rawPath = rawPath
        self.rawQuery = rawQuery
        self.headers = headers
        self.payloadHash = payloadHash
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// Names and values, not decoded.
    var rawFields: [(name: String, value: String)] {
        rawQuery.split(separator: "&").map { pair in
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            return (String(pair[..<equals]), String(pair[equals...].dropFirst()))
        }
    }

    /// `nil` where a percent sign does not begin an octet.
    package static func decoded(_ text: String) -> String? {
        guard text.contains("%") else { return text }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
                let low = rest.popFirst().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue })
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
