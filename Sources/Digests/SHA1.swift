// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// For names that other programs chose; it protects nothing.
package enum SHA1 {
    /// 40 lower-case hexadecimal digits.
    package static func hex(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        precondition(EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil) == 1, "libcrypto offers no SHA-1")
        return Hexadecimal.text(digest)
    }
}
