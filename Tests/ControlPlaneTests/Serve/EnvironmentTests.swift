// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct EnvironmentTests {
    @Test("What env prints is one word a value to a shell, whatever the state directory is called")
    func quoting() throws {
        let directory = NSTemporaryDirectory() + UUID().uuidString + "/it's $(touch X) `id`; \"q\"\\ \u{e9}"
        defer { try? FileManager.default.removeItem(atPath: URL(filePath: directory).deletingLastPathComponent().path) }
        let ran = try ServedStage.run(
            [
                "sh", "-c",
                "eval \"$(\"$1\" env --state \"$2\")\" && printf %s \"$SAGEMAKER_ADMIN_CONFIG_OVERRIDE\"", "sh",
                ServedStage.program, directory,
            ])
        #expect(ran.output == directory + "/stage/sdk-defaults.yaml", "\(ran.errors)")
        let defaults = try String(contentsOfFile: ran.output, encoding: .utf8)
        #expect(defaults.contains("DefaultS3Bucket: nightshift-stage\n"))
        #expect(defaults.contains("TelemetryOptOut: true\n"))
    }

    @Test("Whatever would lead a request past the stage is unset, and no proxy is asked for this machine")
    func stray() throws {
        let directory = NSTemporaryDirectory() + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let ran = try ServedStage.nightshift(
            ["env", "--state", directory, "--port", "4700"],
            environment: [
                "AWS_ENDPOINT_URL_S3": "https://s3.example", "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "x",
                "HTTP_PROXY": "http://proxy:1", "NO_PROXY": "example.org", "no_proxy": "", "http_proxy": "",
            ])
        #expect(ran.status == 0)
        let lines = ran.output.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["unset AWS_ENDPOINT_URL_S3", "unset AWS_PROFILE", "unset AWS_SESSION_TOKEN"])
        for line in [
            "export AWS_ENDPOINT_URL=http://127.0.0.1:4700", "export AWS_DEFAULT_REGION=us-east-1",
            "export AWS_ACCESS_KEY_ID=NIGHTSHIFTSTAGE", "export AWS_SECRET_ACCESS_KEY=nightshift",
            "export AWS_EC2_METADATA_DISABLED=true", "export no_proxy=127.0.0.1",
            "export SAGEMAKER_ADMIN_CONFIG_OVERRIDE=\(directory)/stage/sdk-defaults.yaml",
        ] {
            #expect(lines.contains(line), "\(line) is missing of \(lines)")
        }
    }
}
