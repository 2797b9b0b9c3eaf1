// SPDX-License-Identifier: Apache-2.0

/// A keyed hash, RFC 2104 over SHA-256.
package enum HMAC {
    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? SHA256.digest(of: key).bytes : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let inner = SHA256.digest(of: block.map { $0 ^ 0x36 } + message).bytes
        return SHA256.digest(of: block.map { $0 ^ 0x5c } + inner).bytes
    }
}
