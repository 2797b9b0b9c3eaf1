// SPDX-License-Identifier: Apache-2.0

import Digests
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A server of buckets that reads over `If-None-Match`: in a plain PUT, or only where an upload in parts is completed.
final class ForgetfulServer: Sendable {
    enum Forgets: Sendable { case everything, completions }

    let port: Int
    private let forgets: Forgets
    private let listener: Int32
    private let objects = Mutex<[String: Data]>([:])

    init(forgets: Forgets) throws {
        self.forgets = forgets
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Wire.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listener
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 64) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = Int(in_port_t(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(socket, nil, nil)
                if client < 0 { return }
                let wire = Wire(socket: client)
                guard let server = self else { return wire.close() }
                Thread.detachNewThread {
                    if let request = WireMessage.read(from: wire) { wire.write(server.answer(request)) }
                    wire.close()
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var keys: [String] { objects.withLock { $0.keys.sorted() } }

    private func answer(_ request: WireMessage) -> Data {
        let words = request.start.split(separator: " ").map(String.init)
        let parts = words[1].split(separator: "?", maxSplits: 1).map(String.init)
        let (key, query) = (parts[0], parts.count > 1 ? parts[1] : "")
        let isConditional = request.header("if-none-match") == "*"
        return objects.withLock { objects in
            switch words[0] {
            case "POST" where query.hasPrefix("uploads"):
                return Self.reply(
                    "200 OK", "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            case "PUT" where query.contains("partNumber"): return Self.reply("200 OK")
            case "POST":
                objects[key] = Data("parts".utf8)
                return Self.reply(
                    "200 OK", "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>")
            case "PUT":
                if isConditional, forgets == .completions, objects[key] != nil {
                    return Self.reply("412 Precondition Failed", "<Error><Code>PreconditionFailed</Code></Error>")
                }
                objects[key] = request.body
                return Self.reply("200 OK")
            case "DELETE":
                if query.isEmpty { objects[key] = nil }
                return Self.reply("204 No Content")
            case "GET" where query.contains("list-type"):
                return Self.reply("200 OK", "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
            default: return Self.reply("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>")
            }
        }
    }

    private static func reply(_ status: String, _ body: String = "") -> Data {
        Data(
            ("HTTP/1.1 \(status)\r\nETag: \"e\"\r\nContent-Type: application/xml\r\n"
                + (status.hasPrefix("204") ? "" : "Content-Length: \(body.utf8.count)\r\n")
                + "Connection: close\r\n\r\n\(body)").utf8)
    }
}
