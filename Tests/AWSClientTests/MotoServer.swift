// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

@testable import AWSClient

/// moto's server with its checks of signatures and policies on: another's idea of what a right signature is.
struct MotoServer: Sendable {
    let address: String
    let keyId: String
    let secret: String

    /// Serves while `body` runs; `nil` where Python has no moto.
    static func serve<Result: Sendable>(
        _ body: @Sendable (MotoServer) async throws -> Result
    ) async throws -> Result? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-W", "ignore", "-c", script]
        // One for the user, one for the key, two for the policy; then every call is checked.
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["INITIAL_NO_AUTH_ACTION_COUNT": "4", "AWS_EC2_METADATA_DISABLED": "true"]) { $1 }
        let output = Pipe(), input = Pipe()
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It ends when its input does, so also when this process dies.
        defer { try? input.fileHandleForWriting.close() }
        let line = await firstLine(of: output.fileHandleForReading)
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        return try await body(MotoServer(address: words[0], keyId: words[1], secret: words[2]))
    }

    func caller(secret: String? = nil) -> AWSCaller {
        let environment = [
            "AWS_ACCESS_KEY_ID": keyId, "AWS_SECRET_ACCESS_KEY": secret ?? self.secret, "AWS_ENDPOINT_URL": address,
            "AWS_MAX_ATTEMPTS": "1",
        ]
        let time = AWSTime(
            now: { .init(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }, sleep: { _ in }, chance: { 0 })
        return AWSCaller(
            settings: AWSSettings(environment: environment, home: "/none") { _ in nil },
            transport: HTTPTransport(), time: time)
    }

    static func firstLine(of handle: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var line: [UInt8] = []
                while let byte = try? handle.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
    }

    private static let script = """
        import sys, threading, os
        from moto.server import ThreadedMotoServer
        import boto3, logging
        logging.disable(logging.CRITICAL)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        address = f"http://127.0.0.1:{port}"
        iam = boto3.client("iam", endpoint_url=address, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        iam.create_user(UserName="u")
        key = iam.create_access_key(UserName="u")["AccessKey"]
        arn = iam.create_policy(PolicyName="p", PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')["Policy"]["Arn"]
        iam.attach_user_policy(UserName="u", PolicyArn=arn)
        print(address, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
        sys.stdin.read()
        os._exit(0)
        """
}
