// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Finds credentials where AWS's own tools do, in their order, and asks anew when they are about to run out.
///
/// Environment, web identity, the profile's SSO session, the profile's keys, the container endpoint, the instance's metadata service.
/// A place that is configured and broken ends the search: to go on would be to act as somebody else.
package actor CredentialChain {
    private let settings: AWSSettings
    private let transport: any AWSTransport
    private let time: AWSTime
    private var known: Credentials?

    package init(settings: AWSSettings, transport: any AWSTransport, time: AWSTime) {
        self.settings = settings
        self.transport = transport
        self.time = time
    }

    package func credentials() async throws(AWSError) -> Credentials {
        if let known, known.isUsable(at: time.now()) { return known }
        if let found = try fromEnvironment() { return keep(found) }
        try checkProfile()
        let remote = RemoteCredentials(settings: settings, transport: transport, time: time)
        if let found = try await remote.fromWebIdentity() { return keep(found) }
        if let found = try await remote.fromSSO() { return keep(found) }
        if let found = try fromProfile() { return keep(found) }
        var tried = ["none in the environment, none in profile \(settings.profile)"]
        if let found = try await remote.fromContainer() { return keep(found) }
        if settings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" {
            tried.append("the instance's metadata service is switched off")
        } else if let found = await remote.fromInstance() {
            return keep(found)
        } else {
            tried.append("no instance metadata service with a role")
        }
        throw .noCredentials(tried)
    }

    /// The service says that they are no longer good.
    func forget() { known = nil }

    private func keep(_ found: Credentials) -> Credentials {
        known = found
        return found
    }

    private func fromEnvironment() throws(AWSError) -> Credentials? {
        let key = settings.variable("AWS_ACCESS_KEY_ID"), secret = settings.variable("AWS_SECRET_ACCESS_KEY")
        guard key != nil || secret != nil else { return nil }
        guard let key, let secret else {
            throw .badConfiguration(
                "environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together; only one is set")
        }
        return Credentials(
            accessKeyId: key, secretAccessKey: Secret(secret),
            sessionToken: settings.variable("AWS_SESSION_TOKEN").map { Secret($0) }, expiration: nil,
            source: "environment")
    }

    /// A profile that takes a role has keys for that alone: to use them as they are would be to act as somebody else.
    private func checkProfile() throws(AWSError) {
        let profile = settings.profile
        let section = settings.config.profileSection(profile)
        if settings.profileIsNamed, !settings.config.has(section), !settings.sharedCredentials.has(profile) {
            throw .badConfiguration("AWS_PROFILE: there is no profile \"\(profile)\" in the config or credentials file")
        }
        if settings.profileValue("role_arn") != nil { throw unsupported("role_arn") }
    }

    private func unsupported(_ key: String) -> AWSError {
        .badConfiguration(
            "profile \(settings.profile): \(key) is not supported yet; export keys with: aws configure export-credentials"
        )
    }

    private func fromProfile() throws(AWSError) -> Credentials? {
        let profile = settings.profile
        let section = settings.config.profileSection(profile)
        let places = [(settings.sharedCredentials, profile), (settings.config, section)]
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
        if settings.profileValue("credential_process") != nil { throw unsupported("credential_process") }
        return nil
    }
}
