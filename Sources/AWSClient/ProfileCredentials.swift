// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingJobs

/// Credentials that a profile of the shared files leads to: a role by way of another profile or of the machine, a web
/// identity, an SSO session, keys, a program.
struct ProfileCredentials: Sendable {
    let settings: AWSSettings
    let remote: RemoteCredentials
    let process: CredentialProcess

    /// `nil` when the profile has none of it.
    func credentials() async throws(AWSError) -> Credentials? {
        try await credentials(of: settings.profile, on: [])
    }

    /// `chain` are the profiles that lead here.
    private func credentials(of profile: String, on chain: [String]) async throws(AWSError) -> Credentials? {
        try check(profile, chain)
        // A profile that others take keys from gives its own before it takes a role.
        if !chain.isEmpty, let keys = try keys(of: profile) { return keys }
        func value(_ key: String) -> String? { settings.value(key, of: profile) }
        if let role = value("role_arn") {
            if value("source_profile") != nil || value("credential_source") != nil {
                return try await assumed(role, profile, chain)
            }
            guard let file = value("web_identity_token_file") else {
                throw .badConfiguration(
                    "profile \(profile): role_arn needs source_profile, credential_source or web_identity_token_file")
            }
            return try await remote.fromWebIdentity(
                file: file, role: role, session: value("role_session_name"), named: "profile \(profile)")
        }
        if let found = try await remote.fromSSO(profile) { return found }
        if let keys = try keys(of: profile) { return keys }
        return try await fromProcess(profile)
    }

    private func check(_ profile: String, _ chain: [String]) throws(AWSError) {
        guard !settings.has(profile) else { return }
        if let user = chain.last {
            throw .badConfiguration("profile \(user): source_profile: there is no profile \"\(profile)\"")
        }
        if settings.profileIsNamed {
            throw .badConfiguration("AWS_PROFILE: there is no profile \"\(profile)\" in the config or credentials file")
        }
    }

    private func assumed(_ role: String, _ profile: String, _ chain: [String]) async throws(AWSError) -> Credentials {
        func value(_ key: String) -> String? { settings.value(key, of: profile) }
        if value("mfa_serial") != nil {
            throw .badConfiguration(
                "profile \(profile): mfa_serial: a code cannot be asked for at night; export keys with: "
                    + "aws configure export-credentials")
        }
        let base: Credentials
        switch (value("source_profile"), value("credential_source")) {
        case (let source?, nil):
            if source == profile, let keys = try keys(of: profile) {
                base = keys
            } else if (chain + [profile]).contains(source) {
                throw .badConfiguration(
                    "source_profile: the profiles lead in a circle: "
                        + (chain + [profile, source]).joined(separator: " → "))
            } else if let found = try await credentials(of: source, on: chain + [profile]) {
                base = found
            } else {
                throw .badConfiguration("profile \(profile): source_profile \(source) has no credentials")
            }
        case (nil, let place?): base = try await fromSource(place, profile)
        default:
            throw .badConfiguration("profile \(profile): source_profile and credential_source exclude each other")
        }
        return try await remote.assume(
            role, with: base, session: value("role_session_name"), externalId: value("external_id"),
            seconds: value("duration_seconds"), profile: profile)
    }

    private func fromSource(_ place: String, _ profile: String) async throws(AWSError) -> Credentials {
        let found: Credentials?
        switch place {
        case "Environment": found = try settings.environmentCredentials()
        case "Ec2InstanceMetadata": found = await remote.fromInstance()
        case "EcsContainer": found = try await remote.fromContainer()
        default:
            throw .badConfiguration(
                "profile \(profile): credential_source: Environment, Ec2InstanceMetadata or EcsContainer, "
                    + "not \"\(place)\"")
        }
        guard let found else {
            throw .noCredentials(["profile \(profile): credential_source \(place) has none"])
        }
        return found
    }

    private func keys(of profile: String) throws(AWSError) -> Credentials? {
        let places = [
            (settings.sharedCredentials, profile), (settings.config, settings.config.profileSection(profile)),
        ]
        for (file, section) in places {
            let key = file.value("aws_access_key_id", in: section)
            let secret = file.value("aws_secret_access_key", in: section)
            guard key != nil || secret != nil else { continue }
            guard let key, let secret else {
                throw .badConfiguration(
                    "profile \(profile): aws_access_key_id and aws_secret_access_key belong together; only one is set")
            }
            return Credentials(
                accessKeyId: key, secretAccessKey: Secret(secret),
                sessionToken: file.value("aws_session_token", in: section).map { Secret($0) }, expiration: nil,
                source: "profile \(profile)")
        }
        return nil
    }

    private func fromProcess(_ profile: String) async throws(AWSError) -> Credentials? {
        guard let command = settings.value("credential_process", of: profile) else { return nil }
        func broken(_ why: String) -> AWSError {
            .badConfiguration("profile \(profile): credential_process: \(why)")
        }
        guard let words = CommandWords.split(command), !words.isEmpty else { throw broken("a quotation does not end") }
        struct Document: Decodable {
            var version: Int, key: String, secret: String, token: String?, expiration: String?
            enum CodingKeys: String, CodingKey {
                case version = "Version", key = "AccessKeyId", secret = "SecretAccessKey", token = "SessionToken"
                case expiration = "Expiration"
            }
        }
        switch await process.run(words) {
        case .failure(let failure): throw broken(failure.reason)
        case .success(let bytes):
            guard let found = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {  // told below
                throw broken("it did not write JSON with Version, AccessKeyId and SecretAccessKey")
            }
            guard found.version == 1 else { throw broken("Version 1 is understood, not \(found.version)") }
            let expiration = found.expiration.flatMap { Instant(iso8601: $0) }
            if found.expiration != nil, expiration == nil { throw broken("Expiration is no time") }
            return Credentials(
                accessKeyId: found.key, secretAccessKey: Secret(found.secret),
                sessionToken: found.token.map { Secret($0) }, expiration: expiration,
                source: "program of profile \(profile)")
        }
    }
}
