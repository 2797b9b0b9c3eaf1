// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Stands before a server and, when told, does to chosen requests what a bad network or a bad day does.
///
/// A thread for each connection; a request at a time on each.
final class FaultyProxy: Sendable {
    private struct State {
        var fault: (Fault, Operation)?
        var left = 0
        var hits = 0
        var firstListing: WireMessage?
    }

    let port: Int
    private let upstream: Int
    private let listener: Int32
    private let state = Mutex(State())

    init(upstream: Int) throws {
        self.upstream = upstream
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
                guard let proxy = self else {
                    _ = close(client)
                    return
                }
                Thread.detachNewThread { proxy.serve(Wire(socket: client)) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The next `times` requests of that kind meet the fault; those of the store's probe do not.
    func inject(_ fault: Fault, into operation: Operation, times: Int) {
        state.withLock {
            $0.fault = (fault, operation)
            $0.left = times
            $0.hits = 0
        }
    }

    func mend() { state.withLock { $0.fault = nil } }
    var hits: Int { state.withLock { $0.hits } }

    private func fault(for request: WireMessage) -> Fault? {
        let words = request.start.split(separator: " ").map(String.init)
        guard words.count == 3, !words[1].contains(".probe-") else { return nil }
        let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        let operation = Operation(method: words[0], target: words[1], headers: headers)
        return state.withLock { state in
            guard let (fault, wanted) = state.fault, wanted == operation, state.left > 0 else { return nil }
            state.left -= 1
            state.hits += 1
            return fault
        }
    }

    private func serve(_ client: Wire) {
        guard var request = WireMessage.read(from: client) else { return client.close() }
        let isHead = request.start.hasPrefix("HEAD ")
        guard let fault = fault(for: request) else {
            if let answer = forward(request) { client.write(answer.head() + answer.body) }
            return client.close()
        }
        if fault == .flippedByte, !request.body.isEmpty {
            request.body[request.body.count / 2] ^= 1
            if let answer = forward(request) { client.write(answer.head() + answer.body) }
            return client.close()
        }
        var answer: WireMessage?
        if fault == .loopingList {
            answer = state.withLock { $0.firstListing } ?? forward(request)
            state.withLock { $0.firstListing = answer }
        } else if fault.reachesServer {
            answer = forward(request)
        }
        if let (status, code, headers) = fault.answer {
            let body = "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>made by a test</Message></Error>"
            client.write(
                Data(
                    ("HTTP/1.1 \(status)\r\n\(headers)Content-Type: application/xml\r\nContent-Length: \(isHead ? 0 : body.utf8.count)\r\n"
                        + "Connection: close\r\n\r\n" + (isHead ? "" : body)).utf8))
            return client.close()
        }
        damage(client, fault, answer)
    }

    private func damage(_ client: Wire, _ fault: Fault, _ answer: WireMessage?) {
        switch fault {
        case .resetBefore: return client.reset()
        case .timeoutBefore, .timeoutAfter:
            client.hang()
            return client.close()
        default: break
        }
        guard var answer else { return client.close() }
        let head = answer.head()
        let half = answer.body.prefix(answer.body.count / 2)
        switch fault {
        case .resetMidBody:
            client.write(half.isEmpty ? head.prefix(20) : head + half)
            // So that the part arrives before the reset.
            usleep(20_000)
            client.reset()
        case .shortBody:
            client.write(half.isEmpty ? head.prefix(20) : head + half)
            client.close()
        case .shortBodyWithoutLength:
            client.write(half.isEmpty ? head.prefix(20) : answer.head(length: false) + half)
            client.close()
        case .flippedByte:
            if !answer.body.isEmpty { answer.body[answer.body.count / 2] ^= 1 }
            client.write(answer.head() + answer.body)
            client.close()
        case .trickle:
            for byte in head + answer.body {
                client.write(Data([byte]))
                if usleep(100_000) != 0 { break }
                // Nothing comes from a client that waits; an end does.
                var byte: UInt8 = 0
                if recv(client.socket, &byte, 1, Int32(MSG_DONTWAIT | MSG_PEEK)) == 0 { break }
            }
            client.close()
        case .loopingList:
            let text = String(decoding: answer.body, as: UTF8.self)
                .replacing(
                    "<IsTruncated>false</IsTruncated>",
                    with: "<IsTruncated>true</IsTruncated><NextContinuationToken>loop\(hits)</NextContinuationToken>"
                        + "<NextKeyMarker>loop</NextKeyMarker><NextUploadIdMarker>x</NextUploadIdMarker>")
            answer.body = Data(text.utf8)
            client.write(answer.head() + answer.body)
            client.close()
        default: client.close()
        }
    }

    private func forward(_ request: WireMessage) -> WireMessage? {
        guard let server = try? Wire.connect(port: upstream) else { return nil }  // seen by the client as an end
        defer { server.close() }
        server.write(request.head() + request.body)
        return WireMessage.read(from: server, isAnswerToHead: request.start.hasPrefix("HEAD "))
    }
}
