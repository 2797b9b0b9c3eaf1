// SPDX-License-Identifier: Apache-2.0

/// One HTTP request, before and after it is signed.
package struct AWSRequest: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    package var endpoint: AWSEndpoint
    /// Not encoded; begins with `/`.
    package var path: String
    /// Not encoded.
    package var query: [Field]
    package var headers: [Field]
    package var body: [UInt8]

    package init(
        method: String, endpoint: AWSEndpoint, path: String = "/", query: [Field] = [], headers: [Field] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case; setting replaces all of them.
    package subscript(_ name: String) -> String? {
        get { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            headers.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { headers.append(Field(name, newValue)) }
        }
    }

    var authority: String { endpoint.authority }

    /// The whole address, encoded as it is signed.
    package var address: String {
        let path = Self.encoded(self.path, keeping: "/")
        let query = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        return "\(endpoint.scheme)://\(authority)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }

    /// RFC 3986: all but unreserved characters as `%XX`.
    package static func encoded(_ text: String, keeping kept: String = "") -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            case _ where kept.utf8.contains(byte): result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// The answer to a request, of any status.
package struct AWSReply: Hashable, Sendable {
    package var status: Int
    package var headers: [AWSRequest.Field]
    package var body: [UInt8]

    package init(status: Int, headers: [AWSRequest.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Carries one request to where it is addressed, once.
///
/// It never follows a redirect: a signed request is for one host. It may be repeated as far as the operation may.
package protocol AWSTransport: Sendable {
    func send(_ request: AWSRequest, timeout: Duration) async throws(TransportFailure) -> AWSReply
}

/// No answer came.
package struct TransportFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
