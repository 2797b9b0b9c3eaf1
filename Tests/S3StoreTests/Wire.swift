// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A connected socket that blocks.
struct Wire: Sendable {
    let socket: Int32

    static func connect(port: Int) throws -> Wire {
        let wire = Wire(socket: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = loopback(port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(wire.socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            wire.close()
            throw CocoaError(.fileReadUnknown)
        }
        return wire
    }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }

    /// Nothing at the end.
    func read() -> Data {
        var data = Data(count: 1 << 16)
        let count = data.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        return count > 0 ? data.prefix(count) : Data()
    }

    func write(_ data: Data) {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = send(socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                if count <= 0 { return }
                sent += count
            }
        }
    }

    func close() { _ = Glibc.close(socket) }

    /// The other side sees "connection reset".
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    /// Until the other side gives up.
    func hang() { while !read().isEmpty {} }
}

/// A request or an answer: its first line, its headers, its body.
struct WireMessage: Sendable {
    var start: String
    var headers: [(name: String, value: String)]
    var body = Data()

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// `nil` when the connection ended first.
    static func read(from wire: Wire, isAnswerToHead: Bool = false) -> WireMessage? {
        var data = Data()
        let end = Data("\r\n\r\n".utf8)
        var found = data.range(of: end)
        while found == nil {
            let part = wire.read()
            if part.isEmpty { return nil }
            data += part
            found = data.range(of: end)
        }
        guard let found else { return nil }
        let lines = String(decoding: data[..<found.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var message = WireMessage(start: lines[0], headers: [])
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            if sides.count == 2 {
                message.headers.append((String(sides[0]), sides[1].trimmingCharacters(in: .whitespaces)))
            }
        }
        if message.start.contains(" 100 ") { return read(from: wire, isAnswerToHead: isAnswerToHead) }
        if message.header("expect") != nil { wire.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        message.body = Data(data[found.upperBound...])
        if isAnswerToHead { return message }
        if message.header("transfer-encoding")?.lowercased() == "chunked" {
            message.body = dechunked(message.body, wire)
        } else if let length = message.header("content-length").flatMap({ Int($0) }) {
            while message.body.count < length {
                let part = wire.read()
                if part.isEmpty { return nil }
                message.body += part
            }
        }
        return message
    }

    private static func dechunked(_ start: Data, _ wire: Wire) -> Data {
        var rest = start, body = Data()
        let newline = Data("\r\n".utf8)
        while true {
            while let line = rest.range(of: newline) {
                guard let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), size > 0
                else { return body }
                while rest.distance(from: line.upperBound, to: rest.endIndex) < size + 2 {
                    let part = wire.read()
                    if part.isEmpty { return body }
                    rest += part
                }
                body += rest[line.upperBound..<(line.upperBound + size)]
                rest = Data(rest[(line.upperBound + size + 2)...])
            }
            let part = wire.read()
            if part.isEmpty { return body }
            rest += part
        }
    }

    /// With `Connection: close`, and with the length of the body unless it is left out or stands already.
    func head(length: Bool = true, dropping dropped: Set<String> = []) -> Data {
        let own: Set = ["connection", "transfer-encoding", "expect"]
        var text = start + "\r\n"
        for (name, value) in headers where !own.union(dropped).contains(name.lowercased()) {
            if name.lowercased() == "content-length", !body.isEmpty || !length { continue }
            text += "\(name): \(value)\r\n"
        }
        if length, !body.isEmpty || header("content-length") == nil { text += "Content-Length: \(body.count)\r\n" }
        return Data((text + "Connection: close\r\n\r\n").utf8)
    }
}
