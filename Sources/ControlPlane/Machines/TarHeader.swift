// SPDX-License-Identifier: Apache-2.0

/// One 512-byte header of a tar archive: ustar, pax and GNU.
struct TarHeader {
    enum Kind: Hashable {
        case file
        case directory
        case symbolicLink
        case hardLink
        /// Says more of the entry that follows.
        case extended
        case longName
        case longLink
        /// Says something of all that follows, of which nothing matters here.
        case global
        case other(UInt8)
    }

    static let size = 512

    var name: String
    var link: String
    var bytes: Int64
    var mode: UInt32
    var kind: Kind

    struct Damaged: Error, CustomStringConvertible {
        var description: String { "it is not a tar archive, or a damaged one" }
    }

    /// `nil` for a block of zeros, which ends an archive.
    init?(_ block: [UInt8]) throws {
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard block.count == Self.size, let told = Self.number(block[148..<156]) else { throw Damaged() }
        let sum = block.enumerated().reduce(Int64(0)) {
            $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element))
        }
        guard sum == told, let size = Self.number(block[124..<136]), size >= 0,
            let mode = Self.number(block[100..<108])
        else { throw Damaged() }
        bytes = size
        self.mode = UInt32(truncatingIfNeeded: mode)
        var name = Self.text(block[0..<100])
        // Only ustar has a prefix there; GNU has times.
        if Self.text(block[257..<263]) == "ustar" {
            let prefix = Self.text(block[345..<500])
            if !prefix.isEmpty { name = prefix + "/" + name }
        }
        self.name = name
        link = Self.text(block[157..<257])
        switch block[156] {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = .file
        case UInt8(ascii: "1"): kind = .hardLink
        case UInt8(ascii: "2"): kind = .symbolicLink
        case UInt8(ascii: "5"): kind = .directory
        case UInt8(ascii: "x"): kind = .extended
        case UInt8(ascii: "g"): kind = .global
        case UInt8(ascii: "L"): kind = .longName
        case UInt8(ascii: "K"): kind = .longLink
        case let other: kind = .other(other)
        }
        if kind == .file, name.hasSuffix("/") { kind = .directory }
    }

    /// Takes what an extended header said.
    mutating func apply(_ extended: [String: String]) throws {
        if let path = extended["path"] { name = path }
        if let path = extended["linkpath"] { link = path }
        if let text = extended["size"] {
            guard let size = Int64(text), size >= 0 else { throw Damaged() }
            bytes = size
        }
    }

    /// The records of an extended header: `27 path=some/file\n`.
    static func extended(_ bytes: [UInt8]) throws -> [String: String] {
        var found: [String: String] = [:]
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")) {
            guard let length = Int(String(decoding: rest[rest.startIndex..<space], as: UTF8.self)), length > 0,
                length <= rest.count, space - rest.startIndex < length
            else { throw Damaged() }
            let record = rest[(space + 1)..<(rest.startIndex + length)]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")), record.last == UInt8(ascii: "\n") else {
                throw Damaged()
            }
            found[String(decoding: record[..<equals], as: UTF8.self)] = String(
                decoding: record[(equals + 1)...].dropLast(), as: UTF8.self)
            rest = rest.dropFirst(length)
        }
        return found
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// Octal digits, or GNU's base 256 for what is too large for them.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        if let first = bytes.first, first & 0x80 != 0 {
            guard first & 0x40 == 0 else { return nil }
            var value: Int64 = Int64(first & 0x3f)
            for byte in bytes.dropFirst() {
                let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
                guard !overflow else { return nil }
                value = shifted + Int64(byte)
            }
            return value
        }
        let digits = text(bytes).drop { $0 == " " }.prefix { $0 != " " }
        return digits.isEmpty ? 0 : Int64(digits, radix: 8)
    }
}
