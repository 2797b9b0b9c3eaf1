// SPDX-License-Identifier: Apache-2.0

/// What a person told AWS's tools, read once: the environment first, then the profile.
package struct AWSSettings: Sendable {
    package let environment: [String: String]
    package let config: SharedConfig
    package let sharedCredentials: SharedConfig
    /// Where `.aws` lies.
    package let home: String
    /// Reads a small file; `nil` when it is not there.
    package let readFile: @Sendable (String) -> String?

    package init(environment: [String: String], home: String, readFile: @escaping @Sendable (String) -> String?) {
        self.environment = environment
        self.home = home
        self.readFile = readFile
        func path(_ name: String, _ standard: String) -> String {
            let path = environment[name].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.aws/\(standard)"
            return path.hasPrefix("~/") ? home + path.dropFirst() : path
        }
        config = readFile(path("AWS_CONFIG_FILE", "config")).map { SharedConfig($0) } ?? SharedConfig()
        sharedCredentials =
            readFile(path("AWS_SHARED_CREDENTIALS_FILE", "credentials")).map { SharedConfig($0) } ?? SharedConfig()
    }

    package func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    package var profile: String { variable("AWS_PROFILE") ?? variable("AWS_DEFAULT_PROFILE") ?? "default" }
    /// Whether a person named the profile: then it has to be there.
    package var profileIsNamed: Bool { profile != "default" }

    package func profileValue(_ key: String) -> String? { value(key, of: profile) }

    func value(_ key: String, of profile: String) -> String? {
        sharedCredentials.value(key, in: profile) ?? config.value(key, in: config.profileSection(profile))
    }

    func has(_ profile: String) -> Bool {
        sharedCredentials.has(profile) || config.has(config.profileSection(profile))
    }

    package var region: String? {
        variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profileValue("region")
    }

    /// From `AWS_MAX_ATTEMPTS` or `max_attempts`, else 3.
    package var maximumAttempts: Int {
        (variable("AWS_MAX_ATTEMPTS") ?? profileValue("max_attempts")).flatMap { Int($0) }.map { min(max(1, $0), 20) }
            ?? 3
    }

    /// Where a service answers: `AWS_ENDPOINT_URL_<ID>`, the profile's `services` section, `AWS_ENDPOINT_URL`, the
    /// profile's `endpoint_url`, else AWS itself. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` switches all of them off.
    package func endpoint(of service: AWSService, region: String) throws(AWSError) -> AWSEndpoint {
        let ignored = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? profileValue("ignore_configured_endpoint_urls")
        if ignored?.lowercased() != "true" {
            let section = profileValue("services").map { "services \($0)" }
            let candidates: [(String, String?)] = [
                ("AWS_ENDPOINT_URL_\(service.id)", variable("AWS_ENDPOINT_URL_\(service.id)")),
                (
                    "endpoint_url of \(service.id.lowercased()) in the config file",
                    section.flatMap { config.value("\(service.id.lowercased()).endpoint_url", in: $0) }
                ),
                ("AWS_ENDPOINT_URL", variable("AWS_ENDPOINT_URL")),
                ("endpoint_url in the config file", profileValue("endpoint_url")),
            ]
            for (name, text) in candidates {
                guard let text else { continue }
                guard let endpoint = AWSEndpoint(text) else {
                    throw .badConfiguration("\(name): must be as https://host:port, without a path, not \"\(text)\"")
                }
                return endpoint
            }
        }
        guard let endpoint = AWSEndpoint(service: service, region: region) else {
            throw .badConfiguration("region: \"\(region)\" is no name of a region; one is as eu-west-1")
        }
        return endpoint
    }
}

extension AWSSettings {
    /// `nil` when the environment has none.
    func environmentCredentials() throws(AWSError) -> Credentials? {
        let key = variable("AWS_ACCESS_KEY_ID"), secret = variable("AWS_SECRET_ACCESS_KEY")
        guard key != nil || secret != nil else { return nil }
        guard let key, let secret else {
            throw .badConfiguration(
                "environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together; only one is set")
        }
        return Credentials(
            accessKeyId: key, secretAccessKey: Secret(secret),
            sessionToken: variable("AWS_SESSION_TOKEN").map { Secret($0) }, expiration: nil, source: "environment")
    }
}
