// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Finds credentials where AWS's own tools do, in their order, and asks anew when they are about to run out.
///
/// Environment, web identity of the environment, the profile (a role, a web identity, an SSO session, keys, a program),
/// the container endpoint, the instance's metadata service. A place that is configured and broken ends the search: to
/// go on would be to act as somebody else.
package actor CredentialChain {
    private let settings: AWSSettings
    private let transport: any AWSTransport
    private let time: AWSTime
    private let process: CredentialProcess
    private var known: Credentials?
    /// A search that is under way, so that many calls at once make one.
    private var search: Task<Result<Credentials, AWSError>, Never>?

    package init(
        settings: AWSSettings, transport: any AWSTransport, time: AWSTime, process: CredentialProcess = .system
    ) {
        self.settings = settings
        self.transport = transport
        self.time = time
        self.process = process
    }

    package func credentials() async throws(AWSError) -> Credentials {
        if let known, known.isUsable(at: time.now()) { return known }
        let running =
            search
            ?? Task { [self] in
                do throws(AWSError) { return .success(try await find()) } catch { return .failure(error) }
            }
        search = running
        let result = await running.value
        if search == running { search = nil }
        known = try? result.get()  // thrown below
        return try result.get()
    }

    /// The service says that they are no longer good.
    func forget() { known = nil }

    private func find() async throws(AWSError) -> Credentials {
        if let found = try settings.environmentCredentials() { return found }
        let remote = RemoteCredentials(settings: settings, transport: transport, time: time)
        let profile = ProfileCredentials(settings: settings, remote: remote, process: process)
        if let file = settings.variable("AWS_WEB_IDENTITY_TOKEN_FILE") {
            guard let role = settings.variable("AWS_ROLE_ARN") else {
                throw .badConfiguration("AWS_WEB_IDENTITY_TOKEN_FILE: AWS_ROLE_ARN is missing beside it")
            }
            return try await remote.fromWebIdentity(
                file: file, role: role, session: settings.variable("AWS_ROLE_SESSION_NAME"),
                named: "AWS_WEB_IDENTITY_TOKEN_FILE")
        }
        if let found = try await profile.credentials() { return found }
        var tried = ["none in the environment, none in profile \(settings.profile)"]
        if let found = try await remote.fromContainer() { return found }
        if settings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" {
            tried.append("the instance's metadata service is switched off")
        } else if let found = await remote.fromInstance() {
            return found
        } else {
            tried.append("no instance metadata service with a role")
        }
        throw .noCredentials(tried)
    }
}
