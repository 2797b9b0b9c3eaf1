// SPDX-License-Identifier: Apache-2.0

/// A running cyclic redundancy check of the reflected kind, eight bytes a step.
struct CRC: Sendable {
    /// IEEE 802.3; Castagnoli; NVM Express.
    enum Kind: Hashable, Sendable, CaseIterable {
        case crc32, crc32c, crc64nvme

        fileprivate var polynomial: UInt64 {
            switch self {
            case .crc32: 0xEDB8_8320
            case .crc32c: 0x82F6_3B78
            case .crc64nvme: 0x9A6C_9329_AC4B_C9B5
            }
        }
        fileprivate var ones: UInt64 { self == .crc64nvme ? .max : 0xFFFF_FFFF }
        fileprivate var bytes: Int { self == .crc64nvme ? 8 : 4 }
        /// Eight tables of 256: what a byte does that so many bytes follow.
        fileprivate var tables: [UInt64] {
            switch self {
            case .crc32: Self.tablesOfCRC32
            case .crc32c: Self.tablesOfCRC32C
            case .crc64nvme: Self.tablesOfCRC64
            }
        }

        private static let tablesOfCRC32 = makeTables(Kind.crc32.polynomial)
        private static let tablesOfCRC32C = makeTables(Kind.crc32c.polynomial)
        private static let tablesOfCRC64 = makeTables(Kind.crc64nvme.polynomial)

        private static func makeTables(_ polynomial: UInt64) -> [UInt64] {
            var tables = [UInt64](repeating: 0, count: 8 * 256)
            for byte in 0..<256 {
                var value = UInt64(byte)
                for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
                tables[byte] = value
            }
            for index in 256..<(8 * 256) {
                let before = tables[index - 256]
                tables[index] = before >> 8 ^ tables[Int(before & 255)]
            }
            return tables
        }
    }

    let kind: Kind
    private var state: UInt64

    init(_ kind: Kind) {
        self.kind = kind
        state = kind.ones
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var value = state
        kind.tables.withUnsafeBufferPointer { tables in
            var index = 0
            while index + 8 <= bytes.count {
                value ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                value =
                    tables[1792 + Int(value & 255)] ^ tables[1536 + Int(value >> 8 & 255)]
                    ^ tables[1280 + Int(value >> 16 & 255)] ^ tables[1024 + Int(value >> 24 & 255)]
                    ^ tables[768 + Int(value >> 32 & 255)] ^ tables[512 + Int(value >> 40 & 255)]
                    ^ tables[256 + Int(value >> 48 & 255)] ^ tables[Int(value >> 56)]
                index += 8
            }
            while index < bytes.count {
                value = value >> 8 ^ tables[Int((value ^ UInt64(bytes[index])) & 255)]
                index += 1
            }
        }
        state = value
    }

    /// Most significant byte first.
    var bytes: [UInt8] {
        let value = state ^ kind.ones
        return (0..<kind.bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}
