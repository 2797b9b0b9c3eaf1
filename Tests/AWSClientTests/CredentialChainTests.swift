// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import AWSClient

@Suite struct CredentialChainTests {
    private func find(
        _ environment: [String: String], config: String = "", credentials: String = "", files: [String: String] = [:],
        _ aws: ScriptedAWS = ScriptedAWS([])
    ) async throws -> Credentials {
        let settings = AWSSettings(environment: environment, home: "/h") { path in
            switch path {
            case "/h/.aws/config": config
            case "/h/.aws/credentials": credentials
            default: files[path]
            }
        }
        return try await CredentialChain(settings: settings, transport: aws, time: aws.time).credentials()
    }

    private static let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"]
    private static let file =
        "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=f\n"
        + "[night]\naws_access_key_id=AKIANIGHT\naws_secret_access_key=n\naws_session_token=t\n"
    private static let role = #"""
        {"AccessKeyId":"ASIAROLE","SecretAccessKey":"r","Token":"t","Expiration":"2026-11-24T10:00:00Z"}
        """#

    @Test func `the environment goes before any profile, and a named profile before the default one`() async throws {
        #expect(try await find(Self.keys, credentials: Self.file).accessKeyId == "AKIAENV")
        #expect(try await find([:], credentials: Self.file).accessKeyId == "AKIAFILE")
        let named = try await find(["AWS_PROFILE": "night"], credentials: Self.file)
        #expect(named.accessKeyId == "AKIANIGHT")
        #expect(named.sessionToken?.revealed == "t")
        let both = try await find(Self.keys.merging(["AWS_PROFILE": "night"]) { $1 }, credentials: Self.file)
        #expect(both.accessKeyId == "AKIAENV")
    }

    @Test(arguments: [
        (["AWS_ACCESS_KEY_ID": "A"], ""), (["AWS_PROFILE": "absent"], ""),
        ([:], "[default]\naws_access_key_id=A\n"),
        ([:], "[default]\nrole_arn=arn:aws:iam::1:role/x\naws_access_key_id=A\naws_secret_access_key=s\n"),
        ([:], "[default]\ncredential_process=/nowhere/keys\n"),
    ])
    func `a place that is configured and broken ends the search`(environment: [String: String], file: String) async {
        let aws = ScriptedAWS([])
        await #expect { _ = try await find(environment, credentials: file, aws) } throws: {
            if case AWSError.badConfiguration = $0 { true } else { false }
        }
        #expect(aws.asked.isEmpty)
    }

    @Test func `an SSO login is read from the cache by its name and exchanged for the role`() async throws {
        let config = """
            [default]
            sso_session = corp
            sso_account_id = 123456789012
            sso_role_name = Trainer
            [sso-session corp]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = eu-west-1
            """
        // SHA-1 of "corp".
        let path = "/h/.aws/sso/cache/\(SSOCache.fileName("corp")).json"
        #expect(SSOCache.fileName("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        let answer =
            #"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1795600000000}}"#
        let aws = ScriptedAWS([.json(200, answer)])
        let login = #"{"accessToken":"bearer","expiresAt":"2026-11-24T12:00:00Z"}"#
        #expect(try await find([:], config: config, files: [path: login], aws).accessKeyId == "ASIASSO")
        let asked = try #require(aws.asked.first)
        #expect(asked.address.hasPrefix("https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?"))
        #expect(asked["x-amz-sso_bearer_token"] == "bearer")
        let stale = #"{"accessToken":"bearer","expiresAt":"2026-11-24T01:00:00UTC"}"#
        for files in [[path: stale], [:]] {
            let unused = ScriptedAWS([])
            await #expect { _ = try await find([:], config: config, files: files, unused) } throws: {
                "\($0)".contains("aws sso login")
            }
            #expect(unused.asked.isEmpty)
        }
    }

    @Test func `a web identity is exchanged for its role, unsigned, and a refusal ends the search`() async throws {
        let answer = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAWEB</AccessKeyId>
            <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2026-11-24T10:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/web", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_REGION": "eu-west-1",
        ]
        let aws = ScriptedAWS([.json(200, answer)])
        let found = try await find(variables, files: ["/web": "ey.J\n"], aws)
        #expect(found.accessKeyId == "ASIAWEB" && found.sessionToken?.revealed == "t")
        #expect(found.expiration == Instant(iso8601: "2026-11-24T10:00:00Z"))
        let asked = try #require(aws.asked.first)
        #expect(asked.endpoint.host == "sts.eu-west-1.amazonaws.com")
        #expect(asked["Authorization"] == nil)
        #expect(
            String(decoding: asked.body, as: UTF8.self)
                == "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx"
                + "&RoleSessionName=nightshift&WebIdentityToken=ey.J&Version=2011-06-15")
        let refusal =
            "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>no</Message></Error></ErrorResponse>"
        let no = ScriptedAWS([.json(400, refusal)])
        await #expect(
            throws: AWSError.service(service: "STS", status: 400, code: "InvalidIdentityToken", message: "no")
        ) { _ = try await find(variables, files: ["/web": "x"], no) }
        #expect(no.asked.count == 1)
        await #expect(throws: AWSError.self) { _ = try await find(variables, no) }
    }

    @Test func `a container's endpoint is asked with its token, on this machine or at AWS's address only`() async throws
    {
        let aws = ScriptedAWS([.json(200, Self.role)])
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials?id=a",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
        ]
        #expect(try await find(variables, files: ["/token": "let me in"], aws).source == "container")
        #expect(aws.asked[0].address == "http://169.254.170.23/v1/credentials?id=a")
        #expect(aws.asked[0]["Authorization"] == "let me in")
        for address in ["http://169.254.169.254/x", "http://example.com/x", "http://127.0.0.1.evil.com/", "nonsense"] {
            let unused = ScriptedAWS([.json(200, Self.role)])
            await #expect(throws: AWSError.self) {
                _ = try await find(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address], unused)
            }
            #expect(unused.asked.isEmpty, "\(address)")
        }
    }

    @Test func `an instance's role is asked with a session token, never through a proxy, never elsewhere`() async throws
    {
        let answers: [ScriptedAWS.Answer] = [.json(200, "TOKEN"), .json(200, "trainer"), .json(200, Self.role)]
        let aws = ScriptedAWS(answers)
        let found = try await find([:], aws)
        #expect(found.accessKeyId == "ASIAROLE")
        #expect(found.expiration == Instant(iso8601: "2026-11-24T10:00:00Z"))
        #expect(aws.asked.map(\.method) == ["PUT", "GET", "GET"])
        #expect(aws.asked[2]["X-aws-ec2-metadata-token"] == "TOKEN")
        #expect(aws.asked[2].path == "/latest/meta-data/iam/security-credentials/trainer")
        for variables in [
            ["http_proxy": "http://proxy:3128"], ["AWS_EC2_METADATA_DISABLED": "true"],
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://example.com"],
        ] {
            let unused = ScriptedAWS(answers)
            await #expect(throws: AWSError.self) { _ = try await find(variables, unused) }
            #expect(unused.asked.isEmpty, "\(variables)")
        }
    }

    @Test func `credentials are kept until five minutes before they run out`() async throws {
        let answers: [ScriptedAWS.Answer] = [.json(200, "T"), .json(200, "r"), .json(200, Self.role)]
        let aws = ScriptedAWS(answers + answers)
        let settings = AWSSettings(environment: [:], home: "/h") { _ in nil }
        let chain = CredentialChain(settings: settings, transport: aws, time: aws.time)
        for _ in 0..<3 { _ = try await chain.credentials() }
        #expect(aws.asked.count == 3)
        try await aws.time.sleep(.hours(5) + .minutes(36))
        _ = try await chain.credentials()
        #expect(aws.asked.count == 6)
    }
}
