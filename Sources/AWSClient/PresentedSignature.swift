// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What a request says about its own signature; nothing of it is proven before `SigV4.verifies` says `match`.
package struct PresentedSignature: Hashable, Sendable {
    package enum Reading: Hashable, Sendable {
        case signed(PresentedSignature)
        /// It has no signature at all: anonymous.
        case unsigned
        case malformed(String)
    }

    package let accessKeyId: String
    package let region: String
    /// The signing name: `sagemaker`, `s3`, `sts`, …
    package let service: String
    /// In the address instead of in headers.
    package let isPresigned: Bool
    /// What the request says that its body's hash is; `nil` where it leaves the body open.
    package let bodyHash: String?
    let date: String
    /// `20261124T042008Z`
    let time: String
    /// Only of a presigned one.
    let lifetimeSeconds: Int?
    let signedNames: [String]
    let signature: String

    package static func read(_ request: PresentedRequest) -> Reading {
        var fields: [String: String] = [:]
        for field in request.rawFields where field.name.lowercased().hasPrefix("x-amz-") {
            guard let value = PresentedRequest.decoded(field.value) else { return .malformed("query: not encoded") }
            fields[field.name.lowercased()] = value
        }
        let inHeader = request.header("authorization")
        let inQuery = fields["x-amz-signature"] != nil || fields["x-amz-algorithm"] != nil
        switch (inHeader, inQuery) {
        case (nil, false): return .unsigned
        case (_?, true): return .malformed("it is signed twice: in a header and in the address")
        case (let header?, false): return read(header: header, request)
        case (nil, true): return read(fields, request)
        }
    }

    private static func read(header: String, _ request: PresentedRequest) -> Reading {
        guard header.hasPrefix(SigV4.algorithm + " ") else {
            return .malformed("Authorization: only \(SigV4.algorithm) is understood")
        }
        var parts: [Substring: String] = [:]
        for part in header.dropFirst(SigV4.algorithm.count).split(separator: ",") {
            let sides = part.drop(while: { $0 == " " }).split(separator: "=", maxSplits: 1)
            if sides.count == 2 { parts[sides[0]] = String(sides[1]).trimmingSpaces }
        }
        guard let credential = parts["Credential"], let names = parts["SignedHeaders"],
            let signature = parts["Signature"]
        else { return .malformed("Authorization: Credential, SignedHeaders and Signature are needed") }
        guard let time = request.header("x-amz-date") ?? request.header("date").flatMap(ErrorReply.compact(httpDate:))
        else { return .malformed("X-Amz-Date is missing") }
        return make(
            credential, names, signature, time: time, lifetime: nil, body: request.header("x-amz-content-sha256"),
            isPresigned: false)
    }

    private static func read(_ fields: [String: String], _ request: PresentedRequest) -> Reading {
        guard fields["x-amz-algorithm"] == SigV4.algorithm else {
            return .malformed("X-Amz-Algorithm: only \(SigV4.algorithm) is understood")
        }
        guard let credential = fields["x-amz-credential"], let names = fields["x-amz-signedheaders"],
            let signature = fields["x-amz-signature"], let time = fields["x-amz-date"],
            let lifetime = fields["x-amz-expires"].flatMap({ Int($0) })
        else { return .malformed("query: the parameters of a presigned address are not complete") }
        guard (1...604_800).contains(lifetime) else { return .malformed("X-Amz-Expires: 1 to 604800 seconds") }
        return make(
            credential, names, signature, time: time, lifetime: lifetime,
            body: request.header("x-amz-content-sha256") ?? fields["x-amz-content-sha256"], isPresigned: true)
    }

    private static func make(
        _ credential: String, _ names: String, _ signature: String, time: String, lifetime: Int?, body: String?,
        isPresigned: Bool
    ) -> Reading {
        let scope = credential.split(separator: "/", omittingEmptySubsequences: false)
        guard scope.count >= 5, scope.last == "aws4_request", scope.dropLast(4).contains(where: { !$0.isEmpty }) else {
            return .malformed("Credential: must be as KEY/DATE/REGION/SERVICE/aws4_request")
        }
        let date = String(scope[scope.count - 4])
        guard time.wholeMatch(of: /[0-9]{8}T[0-9]{6}Z/) != nil else { return .malformed("X-Amz-Date: no time") }
        guard time.hasPrefix(date), date.utf8.count == 8 else {
            return .malformed("Credential: its date is not that of X-Amz-Date")
        }
        let signed = names.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard signed == Set(signed).sorted(), signed.contains("host"), signed == signed.map({ $0.lowercased() }) else {
            return .malformed("SignedHeaders: in small letters, in order, host among them")
        }
        return .signed(
            PresentedSignature(
                accessKeyId: scope.dropLast(4).joined(separator: "/"), region: String(scope[scope.count - 3]),
                service: String(scope[scope.count - 2]), isPresigned: isPresigned,
                bodyHash: body.flatMap { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil ? $0 : nil }, date: date,
                time: time, lifetimeSeconds: lifetime, signedNames: signed, signature: signature))
    }

    /// `X-Amz-Date` as an instant.
    var signedAt: Instant? {
        let digits = Array(time)
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return Instant(
            iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...].drop(while: { $0 == " " })
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
