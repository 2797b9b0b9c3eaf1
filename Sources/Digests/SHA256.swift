// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A running SHA-256: fed in parts, finished once.
///
/// The system's libcrypto computes it, because it uses the processor's SHA instructions; a checkpoint of 10 GB is hashed
/// twice on its way into the store.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        // EVP_MD_CTX_new and the digest calls below fail only when memory is exhausted or SHA-256 is switched off.
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto offers no SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "SHA-256 refused \(bytes.count) bytes")
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    package consuming func finalize() -> Digest {
        var digest = [UInt8](repeating: 0, count: 32)
        precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "SHA-256 did not finish")
        return Digest(bytes: digest)
    }

    package static func digest(of bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }

    /// 64 lower-case hexadecimal digits.
    package static func hex(of bytes: [UInt8]) -> String { digest(of: bytes).hex }
}
