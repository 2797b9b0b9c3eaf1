// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Credentials that have to be asked for over HTTP, unsigned: SSO, a container's endpoint, the instance's metadata.
///
/// Plain HTTP goes to this machine and to the two documented link-local addresses only.
struct RemoteCredentials: Sendable {
    let settings: AWSSettings
    let transport: any AWSTransport
    let time: AWSTime

    private static let patience = Duration.seconds(2)
    private static let instanceAddress = "http://169.254.169.254"
    private static let containerAddress = "http://169.254.170.2"
    /// EKS Pod Identity's address, besides the loopback.
    private static let linkLocal: Set = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    /// `nil` when the profile has no SSO session.
    func fromSSO(_ profile: String) async throws(AWSError) -> Credentials? {
        guard let account = settings.value("sso_account_id", of: profile),
            let role = settings.value("sso_role_name", of: profile)
        else { return nil }
        let session = settings.value("sso_session", of: profile)
        func value(_ key: String) -> String? {
            session.flatMap { settings.config.value(key, in: "sso-session \($0)") } ?? settings.value(key, of: profile)
        }
        let login = "run: aws sso login" + (profile != "default" ? " --profile \(profile)" : "")
        guard let start = value("sso_start_url"), let region = value("sso_region") else {
            throw .badConfiguration("profile \(profile): sso_start_url and sso_region are missing")
        }
        guard let token = SSOCache(settings).token(named: session ?? start), let expires = token.expiration,
            expires > time.now()
        else { throw .noCredentials(["profile \(profile): not logged in, or the login ran out; \(login)"]) }
        let endpoint = try settings.endpoint(of: .sso, region: region)
        let request = AWSRequest(
            method: "GET", endpoint: endpoint, path: "/federation/credentials",
            query: [.init("role_name", role), .init("account_id", account)],
            headers: [.init("x-amz-sso_bearer_token", token.accessToken.revealed)])
        struct Answer: Decodable {
            struct Role: Decodable {
                var accessKeyId: String, secretAccessKey: String, sessionToken: String
                var expiration: Int64
            }
            var roleCredentials: Role
        }
        guard let reply = await ask(request, .seconds(10)) else {
            throw .unreachable(service: "SSO", host: endpoint.host, reason: "no answer")
        }
        guard reply.status == 200, let found = Self.decoded(Answer.self, reply)?.roleCredentials else {
            throw .denied(
                service: "SSO", code: String(reply.status), message: "no credentials for role \(role); \(login)")
        }
        return Credentials(
            accessKeyId: found.accessKeyId, secretAccessKey: Secret(found.secretAccessKey),
            sessionToken: Secret(found.sessionToken), expiration: Instant(milliseconds: found.expiration),
            source: "SSO, profile \(profile)")
    }

    /// The token itself is the proof, so the request is not signed. `place` is where it was configured, for messages.
    func fromWebIdentity(
        file: String, role: String, session: String?, named place: String
    ) async throws(AWSError) -> Credentials {
        guard let token = settings.readFile(file) else {
            throw .badConfiguration("\(place): the web identity token file \(file) cannot be read")
        }
        let fields: [AWSRequest.Field] = [
            .init("Action", "AssumeRoleWithWebIdentity"), .init("RoleArn", role),
            .init("RoleSessionName", session ?? "nightshift"),
            .init("WebIdentityToken", token.filter { !$0.isWhitespace }),
        ]
        return try await exchange(fields, signedWith: nil, source: "web identity, \(role)")
    }

    /// A role, taken with other credentials.
    func assume(
        _ role: String, with base: Credentials, session: String?, externalId: String?, seconds: String?, profile: String
    ) async throws(AWSError) -> Credentials {
        var fields: [AWSRequest.Field] = [
            .init("Action", "AssumeRole"), .init("RoleArn", role), .init("RoleSessionName", session ?? "nightshift"),
        ]
        if let externalId { fields.append(.init("ExternalId", externalId)) }
        if let seconds {
            guard let number = Int(seconds), (900...43200).contains(number) else {
                throw .badConfiguration("profile \(profile): duration_seconds: 900 to 43200, not \"\(seconds)\"")
            }
            fields.append(.init("DurationSeconds", seconds))
        }
        return try await exchange(fields, signedWith: base, source: "role of profile \(profile)")
    }

    /// Asks STS for a role's credentials.
    private func exchange(
        _ fields: [AWSRequest.Field], signedWith base: Credentials?, source: String
    ) async throws(AWSError) -> Credentials {
        let all = fields + [.init("Version", AWSService.sts.version)]
        let text = all.map { "\(AWSRequest.encoded($0.name))=\(AWSRequest.encoded($0.value))" }
        let region = settings.region ?? "us-east-1"
        let endpoint = try settings.endpoint(of: .sts, region: region)
        var request = AWSRequest(
            method: "POST", endpoint: endpoint,
            headers: [.init("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(text.joined(separator: "&").utf8))
        if let base { request = SigV4(service: "sts", region: region).signed(request, with: base, at: time.now()) }
        guard let reply = await ask(request, .seconds(10)) else {
            throw .unreachable(service: AWSService.sts.id, host: endpoint.host, reason: "no answer")
        }
        guard reply.status == 200 else {
            let words = ErrorReply(reply)
            throw words.error(
                of: .sts, throttled: RetryRules.problem(status: reply.status, code: words.code) == .throttled)
        }
        guard let found = XMLElement(reply.body)?.first("Credentials"),
            let key = found.child("AccessKeyId")?.text, let secret = found.child("SecretAccessKey")?.text,
            let session = found.child("SessionToken")?.text
        else { throw .malformed(service: "STS", what: "an answer without credentials") }
        return Credentials(
            accessKeyId: key, secretAccessKey: Secret(secret), sessionToken: Secret(session),
            expiration: found.child("Expiration").flatMap { Instant(iso8601: $0.text) }, source: source)
    }

    /// `nil` when no container endpoint is set.
    func fromContainer() async throws(AWSError) -> Credentials? {
        let address: String
        if let relative = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            address = Self.containerAddress + relative
        } else if let full = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            address = full
        } else {
            return nil
        }
        guard let (endpoint, path, query) = Self.split(address),
            endpoint.scheme == "https" || Self.linkLocal.contains(endpoint.host) || Self.isLoopback(endpoint.host)
        else {
            throw .badConfiguration(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI: plain HTTP must lead to this machine or to AWS's container address"
            )
        }
        var request = AWSRequest(method: "GET", endpoint: endpoint, path: path, query: query)
        let file = settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").flatMap { settings.readFile($0) }
        if let token = file ?? settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
            guard !token.contains(where: { $0.isNewline }) else {
                throw .badConfiguration("AWS_CONTAINER_AUTHORIZATION_TOKEN: must be one line")
            }
            request["Authorization"] = token
        }
        guard let reply = await ask(request, Self.patience), reply.status == 200,
            let found = Self.decoded(RoleDocument.self, reply)
        else {
            throw .unreachable(
                service: "the container's credential endpoint", host: endpoint.host, reason: "no credentials came")
        }
        return found.credentials(source: "container")
    }

    /// IMDSv2, never v1; `nil` when this is no instance or it has no role.
    func fromInstance() async -> Credentials? {
        let text = settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? Self.instanceAddress
        guard let endpoint = AWSEndpoint(text),
            ["169.254.169.254", "[fd00:ec2::254]"].contains(endpoint.host) || Self.isLoopback(endpoint.host)
        else { return nil }
        let lifetime = AWSRequest.Field("X-aws-ec2-metadata-token-ttl-seconds", "21600")
        let asking = AWSRequest(method: "PUT", endpoint: endpoint, path: "/latest/api/token", headers: [lifetime])
        guard let token = await ask(asking, Self.patience), token.status == 200, token.body.count < 256 else {
            return nil
        }
        let header = AWSRequest.Field("X-aws-ec2-metadata-token", String(decoding: token.body, as: UTF8.self))
        let roles = "/latest/meta-data/iam/security-credentials/"
        let list = AWSRequest(method: "GET", endpoint: endpoint, path: roles, headers: [header])
        guard let reply = await ask(list, Self.patience), reply.status == 200,
            let role = String(decoding: reply.body, as: UTF8.self).split(whereSeparator: \.isNewline).first,
            role.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+=,.@_-".contains($0)) })
        else { return nil }
        let asked = AWSRequest(method: "GET", endpoint: endpoint, path: roles + role, headers: [header])
        guard let answer = await ask(asked, Self.patience), answer.status == 200 else { return nil }
        return Self.decoded(RoleDocument.self, answer)?.credentials(source: "instance role \(role)")
    }

    /// Nothing listens there on most machines, so a failure is an answer. Plain HTTP is not asked through a proxy,
    /// which would see the credentials.
    private func ask(_ request: AWSRequest, _ timeout: Duration) async -> AWSReply? {
        if request.endpoint.scheme == "http", hasProxy(for: request.endpoint.host) { return nil }
        return try? await transport.send(request, timeout: timeout)  // see above
    }

    private func hasProxy(for host: String) -> Bool {
        guard
            settings.variable("http_proxy") != nil || settings.variable("ALL_PROXY") != nil
                || settings.variable("all_proxy") != nil
        else { return false }
        let spared = settings.variable("no_proxy") ?? settings.variable("NO_PROXY") ?? ""
        return !spared.split(separator: ",").contains { $0.filter { $0 != " " } == host || $0 == "*" }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]" || host.wholeMatch(of: /127\.[0-9]+\.[0-9]+\.[0-9]+/) != nil
    }

    private static func split(_ address: String) -> (AWSEndpoint, path: String, query: [AWSRequest.Field])? {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        let slash = address[scheme.upperBound...].firstIndex(of: "/") ?? address.endIndex
        guard let endpoint = AWSEndpoint(String(address[..<slash])) else { return nil }
        let rest = address[slash...]
        let mark = rest.firstIndex(of: "?") ?? rest.endIndex
        var query: [AWSRequest.Field] = []
        for pair in rest[mark...].dropFirst().split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            query.append(AWSRequest.Field(String(pair[..<equals]), String(pair[equals...].dropFirst())))
        }
        let path = String(rest[..<mark])
        return (endpoint, path.isEmpty ? "/" : path, query)
    }

    private static func decoded<Document: Decodable>(_ type: Document.Type, _ reply: AWSReply) -> Document? {
        try? AWSJSON.decode(type, from: reply.body)  // the callers say what it means
    }
}

/// What a container's endpoint and the metadata service answer.
private struct RoleDocument: Decodable {
    var accessKeyId: String
    var secretAccessKey: String
    var token: String
    var expiration: String

    func credentials(source: String) -> Credentials {
        Credentials(
            accessKeyId: accessKeyId, secretAccessKey: Secret(secretAccessKey), sessionToken: Secret(token),
            expiration: Instant(iso8601: expiration), source: source)
    }
}
