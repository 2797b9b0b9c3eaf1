// SPDX-License-Identifier: Apache-2.0

import Digests
import Testing
import TrainingJobs

@testable import AWSClient

@Suite struct VerifyTests {
    private struct Presented {
        var request: PresentedRequest
        var secret: Secret
        var now: Instant
        var known: BotocoreSigner.Case

        var verdict: SignatureVerdict { SigV4.verifies(request, with: secret, at: now) }
    }

    /// What a server sees of a case.
    private static func presented(_ known: BotocoreSigner.Case) throws -> Presented {
        let rest = known.signedURL.drop(while: { $0 != "/" }).dropFirst(2)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let mark = rest.firstIndex(of: "?") ?? rest.endIndex
        let headers =
            [AWSRequest.Field("Host", String(rest[..<min(slash, mark)]))]
            + known.signedHeaders.map { AWSRequest.Field($0[0], $0[1]) }
        let request = PresentedRequest(
            method: known.method, rawPath: String(rest[slash..<mark]), rawQuery: String(rest[mark...].dropFirst()),
            headers: headers, payloadHash: SHA256.hex(of: Array(known.body.utf8)))
        return Presented(
            request: request, secret: Secret(known.secret), now: try #require(Instant(iso8601: known.time)),
            known: known)
    }

    private static func all() throws -> [Presented] {
        guard let cases = BotocoreSigner.cases else {
            print("skipped: Python's botocore is not installed")
            return []
        }
        return try cases.map { try presented($0) }
    }

    @Test func `what botocore signed is verified, and any change of it is not`() throws {
        for (index, presented) in try Self.all().enumerated() {
            let place: Comment =
                "seed \(BotocoreSigner.seed), case \(index): \(presented.known.kind) \(presented.known.url)"
            #expect(presented.verdict == .match, place)
            guard index.isMultiple(of: 8) else { continue }
            var other = presented
            other.secret = Secret(presented.known.secret + "x")
            #expect(other.verdict == .mismatch, place)
            other = presented
            other.request.method = "DELETE"
            #expect(other.verdict == .mismatch, place)
            other = presented
            other.request.rawPath += "x"
            #expect(other.verdict == .mismatch, place)
            other = presented
            other.request.rawQuery += (other.request.rawQuery.isEmpty ? "" : "&") + "extra=1"
            #expect(other.verdict == .mismatch, place)
            other = presented
            other.request.headers[0].value = "elsewhere"
            #expect(other.verdict == .mismatch, place)
            other = presented
            other.request.headers.append(.init("x-amz-acl", "public-read"))
            #expect(other.verdict == .malformed("the header x-amz-acl is not signed"), place)
            other = presented
            other.request.payloadHash = SHA256.hex(of: [1])
            let bodyIsOpen = [.s3Unsigned, .s3Presigned].contains(presented.known.kind)
            #expect(other.verdict == (bodyIsOpen ? .match : .mismatch), place)
        }
    }

    @Test func `a signature says whose it is and for which service before it is proven`() throws {
        for presented in try Self.all() {
            guard case .signed(let signature) = PresentedSignature.read(presented.request) else {
                Issue.record("not read: \(presented.known.url)")
                continue
            }
            #expect(signature.accessKeyId == presented.known.access)
            #expect(signature.service == presented.known.service && signature.region == presented.known.region)
            #expect(signature.isPresigned == (presented.known.kind.rawValue.lowercased().hasSuffix("presigned")))
        }
    }

    @Test func `headers hold for a quarter of an hour, an address as long as it says, and neither before its time`()
        throws
    {
        for var presented in try Self.all().prefix(400) {
            let start = presented.now
            let isAddress = presented.known.kind.rawValue.lowercased().hasSuffix("presigned")
            let end = isAddress ? Duration.seconds(presented.known.lifetime) : .minutes(15)
            for (offset, verdict) in [
                (end, SignatureVerdict.match), (end + .milliseconds(1), .expired), (.minutes(-15), .match),
                (.minutes(-15) - .milliseconds(1), .expired),
            ] {
                presented.now = start + offset
                #expect(presented.verdict == verdict, "\(presented.known.kind) \(offset)")
            }
        }
    }

    private static let header =
        "AWS4-HMAC-SHA256 Credential=AK/20261124/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"

    @Test(arguments: [
        "AWS AK:sig", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=AK, SignedHeaders=host, Signature=0",
        "AWS4-ECDSA-P256-SHA256 Credential=AK/20261124/s3/aws4_request, SignedHeaders=host, Signature=0",
        header.replacing("20261124", with: "20261123"), header.replacing("host;", with: ""),
        header.replacing("host;x-amz-date", with: "x-amz-date;host"),
        header.replacing("Credential=AK", with: "Credential="),
        header.replacing("aws4_request", with: "aws4"),
    ])
    func `a signature that is none is malformed and no crash`(header: String) {
        let request = PresentedRequest(
            method: "GET", rawPath: "/", rawQuery: "",
            headers: [
                .init("Host", "h"), .init("X-Amz-Date", "20261124T042008Z"), .init("Authorization", header),
            ], payloadHash: nil)
        guard
            case .malformed = SigV4.verifies(request, with: Secret("s"), at: Instant(iso8601: "2026-11-24T04:20:08Z")!)
        else {
            Issue.record("\(header)")
            return
        }
    }

    @Test func `no signature is unsigned, two are malformed, and bad encoding is malformed`() {
        let now = Instant(iso8601: "2026-11-24T04:20:08Z")!
        func verdict(_ query: String, _ headers: [AWSRequest.Field], path: String = "/") -> SignatureVerdict {
            SigV4.verifies(
                PresentedRequest(method: "GET", rawPath: path, rawQuery: query, headers: headers, payloadHash: nil),
                with: Secret("s"), at: now)
        }
        #expect(verdict("list-type=2", []) == .unsigned)
        let header = AWSRequest.Field("Authorization", Self.header),
            date = AWSRequest.Field("X-Amz-Date", "20261124T042008Z")
        #expect(
            verdict("X-Amz-Signature=0", [header, date])
                == .malformed("it is signed twice: in a header and in the address"))
        #expect(verdict("X-Amz-Date=%zz", [header, date]) == .malformed("query: not encoded"))
        #expect(
            verdict("", [.init("Host", "h"), header, date], path: "/%f") == .malformed("the address is not encoded"))
        #expect(verdict("", [header]) == .malformed("X-Amz-Date is missing"))
        #expect(verdict("", [header, date]) == .mismatch)
    }
}
