// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import AWSClient

@Suite struct SigV4Tests {
    @Test func `thousands of random requests are signed as botocore signs them`() throws {
        guard let cases = BotocoreSigner.cases else {
            print("skipped: Python's botocore is not installed")
            return
        }
        #expect(cases.count == 4000)
        for (index, known) in cases.enumerated() {
            let request = try #require(Self.request(known), "case \(index): \(known.url)")
            let signer = SigV4(service: known.service, region: known.region)
            let now = try #require(Instant(iso8601: known.time))
            let place: Comment =
                "seed \(BotocoreSigner.seed), case \(index): \(known.kind) \(known.method) \(known.url)"
            switch known.kind {
            case .presigned, .s3Presigned:
                let signed = signer.presigned(
                    request, with: known.credentials, at: now, for: .seconds(known.lifetime))
                #expect(signed.address == known.signedURL, place)
            case .headers, .s3, .s3Unsigned:
                let signed = signer.signed(
                    request, with: known.credentials, at: now,
                    payload: known.kind == .s3Unsigned ? .unsigned : .hashed)
                #expect(
                    signed["Authorization"] == known.signedHeaders.first { $0[0] == "Authorization" }?[1], place)
            }
        }
    }

    private static func request(_ known: BotocoreSigner.Case) -> AWSRequest? {
        let halves = known.url.split(separator: "?", maxSplits: 1).map(String.init)
        let slash = halves[0].dropFirst(8).firstIndex(of: "/") ?? halves[0].endIndex
        guard let endpoint = AWSEndpoint(String(halves[0][..<slash])),
            let path = PresentedRequest.decoded(String(halves[0][slash...]))
        else { return nil }
        var query: [AWSRequest.Field] = []
        for pair in halves.dropFirst().first?.split(separator: "&") ?? [] {
            let sides = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard let name = PresentedRequest.decoded(sides[0]), let value = PresentedRequest.decoded(sides[1]) else {
                return nil
            }
            query.append(.init(name, value))
        }
        return AWSRequest(
            method: known.method, endpoint: endpoint, path: path, query: query,
            headers: known.headers.map { AWSRequest.Field($0[0], $0[1]) }, body: Array(known.body.utf8))
    }

    @Test func `signing again replaces a signature`() throws {
        let request = AWSRequest(method: "GET", endpoint: try #require(AWSEndpoint("http://127.0.0.1:1")))
        let credentials = Credentials(
            accessKeyId: "AKIA", secretAccessKey: Secret("s"), sessionToken: Secret("t"), expiration: nil, source: "x")
        let signer = SigV4(service: "ec2", region: "eu-west-1")
        let now = Instant(milliseconds: 1_764_000_000_000)
        let once = signer.signed(request, with: credentials, at: now)
        #expect(signer.signed(once, with: credentials, at: now) == once)
    }

    @Test func `a secret shows itself nowhere`() {
        let credentials = Credentials(
            accessKeyId: "AKIA", secretAccessKey: Secret("wJalr"), sessionToken: Secret("token"), expiration: nil,
            source: "environment")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\(credentials.secretAccessKey)"] {
            #expect(!text.contains("wJalr") && !text.contains("token\""), "\(text)")
        }
        #expect(dumped.contains("<redacted>"))
    }
}
