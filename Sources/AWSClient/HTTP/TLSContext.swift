// SPDX-License-Identifier: Apache-2.0

import CTLS

/// Whom we believe: the system's certificate authorities, or those of a file. TLS 1.2 at least.
///
/// `@unchecked`: OpenSSL's contexts may be used by many threads once they are set up, and this one never changes.
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    init(authorities file: String?) throws(TransportFailure) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw TransportFailure("TLS: no memory") }
        pointer = context
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        guard nightshift_tls_set_minimum(context) == 1 else { throw TransportFailure("TLS: version 1.2 is missing") }
        if let file {
            guard SSL_CTX_load_verify_locations(context, file, nil) == 1 else {
                throw TransportFailure("AWS_CA_BUNDLE: \(file) holds no certificates that can be read")
            }
        } else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw TransportFailure("TLS: the system's certificates cannot be found; set AWS_CA_BUNDLE")
            }
        }
    }

    deinit { SSL_CTX_free(pointer) }
}
