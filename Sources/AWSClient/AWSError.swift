// SPDX-License-Identifier: Apache-2.0

/// Why a call has no result. Nothing secret is in it; texts of the service are to be sanitised before a terminal.
package enum AWSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Asked again as often as is allowed, and still too much at once.
    case throttled(service: String, code: String)
    /// The service understood and said no: rights, signature, credentials that ran out.
    case denied(service: String, code: String, message: String)
    case service(service: String, status: Int, code: String, message: String)
    /// No answer.
    case unreachable(service: String, host: String, reason: String)
    /// An answer that is none.
    case malformed(service: String, what: String)
    case noCredentials([String])
    case badConfiguration(String)

    package var description: String {
        switch self {
        case .throttled(let service, let code):
            "\(service) has too many requests at the moment (\(code)); try again later"
        case .denied(let service, let code, let message): "\(service) refuses: \(message) (\(code))"
        case .service(let service, let status, let code, let message):
            "\(service) answered \(status) \(code): \(message)"
        case .unreachable(let service, let host, let reason): "\(service) cannot be reached at \(host): \(reason)"
        case .malformed(let service, let what): "\(service) answered something else than documented: \(what)"
        case .noCredentials(let tried):
            "no AWS credentials: " + tried.joined(separator: "; ")
                + "; set AWS_PROFILE, run: aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .badConfiguration(let problem): problem
        }
    }

    static let deniedCodes: Set = [
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthFailure", "UnrecognizedClientException",
        "InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException", "SignatureDoesNotMatch",
        "InvalidSignatureException", "MissingAuthenticationToken", "OptInRequired",
    ]
}
