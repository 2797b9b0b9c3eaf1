// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a request is signed with.
package struct Credentials: Hashable, Sendable {
    package var accessKeyId: String
    package var secretAccessKey: Secret
    package var sessionToken: Secret?
    /// `nil` for keys that do not run out.
    package var expiration: Instant?
    /// Where they were found, for messages: `environment`, `profile default`, …
    package var source: String

    package init(
        accessKeyId: String, secretAccessKey: Secret, sessionToken: Secret?, expiration: Instant?, source: String
    ) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.source = source
    }

    /// Five minutes are kept in hand, as the SDKs do, for requests that are under way.
    func isUsable(at now: Instant) -> Bool { expiration.map { $0 > now + .minutes(5) } ?? true }
}
