// SPDX-License-Identifier: Apache-2.0

import AWSClient
import ProcessSupervision
import TrainingJobs

/// Whether a request was signed with the stage's own secret, where it has one; without one every request passes.
struct SignatureCheck: Sendable {
    private let secret: Secret?
    private let now: @Sendable () -> Instant

    init(_ secret: Secret?, now: @escaping @Sendable () -> Instant = { SystemClock.now() }) {
        self.secret = secret
        self.now = now
    }

    enum Verdict: Hashable, Sendable {
        case passed
        case unsigned
        /// Signed as S3 did before 2014; boto3 still signs addresses so, unless told otherwise.
        case outdated
        /// Signed with a key that the stage does not know.
        case otherKey
        case mismatch
        case expired(isPresigned: Bool)
        case malformed(String)
    }

    func verdict(on request: StageRequest, payloadHash: String?) -> Verdict {
        guard let secret else { return .passed }
        let presented = request.presented(payloadHash: payloadHash)
        var isPresigned = false
        if case .signed(let signature) = PresentedSignature.read(presented) {
            guard signature.accessKeyId == StageIdentity.accessKeyId else { return .otherKey }
            isPresigned = signature.isPresigned
        }
        switch SigV4.verifies(presented, with: secret, at: now()) {
        case .match: return .passed
        case .mismatch: return .mismatch
        case .expired: return .expired(isPresigned: isPresigned)
        case .malformed(let why): return .malformed(why)
        case .unsigned:
            return request.parameter("AWSAccessKeyId") != nil && request.parameter("Signature") != nil
                ? .outdated : .unsigned
        }
    }

    private static let mismatchWords =
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
        + "method."

    /// `nil` when it passed.
    static func reply(to verdict: Verdict, inJSON: Bool) -> ServiceReply? {
        let (json, query, message): (String, String, String)
        switch verdict {
        case .passed: return nil
        case .unsigned, .outdated:
            (json, query) = ("MissingAuthenticationTokenException", "MissingAuthenticationToken")
            message = "Missing Authentication Token"
        case .otherKey:
            (json, query) = ("UnrecognizedClientException", "InvalidClientTokenId")
            message = "The security token included in the request is invalid."
        case .mismatch:
            (json, query) = ("InvalidSignatureException", "SignatureDoesNotMatch")
            message = mismatchWords
        case .expired:
            (json, query) = ("InvalidSignatureException", "SignatureDoesNotMatch")
            message = "Signature expired: the request's time is too far from the server's."
        case .malformed(let why):
            (json, query) = ("IncompleteSignatureException", "IncompleteSignature")
            message = why
        }
        return inJSON
            ? .json(403, json, message) : .query(403, query, message, namespace: TokenService.namespace)
    }

    fileprivate static func s3Error(_ verdict: Verdict) -> S3Error? {
        switch verdict {
        case .passed: nil
        case .unsigned: S3Error(403, "AccessDenied", "Access Denied")
        case .outdated:
            S3Error.invalidRequest(
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
        case .otherKey:
            S3Error(
                403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        case .mismatch: S3Error(403, "SignatureDoesNotMatch", mismatchWords)
        case .expired(isPresigned: true): S3Error(403, "AccessDenied", "Request has expired")
        case .expired(isPresigned: false):
            S3Error(
                403, "RequestTimeTooSkewed",
                "The difference between the request time and the server's time is too large.")
        case .malformed(let why): S3Error(400, "AuthorizationHeaderMalformed", why)
        }
    }
}

extension S3Error {
    /// `nil` when the signature passed.
    init?(_ verdict: SignatureCheck.Verdict) {
        guard let error = SignatureCheck.s3Error(verdict) else { return nil }
        self = error
    }
}
