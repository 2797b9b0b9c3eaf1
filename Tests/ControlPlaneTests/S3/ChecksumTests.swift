// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ControlPlane

@Suite struct ChecksumTests {
    /// The check values of the catalogue of parametrised CRC algorithms, and of RFC 3174 and FIPS 180's own kind.
    @Test(
        "The checksum of 123456789 is the published one",
        arguments: [
            (ChecksumAlgorithm.crc32, "cbf43926"), (.crc32c, "e3069283"), (.crc64nvme, "ae8b14860a799888"),
            (.sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
            (.sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        ])
    func published(algorithm: ChecksumAlgorithm, value: String) {
        var checksum = Checksum(algorithm)
        Array("123456789".utf8).withUnsafeBytes { checksum.update($0) }
        #expect(checksum.finalize().map { String(format: "%02x", $0) }.joined() == value)
    }

    @Test("Eight bytes a step or one, cut anywhere: the same", arguments: CRC.Kind.allCases)
    func anyPieces(kind: CRC.Kind) {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
        var single = CRC(kind)
        for byte in bytes { [byte].withUnsafeBytes { single.update($0) } }
        for cut in 0...bytes.count {
            var crc = CRC(kind)
            bytes[..<cut].withUnsafeBytes { crc.update($0) }
            bytes[cut...].withUnsafeBytes { crc.update($0) }
            #expect(crc.bytes == single.bytes, "cut at \(cut)")
        }
    }
}
