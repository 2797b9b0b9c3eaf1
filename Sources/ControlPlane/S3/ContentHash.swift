// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A running hash of libcrypto's: fed in parts, finished once.
struct ContentHash: ~Copyable {
    enum Kind: Hashable, Sendable {
        /// Entity tags and `Content-MD5` are defined by it; it protects nothing.
        case md5
        case sha1

        fileprivate var method: OpaquePointer? {
            switch self {
            case .md5: EVP_md5()
            case .sha1: EVP_sha1()
            }
        }
    }

    private let context: OpaquePointer

    init(_ kind: Kind) {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, kind.method, nil) == 1 else {
            preconditionFailure("libcrypto offers no \(kind)")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "a hash refused \(bytes.count) bytes")
    }

    consuming func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        precondition(EVP_DigestFinal_ex(context, &digest, &count) == 1, "a hash did not finish")
        return Array(digest.prefix(Int(count)))
    }

    static func digest(_ kind: Kind, of bytes: [UInt8]) -> [UInt8] {
        var hash = ContentHash(kind)
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finalize()
    }
}
