// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One request and its answer over one connection: HTTP/1.1, and no more of it than services need.
struct HTTPExchange {
    private let connection: HTTPConnection
    private var buffer: [UInt8] = []
    private var start = 0
    private static let headLimit = 64 << 10
    private static let bodyLimit = 64 << 20

    /// Whether a byte of an answer came.
    private(set) var hasBegun = false
    /// Whether another exchange may follow on the connection.
    private(set) var mayFollow = false

    init(_ connection: HTTPConnection) { self.connection = connection }

    /// `target` as it stands in the first line.
    mutating func run(
        _ request: AWSRequest, target: String, extra: [AWSRequest.Field] = []
    ) throws(TransportFailure) -> AWSReply {
        let head = try Self.head(request, target: target, extra)
        do throws(TransportFailure) {
            try Self.write(Array(head.utf8), to: connection)
            try Self.write(request.body, to: connection)
        } catch {
            // A server that refuses says so before it has read all of it.
            guard let reply = try? answer(to: request.method) else { throw error }  // the first error counts
            mayFollow = false
            return reply
        }
        return try answer(to: request.method)
    }

    private static func head(
        _ request: AWSRequest, target: String, _ extra: [AWSRequest.Field]
    ) throws(TransportFailure) -> String {
        var fields = request.headers + extra
        if request["Host"] == nil { fields.insert(.init("Host", request.authority), at: 0) }
        if request["User-Agent"] == nil { fields.append(.init("User-Agent", "nightshift")) }
        if !request.body.isEmpty || ["PUT", "POST"].contains(request.method) {
            fields.append(.init("Content-Length", String(request.body.count)))
        }
        var head = "\(request.method) \(target) HTTP/1.1\r\n"
        for field in fields {
            guard !(field.name + field.value).utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) else {
                throw TransportFailure("a header with a line break")
            }
            head += "\(field.name): \(field.value)\r\n"
        }
        return head + "\r\n"
    }

    private static func write(_ bytes: [UInt8], to connection: HTTPConnection) throws(TransportFailure) {
        if bytes.isEmpty { return }
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(TransportFailure) in try connection.write(bytes) }
        }
        try result.get()
    }

    private mutating func answer(to method: String) throws(TransportFailure) -> AWSReply {
        var reply = try readHead()
        // "Continue" and its like come before the answer.
        while (100..<200).contains(reply.status) { reply = try readHead() }
        if method == "HEAD" || reply.status == 204 || reply.status == 304 {
            // No body.
        } else if reply.header("Transfer-Encoding")?.lowercased() == "chunked" {
            reply.body = try readChunks()
        } else if let text = reply.header("Content-Length") {
            let lengths = Set(reply.headers.filter { $0.name.lowercased() == "content-length" }.map(\.value))
            guard lengths.count == 1, let length = Int(text), (0...Self.bodyLimit).contains(length) else {
                throw TransportFailure("an answer of a length that is not possible: \(text)")
            }
            reply.body = try read(length)
        } else {
            mayFollow = false
            reply.body = try readToEnd()
        }
        return reply
    }

    private mutating func readHead() throws(TransportFailure) -> AWSReply {
        var lines: [String] = []
        var size = 0
        while true {
            let line = try readLine()
            size += line.utf8.count + 2
            guard size < Self.headLimit else { throw TransportFailure("an answer whose headers do not end") }
            if line.isEmpty { break }
            lines.append(line)
        }
        guard let first = lines.first, let match = first.wholeMatch(of: /HTTP\/1\.([01]) ([0-9]{3})(?: .*)?/),
            let status = Int(match.output.2)
        else { throw TransportFailure("not an answer in HTTP") }
        var reply = AWSReply(status: status)
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw TransportFailure("a header that is none")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            reply.headers.append(.init(String(line[..<colon]), String(value)))
        }
        let words = reply.header("Connection")?.lowercased() ?? ""
        mayFollow = match.output.1 == "1" && !words.contains("close")
        return reply
    }

    private mutating func readLine() throws(TransportFailure) -> String {
        while true {
            let length = buffer.withUnsafeBytes { bytes -> Int? in
                guard start < bytes.count, let base = bytes.baseAddress else { return nil }
                return memchr(base + start, 10, bytes.count - start).map { UnsafeRawPointer($0) - (base + start) }
            }
            if let length {
                var line = buffer[start..<(start + length)]
                start += length + 1
                if line.last == 13 { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            guard buffer.count - start < Self.headLimit else { throw TransportFailure("a line that does not end") }
            guard try fill() > 0 else { throw TransportFailure("the connection ended before the answer did") }
        }
    }

    private mutating func readChunks() throws(TransportFailure) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try readLine()
            let digits = line.prefix { $0.isHexDigit }
            guard digits.count < 9, let size = Int(digits, radix: 16), body.count + size <= Self.bodyLimit else {
                throw TransportFailure("a chunk of a size that is not possible")
            }
            if size == 0 { break }
            body += try read(size)
            guard try readLine().isEmpty else { throw TransportFailure("a chunk that does not end") }
        }
        while try !readLine().isEmpty {}
        return body
    }

    private mutating func read(_ count: Int) throws(TransportFailure) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(count)
        while body.count < count {
            if start == buffer.count, try fill() == 0 {
                throw TransportFailure("the connection ended after \(body.count) of \(count) bytes")
            }
            let end = min(buffer.count, start + count - body.count)
            body += buffer[start..<end]
            start = end
        }
        return body
    }

    private mutating func readToEnd() throws(TransportFailure) -> [UInt8] {
        while try fill() > 0 {
            guard buffer.count <= Self.bodyLimit else { throw TransportFailure("an answer that is too long") }
        }
        return Array(buffer[start...])
    }

    /// Reads on; what was used up is let go.
    private mutating func fill() throws(TransportFailure) -> Int {
        var failure: TransportFailure?
        let part = [UInt8](unsafeUninitializedCapacity: 256 << 10) { bytes, count in
            do throws(TransportFailure) {
                count = try connection.read(into: UnsafeMutableRawBufferPointer(bytes))
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        buffer = start == buffer.count ? part : buffer[start...] + part
        start = 0
        if !part.isEmpty { hasBegun = true }
        return part.count
    }
}
