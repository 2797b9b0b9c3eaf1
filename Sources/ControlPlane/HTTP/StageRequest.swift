// SPDX-License-Identifier: Apache-2.0

import AWSClient
import HTTPTypes

/// The head of a request as the stage reads it.
struct StageRequest: Sendable {
    var method: String
    /// As it was sent, without the query; begins with `/`.
    var rawPath: String
    /// As it was sent, without the question mark.
    var rawQuery: String
    /// Decoded, in the order in which they came. A parameter without a value has an empty one.
    var parameters: [AWSRequest.Field]
    var headers: HTTPFields
    /// The `Host` field.
    var host: String

    /// `nil` when the address is not one: no path, or a percent sign that begins no octet.
    init?(_ head: HTTPRequest) {
        guard let target = head.path, target.hasPrefix("/") else { return nil }
        let question = target.firstIndex(of: "?") ?? target.endIndex
        rawPath = String(target[..<question])
        rawQuery = String(target[question...].dropFirst())
        method = head.method.rawValue
        headers = head.headerFields
        host = head.authority ?? ""
        guard let parameters = Self.fields(rawQuery) else { return nil }
        self.parameters = parameters
    }

    /// Fields of a query or of a form; `nil` when they are not encoded as one.
    static func fields(_ text: String) -> [AWSRequest.Field]? {
        var fields: [AWSRequest.Field] = []
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = sides.map { side in
                PresentedRequest.decoded(
                    String(decoding: side.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }, as: UTF8.self))
            }
            guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else { return nil }
            fields.append(AWSRequest.Field(name, value))
        }
        return fields
    }

    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Of several fields of that name, their values in a list.
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// What the check of signatures looks at.
    func presented(payloadHash: String?) -> PresentedRequest {
        var fields = headers.map { AWSRequest.Field($0.name.rawName, $0.value) }
        fields.append(AWSRequest.Field("Host", host))
        return PresentedRequest(
            method: method, rawPath: rawPath, rawQuery: rawQuery, headers: fields, payloadHash: payloadHash)
    }
}
