// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import TrainingJobs

@testable import AWSClient

@Suite struct ProfileCredentialsTests {
    private func find(
        _ config: String, credentials: String = "", environment: [String: String] = [:], files: [String: String] = [:],
        _ aws: ScriptedAWS = ScriptedAWS([]), process: CredentialProcess = .system
    ) async throws -> Credentials {
        let settings = AWSSettings(environment: environment, home: "/h") { path in
            switch path {
            case "/h/.aws/config": config
            case "/h/.aws/credentials": credentials
            default: files[path]
            }
        }
        return try await CredentialChain(settings: settings, transport: aws, time: aws.time, process: process)
            .credentials()
    }

    private static func taken(_ key: String) -> ScriptedAWS.Answer {
        .json(
            200,
            """
            <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>\(key)</AccessKeyId>
            <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2026-11-24T10:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """)
    }

    private static let base = "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=b\n"

    @Test func `a role is taken with the keys of its source profile, and STS is asked in the profile's region`()
        async throws
    {
        let aws = ScriptedAWS([Self.taken("ASIAROLE")])
        let config = """
            [profile train]
            region = eu-west-1
            role_arn = arn:aws:iam::123456789012:role/Trainer
            source_profile = base
            role_session_name = tonight
            external_id = a b
            duration_seconds = 3600
            """
        let found = try await find(config, credentials: Self.base, environment: ["AWS_PROFILE": "train"], aws)
        #expect(found.accessKeyId == "ASIAROLE" && found.expiration == Instant(iso8601: "2026-11-24T10:00:00Z"))
        let asked = try #require(aws.asked.first)
        #expect(asked.endpoint.host == "sts.eu-west-1.amazonaws.com")
        #expect(asked["Authorization"]?.contains("Credential=AKIABASE/20261124/eu-west-1/sts/aws4_request") == true)
        #expect(
            String(decoding: asked.body, as: UTF8.self)
                == "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FTrainer"
                + "&RoleSessionName=tonight&ExternalId=a%20b&DurationSeconds=3600&Version=2011-06-15")
    }

    @Test func `roles lead through roles, each signed with the one before`() async throws {
        let aws = ScriptedAWS([Self.taken("ASIAMIDDLE"), Self.taken("ASIALAST")])
        let config = """
            [default]
            role_arn = arn:aws:iam::1:role/last
            source_profile = middle
            [profile middle]
            role_arn = arn:aws:iam::1:role/middle
            source_profile = base
            """
        #expect(try await find(config, credentials: Self.base, aws).accessKeyId == "ASIALAST")
        #expect(aws.asked.map { $0["Authorization"]!.contains("Credential=AKIABASE/") } == [true, false])
        #expect(aws.asked[1]["Authorization"]!.contains("Credential=ASIAMIDDLE/"))
    }

    @Test func `a profile that names itself as source gives its keys, and a source gives its keys before its role`()
        async throws
    {
        for source in ["default", "other"] {
            let config = """
                [default]
                role_arn = arn:aws:iam::1:role/x
                source_profile = \(source)
                aws_access_key_id = AKIASELF
                aws_secret_access_key = s
                [profile other]
                role_arn = arn:aws:iam::1:role/y
                source_profile = default
                aws_access_key_id = AKIAOTHER
                aws_secret_access_key = s
                """
            let aws = ScriptedAWS([Self.taken("ASIA")])
            _ = try await find(config, aws)
            let key = source == "default" ? "AKIASELF" : "AKIAOTHER"
            #expect(aws.asked.count == 1)
            #expect(aws.asked[0]["Authorization"]?.contains("Credential=\(key)/") == true)
        }
    }

    @Test func `a role can be taken with what the machine has`() async throws {
        let role = #"{"AccessKeyId":"ASIAHOST","SecretAccessKey":"r","Token":"t","Expiration":"2026-11-24T10:00:00Z"}"#
        for (place, answers) in [
            ("EcsContainer", [ScriptedAWS.Answer.json(200, role)]),
            ("Ec2InstanceMetadata", [.json(200, "token"), .json(200, "host"), .json(200, role)]),
        ] {
            let aws = ScriptedAWS(answers + [Self.taken("ASIAROLE")])
            let found = try await find(
                "[default]\nrole_arn=arn:aws:iam::1:role/x\ncredential_source=\(place)\n",
                environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"], aws)
            #expect(found.accessKeyId == "ASIAROLE")
            #expect(aws.asked.last?["Authorization"]?.contains("Credential=ASIAHOST/") == true)
        }
    }

    @Test func `a web identity of a profile is exchanged unsigned`() async throws {
        let aws = ScriptedAWS([Self.taken("ASIAWEB")])
        let found = try await find(
            "[default]\nrole_arn=arn:aws:iam::1:role/x\nweb_identity_token_file=/web\n", files: ["/web": "ey.J\n"], aws)
        #expect(found.accessKeyId == "ASIAWEB")
        #expect(aws.asked[0]["Authorization"] == nil)
        #expect(String(decoding: aws.asked[0].body, as: UTF8.self).contains("WebIdentityToken=ey.J&"))
    }

    @Test func `a program is run without a shell and its keys are used until they run out`() async throws {
        let asked = Mutex<[[String]]>([])
        let process = CredentialProcess { words in
            asked.withLock { $0.append(words) }
            return .success(
                Array(
                    #"{"Version":1,"AccessKeyId":"AKIAPROG","SecretAccessKey":"p","Expiration":"2026-11-24T10:00:00Z"}"#
                        .utf8))
        }
        let config = #"""
            [default]
            credential_process = "/opt/my tools/keys" --role 'a "b" $HOME' x\ y ";" ''
            """#
        let found = try await find(config, process: process)
        #expect(found.accessKeyId == "AKIAPROG" && found.sessionToken == nil)
        #expect(asked.withLock { $0 } == [["/opt/my tools/keys", "--role", "a \"b\" $HOME", "x y", ";", ""]])
    }

    @Test func `a real program's answer is read, and its failure is told`() async throws {
        let keys = #"{\"Version\":1,\"AccessKeyId\":\"AKIAREAL\",\"SecretAccessKey\":\"p\"}"#
        #expect(try await find("[default]\ncredential_process = printf \"%s\" \"\(keys)\"\n").accessKeyId == "AKIAREAL")
        for (program, reason) in [
            ("false", "it exited with 1"), ("printf nonsense", "did not write JSON"),
            (#"printf "{\"Version\":2,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"p\"}""#, "Version 1 is understood"),
            ("no-such-program-here", "no program"), ("head -c 3000000 /dev/zero", "a mebibyte"), ("'x", "quotation"),
        ] {
            await #expect("\(program)") {
                _ = try await find("[default]\ncredential_process = \(program)\n")
            } throws: {
                guard case AWSError.badConfiguration(let words) = $0 else { return false }
                return words.hasPrefix("profile default: credential_process: ") && words.contains(reason)
            }
        }
    }

    @Test(arguments: [
        ("role_arn=r\nsource_profile=absent", "there is no profile \"absent\""),
        ("role_arn=r\nsource_profile=default", "lead in a circle: default → default"),
        (
            "role_arn=r\nsource_profile=one\n[profile one]\nrole_arn=r\nsource_profile=default",
            "default → one → default"
        ),
        ("role_arn=r\nsource_profile=one\n[profile one]\nregion=x", "source_profile one has no credentials"),
        ("role_arn=r\nsource_profile=a\ncredential_source=Environment", "exclude each other"),
        ("role_arn=r\ncredential_source=Moon", "not \"Moon\""), ("role_arn=r", "needs source_profile"),
        ("role_arn=r\nsource_profile=default\nmfa_serial=m", "mfa_serial"),
        (
            "role_arn=r\nsource_profile=default\naws_access_key_id=A\naws_secret_access_key=s\nduration_seconds=1",
            "900 to 43200"
        ),
    ])
    func `a profile that cannot work says why, and nobody is asked`(lines: String, why: String) async {
        let aws = ScriptedAWS([])
        await #expect {
            _ = try await find("[default]\n\(lines)\n", aws)
        } throws: {
            guard case AWSError.badConfiguration(let words) = $0 else { return false }
            return words.contains(why)
        }
        #expect(aws.asked.isEmpty)
    }

    @Test func `many calls at once make one search`() async throws {
        let aws = ScriptedAWS([Self.taken("ASIAROLE")])
        let config = "[default]\nrole_arn=r\nsource_profile=base\n"
        let settings = AWSSettings(environment: [:], home: "/h") { $0 == "/h/.aws/config" ? config : Self.base }
        let chain = CredentialChain(settings: settings, transport: aws, time: aws.time)
        let keys = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await chain.credentials().accessKeyId } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(keys == ["ASIAROLE"] && aws.asked.count == 1)
    }
}
