// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

@testable import ProcessSupervision

/// A loopback server on plain sockets, so that it can answer what no HTTP library would.
final class FakeMetadata: Sendable {
    /// What is done with a connection once the head of its request has been read.
    typealias Behaviour = @Sendable (_ connection: Int32, _ request: String) -> Void

    let port: UInt16
    private let listener: Int32
    private let behaviour = Mutex<Behaviour>({ _, _ in })
    private let received = Mutex<[String]>([])

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard bound else { throw NeverHappened(what: "a loopback port") }
        port = UInt16(bigEndian: address.sin_port)
        listener = descriptor
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        answer(action: nil)
        runOnOwnThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                guard let behaviour = self?.behaviour.withLock({ $0 }) else { return }
                let keep = self
                runOnOwnThread {
                    let request = Self.head(of: connection)
                    keep?.received.withLock { $0.append(request) }
                    behaviour(connection, request)
                    close(connection)
                }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)); close(listener) }

    var endpoint: String { "http://127.0.0.1:\(port)" }
    var requests: [String] { received.withLock { $0 } }

    func behave(_ new: @escaping Behaviour) { behaviour.withLock { $0 = new } }

    /// As EC2 answers: a token, and 404 where there is no notice.
    func answer(action: String?) {
        behave { connection, request in
            if request.hasPrefix("PUT /latest/api/token ") {
                Self.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntoken", to: connection)
            } else if let action, request.hasPrefix("GET /latest/meta-data/spot/instance-action "),
                request.contains("X-aws-ec2-metadata-token: token\r\n")
            {
                Self.send("HTTP/1.1 200 OK\r\nContent-Length: \(action.utf8.count)\r\n\r\n\(action)", to: connection)
            } else {
                Self.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", to: connection)
            }
        }
    }

    /// A token as usual, then this for the document.
    func answerDocument(_ new: @escaping @Sendable (_ connection: Int32) -> Void) {
        behave { connection, request in
            if request.hasPrefix("PUT ") {
                Self.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntoken", to: connection)
            } else {
                new(connection)
            }
        }
    }

    @discardableResult
    static func send(_ text: String, to connection: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    private static func head(of connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            let count = read(connection, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
