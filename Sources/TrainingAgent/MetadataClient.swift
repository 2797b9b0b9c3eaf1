// SPDX-License-Identifier: Apache-2.0

import FlyingSocks
import FoundationEssentials
import Glibc
import TrainingJobs

/// Asks the instance-metadata service, version 2: a session token first, then the Spot paths.
///
/// Paths and headers: EC2 user guide, "Spot Instance interruption notices" and "Rebalance recommendations". What
/// answers at that address is not trusted: replies are bounded in size and time, redirects are not followed, and
/// anything that is not the documented JSON counts as "no notice".
struct MetadataClient: Sendable {
    static let endpointVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    private static let replyLimit = 16 << 10
    private static let timeout = Duration.seconds(2)

    let host: String
    let port: UInt16

    /// `nil` when the address is not exactly `http://<IPv4>[:port]`: no other spelling, no name, no path, no user.
    init?(endpoint: String) {
        let pattern = /http:\/\/([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})(?::([1-9][0-9]{0,4}))?/
        guard let match = endpoint.wholeMatch(of: pattern), let port = UInt16(match.output.2 ?? "80") else {
            return nil
        }
        host = String(match.output.1)
        self.port = port
        // Octal and out-of-range numbers are no addresses to inet_pton.
        guard (try? Self.address(host, port)) != nil else { return nil }
    }

    struct SpotAction: Decodable {
        var action: String
        var time: String

        /// The documented actions only. A time that is long past belongs to an interruption that did not happen: AWS
        /// leaves one standing when terminating failed.
        func notice(seenAt now: Instant) -> InterruptionNotice? {
            guard ["terminate", "stop", "hibernate"].contains(action), let at = Instant(iso8601: time),
                at > now - .minutes(5)
            else { return nil }
            return InterruptionNotice(seenAt: now, interruptionAt: at)
        }
    }

    /// The interruption notice, if there is one now.
    func instanceAction() async throws -> SpotAction? {
        try await document("/latest/meta-data/spot/instance-action")
    }

    private func document<Document: Decodable>(_ path: String) async throws -> Document? {
        let token = try await request("PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds: 21600")
        guard token.status == 200, token.body.count < 256 else { return nil }
        let text = String(decoding: token.body, as: UTF8.self)
        guard !text.contains(where: \.isNewline) else { return nil }
        let reply = try await request("GET", path, "X-aws-ec2-metadata-token: \(text)")
        guard reply.status == 200 else { return nil }
        // Anything but the documented document is no notice.
        return try? JSONDecoder().decode(Document.self, from: Data(reply.body))
    }

    private func request(_ method: String, _ path: String, _ header: String) async throws -> (
        status: Int, body: [UInt8]
    ) {
        let text =
            "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(header)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let bytes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                let socket = try await AsyncSocket.connected(to: try Self.address(host, port))
                defer { try? socket.close() }  // it may be closed by the peer already
                try await socket.write(Data(text.utf8))
                return try await Self.readReply(from: socket)
            }
            group.addTask {
                try await Task.sleep(for: Self.timeout)
                throw MetadataTimeout()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
        return try Self.parse(bytes)
    }

    /// Reads to the end of the announced body, the end of the stream or the limit, whichever comes first.
    private static func readReply(from socket: AsyncSocket) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while bytes.count < replyLimit {
                bytes += try await socket.read(atMost: 4096)
                if let end = endOfReply(bytes), bytes.count >= end { break }
            }
        } catch SocketError.disconnected {
            return bytes
        }
        return bytes
    }

    private static func address(_ host: String, _ port: UInt16) throws -> some SocketAddress {
        try .inet(ip4: host, port: port)
    }

    private static func endOfReply(_ bytes: [UInt8]) -> Int? {
        guard let head = headEnd(bytes) else { return nil }
        let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
        for line in lines where line.lowercased().hasPrefix("content-length:") {
            guard let length = Int(line.dropFirst(15).filter { $0 != " " }), length >= 0 else { return nil }
            return head + min(length, replyLimit)
        }
        return nil
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
    }

    private static func parse(_ bytes: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        guard let head = headEnd(bytes) else { throw MetadataTimeout() }
        let words = String(decoding: bytes[..<head], as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw MetadataTimeout()
        }
        return (status, Array(bytes[head...]))
    }
}

/// The metadata service did not answer in time, or not in HTTP.
struct MetadataTimeout: Error {}
