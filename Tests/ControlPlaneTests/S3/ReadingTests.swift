// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing
import TrainingJobs

@testable import ControlPlane

@Suite struct ReadingTests {
    @Test(
        "A range is the part it names, the whole where it is not understood, and refused where nothing of it is there",
        arguments: [
            (nil, ByteRange.whole), ("bytes=0-0", .part(0..<1)), ("bytes=2-4", .part(2..<5)),
            ("bytes=8-", .part(8..<10)),
            ("bytes=5-99", .part(5..<10)), ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)),
            ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=4-2", .whole),
            ("bytes=1-2,4-5", .whole),
            ("items=1-2", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=", .whole),
            ("bytes=9223372036854775808-", .whole),
        ] as [(String?, ByteRange)])
    func ranges(field: String?, range: ByteRange) {
        #expect(ByteRange(field, size: 10) == range)
    }

    @Test("A date in a header reads back as the second it was written from")
    func dates() {
        #expect(HTTPDate.text(Instant(milliseconds: 784_111_777_999)) == "Sun, 06 Nov 1994 08:49:37 GMT")
        for days in stride(from: Int64(0), to: 40_000, by: 13) {
            let instant = Instant(milliseconds: days * 86_400_000 + days * 7000)
            #expect(HTTPDate.instant(HTTPDate.text(instant)) == instant)
        }
        for text in ["", "yesterday", "Sun, 06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"] {
            #expect(HTTPDate.instant(text) == nil)
        }
    }

    private static func request(_ method: String, _ path: String, _ fields: HTTPFields = [:]) throws -> StageRequest {
        let method = try #require(HTTPRequest.Method(method))
        return try #require(
            StageRequest(
                HTTPRequest(
                    method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)))
    }

    @Test(
        "The address says what is asked of S3",
        arguments: [
            ("GET", "/", S3Operation.listBuckets), ("GET", "/b", .listObjects("b", version: 1)),
            ("GET", "/b/?list-type=2", .listObjects("b", version: 2)), ("PUT", "/b", .createBucket("b")),
            ("GET", "/b//", .getObject("b", "/")), ("GET", "/b/%2e%2E/x", .getObject("b", "../x")),
            ("GET", "/b/a+b", .getObject("b", "a+b")), ("HEAD", "/b/%C3%A9", .headObject("b", "\u{e9}")),
            ("POST", "/b?delete", .deleteObjects("b")), ("POST", "/b/k?uploads=", .createUpload("b", "k")),
            ("PUT", "/b/k?partNumber=2&uploadId=u", .uploadPart("b", "k", upload: "u", number: 2)),
            ("POST", "/b/k?uploadId=u", .completeUpload("b", "k", upload: "u")),
        ] as [(String, String, S3Operation)])
    func operations(method: String, path: String, operation: S3Operation) throws {
        #expect(try S3Operation(Self.request(method, path)) == operation)
    }

    @Test(
        "What the stage lacks is refused, and never taken for the object itself",
        arguments: [
            ("PUT", "/b/k?acl", 501), ("DELETE", "/b/k?tagging", 405), ("GET", "/b/k?versionId=1", 501),
            ("DELETE", "/b?policy", 501), ("PUT", "/b/k?uploadId=u&partNumber=0", 400),
            ("PUT", "/b/k?uploadId=u&partNumber=10001", 400), ("PATCH", "/b/k", 405), ("GET", "/b/%ff", 400),
            ("GET", "//k", 400), ("DELETE", "/", 405),
        ] as [(String, String, Int)])
    func refusals(method: String, path: String, status: Int) throws {
        let request = try Self.request(method, path)
        let error = #expect(throws: S3Error.self) { try S3Operation(request) }
        #expect(error?.status == status)
    }

    @Test("The target wins over the signature, and without either a form is a question to an identity service")
    func destinations() throws {
        let target = try Self.request("POST", "/", [try #require(.init("x-amz-target")): "Logs_20140328.GetLogEvents"])
        #expect(Destination(target, service: "s3") == .target(prefix: "Logs_20140328", operation: "GetLogEvents"))
        let plain = try Self.request("GET", "/b/k")
        #expect(Destination(plain, service: "s3") == .s3)
        #expect(Destination(plain, service: nil) == .s3)
        #expect(Destination(plain, service: "sts") == .query(service: "sts"))
        let form = try Self.request("POST", "/", [.contentType: "application/x-www-form-urlencoded; charset=utf-8"])
        #expect(Destination(form, service: nil) == .query(service: ""))
        #expect(Destination(try Self.request("GET", "/_nightshift/health"), service: "s3") == .health)
    }

    @Test("A percent sign that begins no octet makes a request none, and a path has to be one")
    func addresses() {
        for path in ["/?a=%zz", "/?a=%f", "http://evil/", "*", ""] {
            #expect(
                StageRequest(HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path)) == nil,
                "\(path)")
        }
    }
}
