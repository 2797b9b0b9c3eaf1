// SPDX-License-Identifier: Apache-2.0

import FlyingFox
import FlyingSocks
import Foundation
import SpotMarket
import Testing
import TrainingJobs

@testable import CapacityBackends

extension EndToEnd {
    /// A machine's metadata service, asked over HTTP as `curl` would.
    @Suite(.timeLimit(.minutes(1)))
    struct MetadataServiceTests {
        /// The status and the body of one request, written out by hand.
        private func ask(
            _ port: UInt16, _ method: String, _ path: String, _ headers: [String: String] = [:]
        ) throws -> (status: Int, body: String) {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(connected == 0)
            let lines =
                ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Content-Length: 0"]
                + headers.map { "\($0): \($1)" }
            let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
            try #require(write(descriptor, request, request.count) == request.count)
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                bytes += buffer[..<count]
            }
            let reply = String(decoding: bytes, as: UTF8.self)
            let parts = reply.components(separatedBy: "\r\n\r\n")
            let status = try #require(reply.split(separator: " ").dropFirst().first.flatMap { Int($0) })
            return (status, parts.dropFirst().joined(separator: "\r\n\r\n"))
        }

        @Test func `it has EC2's paths, wants IMDSv2's tokens, and tells the interruption`() async throws {
            let offer = Offer(
                backend: "local", instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: "eu-west-1a",
                purchase: .spot)
            let service = MetadataService(offer: offer, instance: "tiny-a1")
            let server = try service.server()
            let serving = Task { try await server.run() }
            defer { serving.cancel() }
            try await server.waitUntilListening()
            guard case .ip4(_, let port)? = await server.listeningAddress else { throw GaveUp() }

            let lifetime = "X-aws-ec2-metadata-token-ttl-seconds"
            let paths = [
                "instance-id": "tiny-a1", "instance-type": "ml.p4d.24xlarge", "instance-life-cycle": "spot",
                "placement/availability-zone": "eu-west-1a", "placement/region": "eu-west-1",
            ]
            #expect(try ask(port, "GET", "/latest/meta-data/instance-id").status == 401)
            #expect(
                try ask(port, "GET", "/latest/meta-data/instance-id", ["X-aws-ec2-metadata-token": "made-up"]).status
                    == 401)
            #expect(try ask(port, "PUT", "/latest/api/token").status == 400)
            #expect(try ask(port, "PUT", "/latest/api/token", [lifetime: "21601"]).status == 400)
            #expect(try ask(port, "GET", "/latest/api/token", [lifetime: "60"]).status == 405)
            let token = try ask(port, "PUT", "/latest/api/token", [lifetime: "21600"])
            #expect(token.status == 200 && !token.body.isEmpty)
            let header = ["X-aws-ec2-metadata-token": token.body]
            for (path, expected) in paths {
                let answer = try ask(port, "GET", "/latest/meta-data/" + path, header)
                #expect(answer.status == 200 && answer.body == expected, "\(path)")
            }
            let spotPaths = ["spot/instance-action", "spot/termination-time", "events/recommendations/rebalance"]
            for path in spotPaths + ["no-such-thing"] {
                #expect(try ask(port, "GET", "/latest/meta-data/" + path, header).status == 404, "\(path)")
            }
            let at = try #require(Instant(iso8601: "2026-11-24T01:50:00Z"))
            await service.announceInterruption(at: at, noticedAt: at - .seconds(120))
            #expect(
                try ask(port, "GET", "/latest/meta-data/" + spotPaths[0], header).body
                    == #"{"action":"terminate","time":"2026-11-24T01:50:00Z"}"#)
            #expect(try ask(port, "GET", "/latest/meta-data/" + spotPaths[1], header).body == "2026-11-24T01:50:00Z")
            #expect(
                try ask(port, "GET", "/latest/meta-data/" + spotPaths[2], header).body
                    == #"{"noticeTime":"2026-11-24T01:48:00Z"}"#)
            #expect(try ask(port, "POST", "/latest/meta-data/instance-id", header).status == 404)
        }
    }
}
