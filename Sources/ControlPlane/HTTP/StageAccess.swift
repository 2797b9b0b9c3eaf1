// SPDX-License-Identifier: Apache-2.0

package import AWSClient
import Digests
import TrainingJobs

/// Who may ask the stage anything.
package struct StageAccess: Sendable {
    /// The address it listens on.
    package var address: String
    /// Everybody has to show it, where there is one.
    package var token: Secret?
    /// Requests have to be signed with it, where there is one.
    package var secret: Secret?

    package init(address: String, token: Secret?, secret: Secret?) {
        self.address = address
        self.token = token
        self.secret = secret
    }

    package static let loopback: Set = ["127.0.0.1", "::1", "localhost"]

    /// Whether nobody but this machine can reach it.
    package var isLocal: Bool { Self.loopback.contains(address) || address.hasPrefix("127.") }

    enum Verdict: Hashable, Sendable {
        case welcome
        /// The name that the client used is none of ours: a page in a browser was led here.
        case misdirected
        case unauthorized
    }

    /// Before anything of the request is believed. Loopback's names are answered to; with an address of one's own that
    /// too, and any literal address, which no page can be led to by a name.
    func verdict(on request: StageRequest) -> Verdict {
        guard let name = Self.hostName(request.host) else { return .misdirected }
        let isOurs =
            Self.loopback.contains(name) || name.hasPrefix("127.") && Self.isLiteral(name) || name == address
            || !isLocal && Self.isLiteral(name)
        guard isOurs else { return .misdirected }
        guard let token else { return .welcome }
        let shown = [
            request.header("authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil },
            // What SDKs send along as AWS_SESSION_TOKEN, in a header or in a presigned address.
            request.header("x-amz-security-token"),
            request.parameters.first { $0.name.lowercased() == "x-amz-security-token" }?.value,
        ]
        return shown.contains { Self.isEqual($0, token) } ? .welcome : .unauthorized
    }

    /// In a time that tells nothing of the token.
    private static func isEqual(_ shown: String?, _ token: Secret) -> Bool {
        guard let shown else { return false }
        let (one, other) = (
            SHA256.digest(of: Array(shown.utf8)).bytes, SHA256.digest(of: Array(token.revealed.utf8)).bytes
        )
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Without the port and brackets, in small letters; `nil` when it is no host.
    private static func hostName(_ host: String) -> String? {
        let pattern = /(?:\[([0-9a-f:.]+)\]|([a-z0-9.\-]+?))\.?(?::[0-9]{1,5})?/
        guard let match = host.lowercased().wholeMatch(of: pattern) else { return nil }
        return (match.output.1 ?? match.output.2).map(String.init)
    }

    private static func isLiteral(_ name: String) -> Bool {
        name.contains(":") || name.wholeMatch(of: /[0-9]{1,3}(\.[0-9]{1,3}){3}/) != nil
    }
}
