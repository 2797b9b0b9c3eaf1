// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlPlane
import Foundation

struct EnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Prints what points a shell's AWS clients at the stage.",
        discussion: """
            The SageMaker SDK, boto3 and aws then speak to `nightshift serve` instead of AWS, in this shell and until
            it ends. A defaults file for the SDK is written beside the stage's state: without it the SDK asks AWS for
            an account to name its bucket by.

            EXAMPLES:
              eval "$(nightshift env)"
              eval "$(nightshift env --port 4700)"
            """)

    @OptionGroup var place: StagePlace
    @OptionGroup var options: ProjectOptions

    func run() throws {
        let access = try place.access()
        let file = options.project.stageDirectory + "/sdk-defaults.yaml"
        do {
            try FileManager.default.createDirectory(
                atPath: options.project.stageDirectory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try Data(Self.defaults.utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            Console.tell("cannot write \(file): \(error.localizedDescription); choose a directory with --state")
            throw ExitCode.failure
        }
        Console.print(
            StageEnvironment(
                endpoint: place.endpoint, keys: access.clientKeys, defaultsFile: file,
                own: ProcessInfo.processInfo.environment
            ).shell)
    }

    /// The admin's file of the SageMaker SDK, over which a user's own still counts.
    static let defaults = """
        # The SageMaker SDK's defaults for the stage, written by nightshift env. Without a bucket the SDK asks AWS's own STS
        # whose account it is; its telemetry would call AWS too.
        SchemaVersion: "1.0"
        SageMaker:
          PythonSDK:
            Modules:
              Session:
                DefaultS3Bucket: \(StageIdentity.defaultBucket)
              TelemetryOptOut: true

        """
}

/// The lines that a shell evaluates.
struct StageEnvironment {
    var endpoint: String
    var keys: [(name: String, value: String)]
    /// Absolute.
    var defaultsFile: String
    /// Of the shell that asks.
    var own: [String: String]

    var shell: String {
        var set = [("AWS_ENDPOINT_URL", endpoint), ("AWS_DEFAULT_REGION", StageIdentity.defaultRegion)]
        set += keys.map { ($0.name, $0.value) }
        set.append(("AWS_EC2_METADATA_DISABLED", "true"))
        set.append(("SAGEMAKER_ADMIN_CONFIG_OVERRIDE", defaultsFile))
        if let (name, value) = noProxy { set.append((name, value)) }
        // Each of these would lead some requests past the stage, to AWS and its bills.
        let ours = Set(set.map(\.0))
        let stray = own.keys.filter { name in
            name.hasPrefix("AWS_ENDPOINT_URL_")
                || ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN"].contains(
                    name)
        }.filter { !ours.contains($0) && Self.isName($0) }.sorted()
        return (stray.map { "unset \($0)" } + set.map { "export \($0.0)=\(ShellWord.quoted($0.1))" })
            .joined(separator: "\n") + "\n"
    }

    /// Python asks a proxy for addresses of this machine too, unless told.
    private var noProxy: (String, String)? {
        guard ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].contains(where: { own[$0]?.isEmpty == false }),
            let host = URL(string: endpoint)?.host()
        else { return nil }
        let name = own["no_proxy"] != nil ? "no_proxy" : "NO_PROXY"
        let before = (own[name] ?? "").split(separator: ",").map(String.init)
        return (name, (before.contains(host) ? before : before + [host]).joined(separator: ","))
    }

    private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil }
}
