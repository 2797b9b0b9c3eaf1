// SPDX-License-Identifier: Apache-2.0

import FlyingFox
import FlyingSocks
import Foundation
import SpotMarket
import Testing
import TrainingJobs

@testable import AWSClient

/// The command itself against AWS's own shapes on a loopback port.
@Suite(.timeLimit(.minutes(2))) struct PricesRefreshTests {
    private struct Ran {
        var code: Int32
        var output: String
        var complaints: String
    }

    private static func nightshift(_ words: [String], _ state: URL, endpoint: String? = nil) async throws -> Ran {
        let process = Process()
        let output = Pipe(), complaints = Pipe()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "nightshift")
        process.arguments = words + ["--state", state.path(percentEncoded: false)]
        var environment = [
            "HOME": state.path(percentEncoded: false), "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": AWSDouble.secret, "AWS_REGION": "eu-west-1",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
        ]
        environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        environment["AWS_ENDPOINT_URL"] = endpoint
        process.environment = environment
        process.standardOutput = output
        process.standardError = complaints
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch {
                Issue.record("nightshift does not start: \(error)")
                continuation.resume()
            }
        }
        func text(_ pipe: Pipe) throws -> String {
            String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        }
        return Ran(code: process.terminationStatus, output: try text(output), complaints: try text(complaints))
    }

    private static func withState(_ body: (URL) async throws -> Void) async throws {
        let state = FileManager.default.temporaryDirectory.appending(path: "prices-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: state) }
        try await body(state)
    }

    @Test func `refresh keeps what AWS sells by the hour, tells what it has not, and show prefers it`() async throws {
        try await Self.withState { state in
            let aws = AWSDouble()
            let ran = try await aws.serve { endpoint in
                try await Self.nightshift(
                    ["prices", "refresh", "--type", "p4d.24xlarge", "--type", "ml.p5.48xlarge"], state,
                    endpoint: endpoint)
            }
            #expect(ran.code == 0, "\(ran.complaints)")
            #expect(await aws.complaints == [])
            // One was throttled and asked again; SageMaker's and EC2's products have two pages each.
            #expect(
                await aws.calls == [
                    "GetProducts", "GetProducts", "GetProducts", "GetProducts", "GetProducts", "GetAttributeValues",
                    "GetProducts", "GetProducts", "DescribeSpotPriceHistory", "DescribeSpotPriceHistory",
                ])
            for missing in [
                "ec2 p5.48xlarge eu-west-1 on-demand: not found",
                "sagemaker-training ml.p5.48xlarge eu-west-1 on-demand: not found",
                "ec2 p5.48xlarge eu-west-1 spot: not found",
            ] { #expect(ran.complaints.contains(missing)) }
            let file = state.appending(path: PriceBook.name)
            let book = try JSONDecoder().decode(PriceBook.self, from: Data(contentsOf: file))
            #expect(book.problems == [])
            #expect(
                book.facts.map { "\($0.name) \($0.pricePerHour.dollars)" } == [
                    "ec2 p4d.24xlarge eu-west-1 on-demand 23.715690",
                    "ec2 p4d.24xlarge eu-west-1 eu-west-1a spot 11.548000",
                    "ec2 p4d.24xlarge eu-west-1 eu-west-1b spot 23.715690",
                    "sagemaker-training ml.p4d.24xlarge eu-west-1 on-demand 27.273044",
                ])
            #expect(!ran.output.contains(AWSDouble.secret) && !ran.complaints.contains(AWSDouble.secret))

            let shown = try await Self.nightshift(["prices", "show", "--region", "eu-west-1"], state)
            #expect(shown.code == 0)
            #expect(shown.output.contains("saves nothing: equals on-demand"))
            #expect(shown.output.contains("saves 51 %"))
            #expect(!shown.output.contains("catalogue of unknown day"), "the shipped price stands beside a newer one")
        }
    }

    @Test func `a refusal changes nothing, ends with 6 and shows no secret`() async throws {
        try await Self.withState { state in
            let ran = try await AWSDouble(refuses: true).serve { endpoint in
                try await Self.nightshift(["prices", "refresh"], state, endpoint: endpoint)
            }
            #expect(ran.code == 6)
            #expect(ran.complaints == "PRICING refuses: not you (AccessDeniedException)\nno price was changed\n")
            #expect(!FileManager.default.fileExists(atPath: state.appending(path: PriceBook.name).path))
        }
    }

    @Test func `a book that cannot be used is told with its place, and no price is taken from it`() async throws {
        try await Self.withState { state in
            let text = #"""
                {"format":"nightshift-price-book","version":1,"facts":[{"product":"ec2","instanceType":"p4d.24xlarge",
                "region":"us-east-1","purchase":"on-demand","pricePerHour":"0","asOf":"2026-11-24","source":"x"}]}
                """#
            try Data(text.utf8).write(to: state.appending(path: PriceBook.name))
            let ran = try await Self.nightshift(["prices", "show"], state)
            #expect(ran.code == 2)
            #expect(ran.complaints.contains("price-book.json: facts[0].pricePerHour: must be above 0"))
        }
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled,
            handler: ClosureHTTPHandler { request in
                request.path == "/"
                    ? HTTPResponse(statusCode: .temporaryRedirect, headers: HTTPHeaders([.location: "/elsewhere"]))
                    : HTTPResponse(statusCode: .ok)
            })
        let running = Task { try await server.run() }
        defer { running.cancel() }
        try await server.waitUntilListening(timeout: 120)
        guard case .ip4(_, let port)? = await server.listeningAddress else { return }
        let endpoint = try #require(AWSEndpoint("http://127.0.0.1:\(port)"))
        let reply = try await HTTPTransport().send(
            AWSRequest(method: "GET", endpoint: endpoint), timeout: .seconds(10))
        #expect(reply.status == 307)
    }

    @Test func `nobody there is a failure, and soon`() async throws {
        // Port 1 of this machine: nothing listens there.
        let endpoint = try #require(AWSEndpoint("http://127.0.0.1:1"))
        await #expect(throws: TransportFailure.self) {
            _ = try await HTTPTransport().send(
                AWSRequest(method: "GET", endpoint: endpoint), timeout: .seconds(10))
        }
    }
}
