// SPDX-License-Identifier: Apache-2.0

import Digests
import FoundationEssentials
import TrainingJobs

/// What `aws sso login` left in `~/.aws/sso/cache`. It is read only: renewing a login needs a person or their tool.
struct SSOCache {
    struct Token: Decodable {
        var accessToken: Secret
        var expiration: Instant?

        private enum Key: String, CodingKey { case accessToken, expiresAt }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            accessToken = Secret(try container.decode(String.self, forKey: .accessToken))
            // Older tools wrote `UTC` for `Z`.
            let text = try container.decode(String.self, forKey: .expiresAt)
            expiration = Instant(iso8601: text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
        }
    }

    private let settings: AWSSettings

    init(_ settings: AWSSettings) { self.settings = settings }

    /// The name is the session's, or the start address where a profile has no session.
    func token(named name: String) -> Token? {
        guard let text = settings.readFile("\(settings.home)/.aws/sso/cache/\(Self.fileName(name)).json") else {
            return nil
        }
        return try? JSONDecoder().decode(Token.self, from: Data(text.utf8))  // a file of another kind is no login
    }

    /// The tools name the file by SHA-1; nothing is protected by it.
    static func fileName(_ name: String) -> String {
        SHA1.hex(of: Array(name.utf8))
    }
}
