// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing
import TrainingJobs

@testable import TrainingAgent

/// Against a real server on a loopback port; never against the real address of an instance.
@Suite(.tags(.realProcesses), .timeLimit(.minutes(1)))
struct MetadataClientTests {
    private static let now = Instant(iso8601: "2026-11-24T02:00:00Z") ?? Instant(milliseconds: 0)

    enum Answer: String, CaseIterable, Sendable {
        case none, unauthorized, serverError, hang, hangAtToken, garbage, megabyte, redirect, slowBytes, reset, closed
        case wrongJSON, wrongAction, wrongTime, emptyBody, shortBody, hugeLength, negativeLength, headersWithoutEnd
        case tokenWithLineBreak, tokenTooLong, deepJSON
    }

    @Test(arguments: Answer.allCases)
    func `whatever answers, it is no notice, no crash and no long wait`(answer: Answer) async throws {
        let server = try FakeMetadata()
        let elsewhere = try FakeMetadata()
        elsewhere.answer(action: #"{"action":"terminate","time":"2026-11-24T02:02:00Z"}"#)
        Self.set(answer, on: server, elsewhere: elsewhere.endpoint)
        let client = try #require(MetadataClient(endpoint: server.endpoint))
        // On a busy machine a try may time out before it reaches the server; then it has shown nothing.
        for _ in 1...5 where server.requests.isEmpty {
            let start = ContinuousClock.now
            let action = try? await client.instanceAction()
            #expect(action?.notice(seenAt: Self.now) == nil)
            #expect(ContinuousClock.now - start < .seconds(60))
        }
        #expect(elsewhere.requests.isEmpty)
        #expect(!server.requests.isEmpty)
    }

    @Test func `a notice in the documented form is seen`() async throws {
        let server = try FakeMetadata()
        server.answer(action: #"{"action":"terminate","time":"2026-11-24T02:02:00Z"}"#)
        let client = try #require(MetadataClient(endpoint: server.endpoint))
        var notice: InterruptionNotice?
        for _ in 1...5 where notice == nil { notice = try? await client.instanceAction()?.notice(seenAt: Self.now) }
        #expect(notice == InterruptionNotice(seenAt: Self.now, interruptionAt: Self.now + .seconds(120)))
        #expect(server.requests.first?.contains("X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n") == true)
    }

    @Test(arguments: [
        ("terminate", "2026-11-24T02:02:00Z", true), ("stop", "2026-11-24T02:02:00Z", true),
        ("hibernate", "2026-11-24T02:00:00Z", true), ("terminate", "2026-11-24T01:56:00Z", true),
        ("terminate", "2026-11-24T01:54:00Z", false), ("terminate", "2017-09-18T08:22:00Z", false),
        ("terminate", "soon", false), ("terminate", "", false), ("reboot", "2026-11-24T02:02:00Z", false),
        ("", "2026-11-24T02:02:00Z", false),
    ])
    func `a notice is an action that is documented, at a time that is not long past`(
        action: String, time: String, isNotice: Bool
    ) {
        let said = MetadataClient.SpotAction(action: action, time: time)
        #expect((said.notice(seenAt: Self.now) != nil) == isNotice)
    }

    @Test(arguments: [
        "https://127.0.0.1", "ftp://127.0.0.1", "127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1:80/latest",
        "http://localhost", "http://metadata.example", "http://user:pass@127.0.0.1", "http://127.0.0.1@example.org",
        "http://2130706433", "http://0x7f.0.0.1", "http://0x7f000001", "http://127.1", "http://127.0.0.256",
        "http://127.0.0.01", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://127.0.0.1.", "http://127.0.0.1:",
        "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:99999", "http://127.0.0.1:080",
        "http://127.0.0.1:80?x", "http://127.0.0.1#x", " http://127.0.0.1", "http://127.0.0.1\r\nHost: x",
        "HTTP://127.0.0.1", "http://１２７.0.0.1", "http://", "",
    ])
    func `an endpoint in any other spelling is refused`(endpoint: String) {
        #expect(MetadataClient(endpoint: endpoint) == nil)
    }

    @Test func `an IPv4 address with or without a port is an endpoint`() throws {
        #expect(try #require(MetadataClient(endpoint: "http://169.254.169.254")).port == 80)
        #expect(try #require(MetadataClient(endpoint: "http://127.0.0.1:1338")).port == 1338)
    }

    private static func set(_ answer: Answer, on server: FakeMetadata, elsewhere: String) {
        func document(_ text: String) { server.answerDocument { FakeMetadata.send(text, to: $0) } }
        func body(_ text: String) { document("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)") }
        func token(_ text: String) {
            server.behave { connection, _ in
                FakeMetadata.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)", to: connection)
            }
        }
        let good = #"{"action":"terminate","time":"2026-11-24T02:02:00Z"}"#
        switch answer {
        case .none: server.answer(action: nil)
        case .unauthorized: document("HTTP/1.1 401 Unauthorized\r\nContent-Length: \(good.count)\r\n\r\n\(good)")
        case .serverError:
            document("HTTP/1.1 500 Internal Server Error\r\nContent-Length: \(good.count)\r\n\r\n\(good)")
        case .hang: server.answerDocument { _ in Self.holdForThreeSeconds() }
        case .hangAtToken: server.behave { _, _ in Self.holdForThreeSeconds() }
        case .garbage: document(String(repeating: "\u{1}\u{fffd}\r\n", count: 300))
        case .megabyte: body(String(repeating: " ", count: 1 << 20) + good)
        case .redirect:
            document(
                "HTTP/1.1 302 Found\r\nLocation: \(elsewhere)/latest/meta-data/spot/instance-action\r\nContent-Length: 0\r\n\r\n"
            )
        case .slowBytes:
            server.answerDocument { connection in
                FakeMetadata.send("HTTP/1.1 200 OK\r\nContent-Length: \(good.utf8.count)\r\n\r\n", to: connection)
                for byte in good {
                    if usleep(100_000) != 0 || !FakeMetadata.send(String(byte), to: connection) { return }
                }
            }
        case .reset:
            server.answerDocument { connection in
                FakeMetadata.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"act", to: connection)
                var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            }
        case .closed: server.behave { _, _ in }
        case .wrongJSON: body(#"{"action":"terminate"}"#)
        case .wrongAction: body(#"{"action":{"a":1},"time":"2026-11-24T02:02:00Z"}"#)
        case .wrongTime: body(#"{"action":"terminate","time":"9999999999-11-24T02:02:00Z"}"#)
        case .emptyBody: body("")
        case .shortBody: document("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"action\":\"terminate\",")
        case .hugeLength: document("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{")
        case .negativeLength: document("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{")
        case .headersWithoutEnd: document("HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: b\r\n", count: 10_000))
        case .tokenWithLineBreak: token("a\r\nX-Injected: yes")
        case .tokenTooLong: token(String(repeating: "a", count: 4000))
        case .deepJSON: body(String(repeating: "[", count: 15_000))
        }
    }

    private static func holdForThreeSeconds() { usleep(3_000_000) }
}
