// SPDX-License-Identifier: Apache-2.0

/// Takes bodies apart that are sent as `Content-Encoding: aws-chunked`: frames with their size in hexadecimal, then
/// trailers. A pure value: bytes in, payload out.
///
/// Signatures of single chunks are read over; what they protect, the checksum in the trailer protects too.
struct AWSChunkedDecoder: Sendable {
    private enum State: Hashable {
        case size
        case data(left: Int)
        /// The line break after a frame's bytes.
        case afterData
        case trailer
        case done
    }

    private static let longestLine = 4096
    private static let mostTrailers = 16
    private var state = State.size
    private var line: [UInt8] = []
    private var trailerLines = 0
    /// By their names in small letters; complete when `isDone`.
    private(set) var trailers: [String: String] = [:]

    var isDone: Bool { state == .done }

    /// Hands the payload that the bytes hold to `payload`, in pieces.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, payload: (UnsafeRawBufferPointer) throws -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .data(let left):
                let piece = rest.prefix(left)
                try payload(UnsafeRawBufferPointer(rebasing: piece))
                rest = rest.dropFirst(piece.count)
                state = left == piece.count ? .afterData : .data(left: left - piece.count)
            case .done:
                throw S3Error.invalidRequest("The body goes on after its last chunk.")
            case .size, .afterData, .trailer:
                guard let text = try takeLine(&rest) else { return }
                try read(text)
            }
        }
    }

    private mutating func takeLine(_ rest: inout Slice<UnsafeRawBufferPointer>) throws -> String? {
        let end = rest.firstIndex(of: 10) ?? rest.endIndex
        line += rest[..<end]
        guard line.count <= Self.longestLine else { throw S3Error.invalidRequest("A chunk's first line is too long.") }
        guard end < rest.endIndex else {
            rest = rest[end...]
            return nil
        }
        rest = rest[(end + 1)...]
        if line.last == 13 { line.removeLast() }
        defer { line = [] }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw S3Error.invalidRequest("A chunk's first line is no text.")
        }
        return text
    }

    private mutating func read(_ text: String) throws {
        switch state {
        case .size:
            let digits = text.prefix { $0 != ";" }
            guard (1...15).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let size = Int(digits, radix: 16)
            else { throw S3Error.invalidRequest("A chunk's size is not a hexadecimal number.") }
            state = size == 0 ? .trailer : .data(left: size)
        case .afterData:
            guard text.isEmpty else { throw S3Error.invalidRequest("A chunk is longer than it says.") }
            state = .size
        case .trailer:
            if text.isEmpty {
                state = .done
                return
            }
            trailerLines += 1
            guard let colon = text.firstIndex(of: ":"), trailerLines <= Self.mostTrailers else {
                throw S3Error.invalidRequest("A trailer is no header field.")
            }
            trailers[text[..<colon].lowercased()] = String(text[colon...].dropFirst().drop { $0 == " " })
        case .data, .done: preconditionFailure("no line is read in \(state)")
        }
    }
}
