// SPDX-License-Identifier: Apache-2.0

import Digests
import Foundation

/// The checksums that clients send with objects, all of them verified.
enum ChecksumAlgorithm: String, Hashable, Sendable, CaseIterable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case sha1 = "SHA1"
    case sha256 = "SHA256"

    var header: String { "x-amz-checksum-" + rawValue.lowercased() }
    /// As the member of an XML document: `ChecksumCRC32`.
    var element: String { "Checksum" + rawValue }

    init?(header: String) {
        guard let found = Self.allCases.first(where: { $0.header == header.lowercased() }) else { return nil }
        self = found
    }
}

/// A running checksum.
struct Checksum: ~Copyable {

    let algorithm: ChecksumAlgorithm
    private var crc: CRC?
    private var sha1: ContentHash?
    private var sha256: SHA256?

    init(_ algorithm: ChecksumAlgorithm) {
        self.algorithm = algorithm
        crc = nil
        sha1 = nil
        sha256 = nil
        switch algorithm {
        case .crc32: crc = CRC(.crc32)
        case .crc32c: crc = CRC(.crc32c)
        case .crc64nvme: crc = CRC(.crc64nvme)
        case .sha1: sha1 = ContentHash(.sha1)
        case .sha256: sha256 = SHA256()
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        crc?.update(bytes)
        sha1?.update(bytes)
        sha256?.update(bytes)
    }

    consuming func finalize() -> [UInt8] {
        if let crc { return crc.bytes }
        if let sha1 { return sha1.finalize() }
        if let sha256 { return sha256.finalize().bytes }
        preconditionFailure("a checksum of no kind")
    }

    static func base64(_ algorithm: ChecksumAlgorithm, of bytes: [UInt8]) -> String {
        var checksum = Checksum(algorithm)
        bytes.withUnsafeBytes { checksum.update($0) }
        return Data(checksum.finalize()).base64EncodedString()
    }
}
