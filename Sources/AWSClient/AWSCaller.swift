// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Calls AWS: finds the endpoint and the credentials, signs, asks again where that helps, and says in types why not.
///
/// It holds no rules of the business. A call may be repeated by it up to the settings' attempts, so an operation that
/// makes something needs a token of its own that makes it idempotent.
package actor AWSCaller {
    nonisolated let settings: AWSSettings
    private let transport: any AWSTransport
    private let time: AWSTime
    private let chain: CredentialChain
    private var retries: RetryRules
    /// What AWS's clock is ahead of this machine's.
    private var clockSkew = Duration.zero
    private let patience: Duration

    /// `patience` is for one attempt, from the first byte sent to the last one received.
    package init(
        settings: AWSSettings, transport: any AWSTransport, time: AWSTime, patience: Duration = .seconds(60)
    ) {
        self.settings = settings
        self.transport = transport
        self.time = time
        self.patience = patience
        chain = CredentialChain(settings: settings, transport: transport, time: time)
        retries = RetryRules(maximumAttempts: settings.maximumAttempts)
    }

    /// An operation of a service that speaks JSON 1.1; the answer's body.
    package func json(
        _ service: AWSService, region: String, operation: String, body: [UInt8]
    ) async throws(AWSError) -> [UInt8] {
        let request = AWSRequest(
            method: "POST", endpoint: try settings.endpoint(of: service, region: region),
            headers: [
                .init("Content-Type", "application/x-amz-json-1.1"),
                .init("X-Amz-Target", "\(service.target).\(operation)"),
            ], body: body)
        return try await call(service, region: region, request).body
    }

    /// An operation of a service that speaks forms and answers in XML; the answer's body.
    package func form(
        _ service: AWSService, region: String, operation: String, _ fields: [AWSRequest.Field]
    ) async throws(AWSError) -> [UInt8] {
        let all = [.init("Action", operation), .init("Version", service.version)] + fields
        let text = all.map { "\(AWSRequest.encoded($0.name))=\(AWSRequest.encoded($0.value))" }.joined(separator: "&")
        let request = AWSRequest(
            method: "POST", endpoint: try settings.endpoint(of: service, region: region),
            headers: [.init("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(text.utf8))
        return try await call(service, region: region, request).body
    }

    /// The answer to a request, when its status is one of success. One that is not `whole` is asked for again, like one
    /// that never came.
    package func call(
        _ service: AWSService, region: String, _ request: AWSRequest, payload: SigV4.Payload = .hashed,
        whole: @Sendable (AWSReply) -> Bool = { _ in true }
    ) async throws(AWSError) -> AWSReply {
        let signer = SigV4(service: service.signingName, region: service.signingRegion(region))
        var attempt = 1
        var corrections = 0, credentialsRenewed = false
        while true {
            let credentials = try await chain.credentials()
            let signed = signer.signed(request, with: credentials, at: time.now() + clockSkew, payload: payload)
            let failure: AWSError
            let problem: RetryRules.Problem?
            do {
                let reply = try await transport.send(signed, timeout: patience)
                let succeeded = (200..<300).contains(reply.status)
                if succeeded, whole(reply) {
                    retries.succeeded(afterRetry: attempt > 1)
                    return reply
                }
                let words = ErrorReply(reply)
                // Measured against the clock as it was corrected last: a date that was wrong can be taken back.
                if corrections < 2, let skew = words.skew(at: time.now() + clockSkew) {
                    clockSkew += skew
                    corrections += 1
                    continue
                }
                if ["ExpiredToken", "ExpiredTokenException"].contains(words.code) {
                    await chain.forget()
                    if !credentialsRenewed {
                        credentialsRenewed = true
                        continue
                    }
                }
                problem = succeeded ? .transient : RetryRules.problem(status: reply.status, code: words.code)
                failure =
                    succeeded && words.code.isEmpty
                    ? .malformed(service: service.id, what: "an answer that is not whole")
                    : words.error(of: service, throttled: problem == .throttled)
            } catch {
                problem = .timeout
                failure = .unreachable(service: service.id, host: request.authority, reason: error.description)
            }
            guard !Task.isCancelled, let problem,
                let wait = retries.wait(after: problem, attempt: attempt, chance: time.chance())
            else { throw failure }
            do { try await time.sleep(wait) } catch { throw failure }
            attempt += 1
        }
    }
}
