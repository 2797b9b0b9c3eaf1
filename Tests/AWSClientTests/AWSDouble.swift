// SPDX-License-Identifier: Apache-2.0

import FlyingFox
import FlyingSocks
import Foundation

@testable import AWSClient

/// AWS's Price List and EC2 on a loopback port, in their own shapes: pages, JSON within JSON, XML, throttling once, and
/// a signature that is checked.
actor AWSDouble {
    static let secret = "wJalrXUtnFEMI/K7MDENG"
    private(set) var calls: [String] = []
    private(set) var complaints: [String] = []
    private let refuses: Bool

    init(refuses: Bool = false) { self.refuses = refuses }

    /// Serves while `body` runs; hands it the address.
    func serve<Result: Sendable>(_ body: @Sendable (String) async throws -> Result) async throws -> Result {
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled,
            handler: ClosureHTTPHandler { try await self.answer($0) })
        let running = Task { try await server.run() }
        defer { running.cancel() }
        try await server.waitUntilListening(timeout: 120)
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw TransportFailure("no address") }
        return try await body("http://127.0.0.1:\(port)")
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try await request.bodyData
        let target = request.headers[HTTPHeader("X-Amz-Target")].map { String($0.split(separator: ".").last!) }
        let form = String(decoding: body, as: UTF8.self)
        let operation = target ?? (form.contains("Action=DescribeSpotPriceHistory") ? "DescribeSpotPriceHistory" : "?")
        calls.append(operation)
        check(request, body, service: target == nil ? "ec2" : "pricing")
        if refuses {
            return json(400, #"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not you"}"#)
        }
        if calls.count == 1 { return json(400, #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#) }
        switch operation {
        case "GetAttributeValues": return json(200, Self.attributeValues)
        case "GetProducts": return json(200, products(body))
        case "DescribeSpotPriceHistory":
            return HTTPResponse(
                statusCode: .ok, headers: HTTPHeaders([.contentType: "text/xml;charset=UTF-8"]),
                body: Data(Self.spot(second: form.contains("NextToken=page%202")).utf8))
        default: return HTTPResponse(statusCode: .badRequest)
        }
    }

    private func check(_ request: HTTPRequest, _ body: Data, service: String) {
        let authorization = request.headers[.authorization] ?? ""
        if !authorization.contains("/\(service)/aws4_request") {
            complaints.append("signed for another: \(authorization)")
        }
        if !authorization.contains("content-type;host;x-amz-date") { complaints.append("unsigned: \(authorization)") }
        if String(decoding: body, as: UTF8.self).contains(Self.secret) || "\(request.headers)".contains(Self.secret) {
            complaints.append("the secret was sent")
        }
    }

    private func json(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            statusCode: HTTPStatusCode(status, phrase: ""),
            headers: HTTPHeaders([.contentType: "application/x-amz-json-1.1"]),
            body: Data(text.utf8))
    }

    private static let attributeValues =
        #"{"AttributeValues":[{"Value":"Hosting"},{"Value":"Studio-JupyterLab"},{"Value":"Training"}],"FormatVersion":"aws_v1"}"#

    /// The first page holds traps, the second the price that was asked for.
    private func products(_ body: Data) -> String {
        guard let question = try? JSONSerialization.jsonObject(with: body) as? [String: Any],
            let filters = question["Filters"] as? [[String: String]]
        else { return "{}" }
        let asked = Dictionary(uniqueKeysWithValues: filters.map { ($0["Field"]!, $0["Value"]!) })
        if filters.contains(where: { $0["Type"] != "TERM_MATCH" }) { complaints.append("a filter without a type") }
        let isEC2 = question["ServiceCode"] as? String == "AmazonEC2"
        let region = asked["regionCode"] ?? ""
        if question["NextToken"] == nil {
            let traps =
                isEC2
                ? [
                    Self.entry(ec2(region, ["capacitystatus": "UnusedCapacityReservation"]), "0.0000000000"),
                    Self.entry(ec2(region, ["operatingSystem": "Windows"]), "26.3736420000"),
                    Self.entry(ec2("us-west-2", [:]), "99.0000000000"),
                ]
                : [Self.entry(training(region, "Studio-JupyterLab"), "25.2512860000")]
            return page(traps, next: "page 2")
        }
        let known = isEC2 && asked["instanceType"] != "p4d.24xlarge"
        if known { return page([], next: nil) }
        return page(
            [
                isEC2
                    ? Self.entry(ec2(region, [:]), "23.7156900000")
                    : Self.entry(training(region, "Training"), "27.2730440000")
            ], next: nil)
    }

    private func ec2(_ region: String, _ change: [String: String]) -> [String: String] {
        [
            "instanceType": "p4d.24xlarge", "regionCode": region, "operatingSystem": "Linux", "tenancy": "Shared",
            "preInstalledSw": "NA", "capacitystatus": "Used", "licenseModel": "No License required",
            "marketoption": "OnDemand", "operation": "RunInstances",
        ].merging(change) { $1 }
    }

    private func training(_ region: String, _ component: String) -> [String: String] {
        [
            "instanceName": "ml.p4d.24xlarge", "instanceType": "ml.p4d.24xlarge-\(component)", "regionCode": region,
            "platoinstancetype": component, "operation": "RunInstance",
        ]
    }

    private static func entry(_ attributes: [String: String], _ usd: String) -> [String: Any] {
        [
            "product": ["productFamily": "Compute Instance", "attributes": attributes, "sku": "ABC"],
            "serviceCode": "AmazonEC2", "version": "20261101",
            "terms": [
                "OnDemand": [
                    "ABC.JRTC": [
                        "priceDimensions": [
                            "ABC.JRTC.6YS6": ["unit": "Hrs", "pricePerUnit": ["USD": usd], "beginRange": "0"]
                        ], "sku": "ABC", "effectiveDate": "2026-11-01T00:00:00Z",
                    ]
                ]
            ],
        ]
    }

    private func page(_ entries: [[String: Any]], next: String?) -> String {
        // Plain dictionaries: cannot fail.
        let texts = entries.map { String(decoding: try! JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
        var document: [String: Any] = ["FormatVersion": "aws_v1", "PriceList": texts]
        document["NextToken"] = next
        return String(decoding: try! JSONSerialization.data(withJSONObject: document), as: UTF8.self)
    }

    private static func spot(second: Bool) -> String {
        func item(_ zone: String, _ id: String, _ price: String, _ time: String, _ system: String = "Linux/UNIX")
            -> String
        {
            """
            <item><instanceType>p4d.24xlarge</instanceType><productDescription>\(system)</productDescription>\
            <spotPrice>\(price)</spotPrice><timestamp>\(time)</timestamp><availabilityZone>\(zone)</availabilityZone>\
            <availabilityZoneId>\(id)</availabilityZoneId></item>
            """
        }
        let first = [
            item("eu-west-1a", "euw1-az2", "11.548000", "2026-11-20T03:00:00.000Z"),
            item("eu-west-1a", "euw1-az2", "12.000000", "2026-11-10T03:00:00.000Z"),
            item("eu-west-1a", "euw1-az2", "16.000000", "2026-11-21T03:00:00.000Z", "Windows"),
        ]
        let items = second ? [item("eu-west-1b", "euw1-az3", "23.715690", "2026-11-20T03:00:00.000Z")] : first
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
                <requestId>b6d8dd1c</requestId>
                <spotPriceHistorySet>\(items.joined())</spotPriceHistorySet>
                <nextToken>\(second ? "" : "page 2")</nextToken>
            </DescribeSpotPriceHistoryResponse>
            """
    }
}
