// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

@testable import AWSClient

/// botocore's own signers over random requests: one process for all of them.
enum BotocoreSigner {
    enum Kind: String, Codable, CaseIterable { case headers, s3, s3Unsigned, presigned, s3Presigned }

    struct Case: Codable {
        var kind: Kind
        var method: String, url: String, headers: [[String]], body: String
        var access: String, secret: String, token: String?
        var service: String, region: String, time: String, lifetime: Int
        /// As botocore sends it.
        var signedURL: String, signedHeaders: [[String]]

        var credentials: Credentials {
            Credentials(
                accessKeyId: access, secretAccessKey: Secret(secret), sessionToken: token.map { Secret($0) },
                expiration: nil, source: "a test")
        }
    }

    static let seed = ProcessInfo.processInfo.environment["NIGHTSHIFT_SIGV4_SEED"] ?? "7"

    /// `nil` where botocore is not installed.
    static let cases: [Case]? = {
        // A test that needs it fails when the script does.
        guard let output = try? Python.run(script, input: seed, needing: "botocore") else { return nil }
        return try? JSONDecoder().decode([Case].self, from: Data(output.utf8))
    }()

    private static let script = #"""
        import json, random, datetime, sys, urllib.parse
        from unittest import mock
        import botocore.auth as auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        choose = random.Random(int(sys.stdin.read()))
        letters = "abcXYZ019-_.~ /=&+%:;,@!$'()*é漢"
        quote = lambda text: urllib.parse.quote(text, safe="-_.~")
        def text(low, high):
            return "".join(choose.choice(letters) for _ in range(choose.randint(low, high)))
        kinds = {"headers": "SigV4Auth", "s3": "S3SigV4Auth", "s3Unsigned": "S3SigV4Auth",
                 "presigned": "SigV4QueryAuth", "s3Presigned": "S3SigV4QueryAuth"}
        cases = []
        for number in range(4000):
            kind = choose.choice(list(kinds))
            time = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=choose.randrange(40_000_000))
            parts = [choose.choice(["", ".", ".."]) if choose.random() < 0.1 else quote(text(1, 6).replace("/", ""))
                     for _ in range(choose.randint(0, 4))]
            path = "/" + "/".join(parts)
            names = {}
            for _ in range(choose.randint(0, 4)): names.setdefault(text(1, 4), text(0, 5))
            query = "&".join(quote(name) + "=" + quote(value) for name, value in names.items())
            service = "s3" if kind.startswith("s3") else choose.choice(["ec2", "pricing", "sagemaker", "sts"])
            region = choose.choice(["eu-west-1", "us-east-1", "us-gov-west-1"])
            host = choose.choice([f"{service}.{region}.amazonaws.com", "127.0.0.1:5000"])
            scheme = "https" if host[0] != "1" or kind == "s3Unsigned" else "http"
            url = scheme + "://" + host + path + ("?" + query if query else "")
            presign = kind.lower().endswith("presigned")
            method = choose.choice(["GET", "PUT"] if presign else ["POST", "GET", "PUT"])
            headers = []
            if not presign:
                headers.append(["Content-Type", choose.choice(["application/x-amz-json-1.1", "application/x-www-form-urlencoded; charset=utf-8"])])
            if not presign and choose.random() < 0.7: headers.append(["X-Amz-Target", "SageMaker." + choose.choice(["ListTags", "CreateTrainingJob"])])
            if choose.random() < 0.3: headers.append(["X-Amz-Meta", "  a   b  " + text(0, 3).replace("é", "").replace("漢", "")])
            if choose.random() < 0.3: headers.append(["User-Agent", "not signed"])
            body = text(0, 60) if method != "GET" and not presign else ""
            token = "t" + "".join(c for c in text(5, 20) if ord(c) < 128).replace(" ", "") + "t" if choose.random() < 0.5 else None
            secret = text(20, 40)
            access = "AKIA" + str(choose.randrange(10**12))
            lifetime = choose.choice([1, 60, 3600, 604800])
            request = AWSRequest(method=method, url=url, data=body.encode())
            for name, value in headers: request.headers[name] = value
            if kind == "s3Unsigned": request.context["payload_signing_enabled"] = False; request.headers["Content-MD5"] = "x"; headers.append(["Content-MD5", "x"])
            arguments = [Credentials(access, secret, token), service, region] + ([lifetime] if presign else [])
            with mock.patch.object(auth, "get_current_datetime", lambda *a, **k: time):
                getattr(auth, kinds[kind])(*arguments).add_auth(request)
            assert request.context["timestamp"] == time.strftime("%Y%m%dT%H%M%SZ"), request.context
            cases.append(dict(kind=kind, method=method, url=url, headers=headers, body=body, access=access, secret=secret,
                token=token, service=service, region=region, time=time.strftime("%Y-%m-%dT%H:%M:%SZ"), lifetime=lifetime,
                signedURL=request.url, signedHeaders=[[n, v if isinstance(v, str) else v.decode()] for n, v in request.headers.items()]))
        json.dump(cases, sys.stdout)
        """#
}
