// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import AWSClient

@Suite struct SigV4Tests {
    private struct Case: Codable {
        var method: String, url: String, headers: [[String]], body: String
        var access: String, secret: String, token: String?
        var service: String, region: String, time: String
        var expected: String
    }

    /// botocore's own signer over requests that the same script makes from a seed.
    private static let script = #"""
        import json, random, datetime, sys, urllib.parse
        from unittest import mock
        import botocore.auth as auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        choose = random.Random(int(sys.stdin.read()))
        letters = "abcXYZ019-_.~ /=&+%:;,@!$'()*é漢"
        def text(low, high):
            return "".join(choose.choice(letters) for _ in range(choose.randint(low, high)))
        cases = []
        for number in range(1000):
            time = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=choose.randrange(40_000_000))
            path = "/" + "/".join(urllib.parse.quote(text(1, 6).replace("/", ""), safe="-_.~") or "x" for _ in range(choose.randint(0, 3)))
            path = path.replace("/./", "/x/").replace("/../", "/x/")
            if any(part in (".", "..") for part in path.split("/")): path = "/x"
            query = "&".join(urllib.parse.quote(text(1, 4), safe="-_.~") + "=" + urllib.parse.quote(text(0, 5), safe="-_.~") for _ in range(choose.randint(0, 4)))
            host = choose.choice(["ec2.eu-west-1.amazonaws.com", "127.0.0.1:5000", "api.pricing.us-east-1.amazonaws.com"])
            scheme = "http" if host.startswith("127") else "https"
            url = scheme + "://" + host + path + ("?" + query if query else "")
            method = choose.choice(["POST", "GET", "PUT"])
            headers = [["Content-Type", choose.choice(["application/x-amz-json-1.1", "application/x-www-form-urlencoded; charset=utf-8"])]]
            if choose.random() < 0.7: headers.append(["X-Amz-Target", "AWSPriceListService." + choose.choice(["GetProducts", "GetAttributeValues"])])
            if choose.random() < 0.3: headers.append(["X-Amz-Meta", "  a   b  " + text(0, 3).replace("é", "").replace("漢", "")])
            if choose.random() < 0.3: headers.append(["User-Agent", "not signed"])
            body = text(0, 60) if method == "POST" else ""
            token = text(5, 20).strip() if choose.random() < 0.5 else None
            if token: token = "t" + "".join(c for c in token if ord(c) < 128).replace(" ", "") + "t"
            secret = text(20, 40)
            access = "AKIA" + str(choose.randrange(10**12))
            service = choose.choice(["ec2", "pricing", "sagemaker", "sts"])
            region = choose.choice(["eu-west-1", "us-east-1", "us-gov-west-1"])
            request = AWSRequest(method=method, url=url, data=body.encode())
            for name, value in headers: request.headers[name] = value
            class Fixed(datetime.datetime):
                @classmethod
                def utcnow(cls): return time
                @classmethod
                def now(cls, tz=None): return time.replace(tzinfo=tz)
            with mock.patch.object(auth, "get_current_datetime", lambda *a, **k: time, create=True), \
                 mock.patch.object(auth.datetime if hasattr(auth.datetime, "datetime") else auth, "datetime", Fixed):
                auth.SigV4Auth(Credentials(access, secret, token), service, region).add_auth(request)
            assert request.context["timestamp"] == time.strftime("%Y%m%dT%H%M%SZ"), request.context
            cases.append(dict(method=method, url=url, headers=headers, body=body, access=access, secret=secret,
                token=token, service=service, region=region, time=time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                expected=request.headers["Authorization"]))
        json.dump(cases, sys.stdout)
        """#

    @Test func `a thousand random requests are signed as botocore signs them`() throws {
        let seed = ProcessInfo.processInfo.environment["NIGHTSHIFT_SIGV4_SEED"] ?? "7"
        guard let output = try Python.run(Self.script, input: seed, needing: "botocore") else {
            print("skipped: Python's botocore is not installed")
            return
        }
        let cases = try JSONDecoder().decode([Case].self, from: Data(output.utf8))
        #expect(cases.count == 1000)
        for (index, expected) in cases.enumerated() {
            let request = try #require(Self.request(expected), "case \(index): \(expected.url)")
            let signed = SigV4(service: expected.service, region: expected.region).signed(
                request,
                with: Credentials(
                    accessKeyId: expected.access, secretAccessKey: Secret(expected.secret),
                    sessionToken: expected.token.map { Secret($0) }, expiration: nil, source: "a test"),
                at: try #require(Instant(iso8601: expected.time)))
            #expect(
                signed["Authorization"] == expected.expected,
                "seed \(seed), case \(index): \(expected.method) \(expected.url) \(expected.headers)")
        }
    }

    private static func request(_ known: Case) -> AWSRequest? {
        let halves = known.url.split(separator: "?", maxSplits: 1).map(String.init)
        let slash = halves[0].dropFirst(8).firstIndex(of: "/") ?? halves[0].endIndex
        guard let endpoint = AWSEndpoint(String(halves[0][..<slash])) else { return nil }
        var query: [AWSRequest.Field] = []
        for pair in halves.dropFirst().first?.split(separator: "&") ?? [] {
            let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
            query.append(.init(sides[0].removingPercentEncoding!, sides[1].removingPercentEncoding!))
        }
        return AWSRequest(
            method: known.method, endpoint: endpoint, path: String(halves[0][slash...]).removingPercentEncoding!,
            query: query, headers: known.headers.map { AWSRequest.Field($0[0], $0[1]) }, body: Array(known.body.utf8))
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
