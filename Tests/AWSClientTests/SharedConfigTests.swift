// SPDX-License-Identifier: Apache-2.0

@testable import AWSClient
import Testing

@Suite struct SharedConfigTests {
    private static let text = """
        # a comment
        [default]
        region = eu-west-1 ; where we are
        s3 =
            max_concurrent_requests = 20
        [profile night train]
        services=local
        empty =
        [services local]
        ec2 =
          endpoint_url = http://127.0.0.1:5001
        """

    @Test func `sections, nested keys and comments are read as AWS's tools read them`() {
        let config = SharedConfig(Self.text)
        #expect(config.value("region", in: "default") == "eu-west-1")
        #expect(config.value("s3.max_concurrent_requests", in: "default") == "20")
        #expect(config.value("services", in: "profile night train") == "local")
        #expect(config.value("empty", in: "profile night train") == nil)
        #expect(config.value("ec2.endpoint_url", in: "services local") == "http://127.0.0.1:5001")
        #expect(!config.has("profile default"))
    }

    private func endpoint(_ environment: [String: String], _ service: AWSService = .ec2) throws -> String {
        let text = Self.text
        let settings = AWSSettings(environment: environment, home: "/home/n") { path in
            path == "/home/n/.aws/config" ? text : nil
        }
        let endpoint = try settings.endpoint(of: service, region: "eu-west-1")
        return "\(endpoint.scheme)://\(endpoint.authority)"
    }

    @Test func `endpoints come from the service's variable, the config file, the general variable, then AWS`() throws {
        #expect(try endpoint([:]) == "https://ec2.eu-west-1.amazonaws.com")
        #expect(try endpoint([:], .pricing) == "https://api.pricing.eu-west-1.amazonaws.com")
        let all = [
            "AWS_PROFILE": "night train", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            "AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:2",
        ]
        #expect(try endpoint(all) == "http://127.0.0.1:2")
        #expect(try endpoint(all.filter { $0.key != "AWS_ENDPOINT_URL_EC2" }) == "http://127.0.0.1:5001")
        #expect(try endpoint(all, .pricing) == "http://127.0.0.1:1")
        let ignored = all.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }
        #expect(try endpoint(ignored) == "https://ec2.eu-west-1.amazonaws.com")
    }

    @Test(arguments: [
        "127.0.0.1:80", "ftp://x", "http://user@host", "http://host/path", "http://host:70000", "http://h?x",
    ])
    func `an endpoint that is more or less than scheme, host and port is refused`(text: String) {
        #expect(throws: AWSError.self) { try endpoint(["AWS_ENDPOINT_URL": text]) }
    }

    @Test func `a region cannot smuggle a host`() {
        #expect(AWSEndpoint(service: .ec2, region: "evil.com/x") == nil)
        #expect(AWSEndpoint(service: .ec2, region: "eu-west-1")?.host == "ec2.eu-west-1.amazonaws.com")
        #expect(AWSEndpoint(service: .ec2, region: "us-gov-west-1")?.host == "ec2.us-gov-west-1.amazonaws.com")
        #expect(AWSEndpoint(service: .ec2, region: "cn-north-1")?.host == "ec2.cn-north-1.amazonaws.com.cn")
    }
}
