// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import TrainingJobs

/// The calls that tell prices. All of them only read, and follow pages to the end.
package struct PriceCalls: Sendable {
    /// A product of `GetProducts` with its on-demand price dimensions.
    package struct Product: Hashable, Sendable {
        package var attributes: [String: String]
        package var rates: [Rate]
    }

    package struct Rate: Hashable, Sendable {
        package var unit: String
        /// By currency: `["USD": "21.9576420000"]`.
        package var prices: [String: String]
    }

    package struct SpotPrice: Hashable, Sendable {
        package var instanceType: String
        package var zone: String
        package var zoneId: String?
        package var price: String
        /// Since when it holds.
        package var since: Instant
    }

    /// A filter on equal terms.
    package struct Filter: Hashable, Sendable, Encodable {
        package var field: String
        package var value: String
        package var type = "TERM_MATCH"

        package init(_ field: String, _ value: String) {
            self.field = field
            self.value = value
        }
    }

    private let caller: AWSCaller
    /// Where the Price List itself is asked; it is in a few regions only.
    private let pricingRegion: String

    package init(_ caller: AWSCaller, pricingRegion: String = "us-east-1") {
        self.caller = caller
        self.pricingRegion = pricingRegion
    }

    /// Every value that an attribute of a service's products has.
    package func attributeValues(of attribute: String, service: String) async throws(AWSError) -> [String] {
        struct Question: Encodable { var serviceCode: String, attributeName: String, nextToken: String? }
        struct Answer: Decodable {
            struct Value: Decodable { var value: String }
            var attributeValues: [Value]
            var nextToken: String?
        }
        var values: [String] = []
        try await AWSPages.follow(of: .pricing) { token throws(AWSError) in
            let question = Question(serviceCode: service, attributeName: attribute, nextToken: token)
            let answer = try await self.ask("GetAttributeValues", question, Answer.self)
            values += answer.attributeValues.map(\.value)
            return answer.nextToken
        }
        return values
    }

    package func products(of service: String, where filters: [Filter]) async throws(AWSError) -> [Product] {
        struct Question: Encodable {
            var serviceCode: String, filters: [Filter], formatVersion = "aws_v1", nextToken: String?
        }
        struct Answer: Decodable { var priceList: [String], nextToken: String? }
        var products: [Product] = []
        try await AWSPages.follow(of: .pricing) { token throws(AWSError) in
            let question = Question(serviceCode: service, filters: filters, nextToken: token)
            let answer = try await self.ask("GetProducts", question, Answer.self)
            for text in answer.priceList { products.append(try Self.product(text)) }
            return answer.nextToken
        }
        return products
    }

    /// The price that holds now in each zone, of Linux machines.
    package func spotPrices(of types: [String], region: String, at now: Instant) async throws(AWSError) -> [SpotPrice] {
        var newest: [String: SpotPrice] = [:]
        try await AWSPages.follow(of: .ec2) { token throws(AWSError) in
            var fields = types.enumerated().map { AWSRequest.Field("InstanceType.\($0.offset + 1)", $0.element) }
            fields.append(.init("ProductDescription.1", "Linux/UNIX"))
            // With the same start and end AWS gives what holds at that moment.
            fields += [.init("StartTime", now.iso8601), .init("EndTime", now.iso8601)]
            if let token { fields.append(.init("NextToken", token)) }
            let body = try await self.caller.form(.ec2, region: region, operation: "DescribeSpotPriceHistory", fields)
            guard let root = XMLElement(body), let history = root.child("spotPriceHistorySet") else {
                throw .malformed(service: "EC2", what: "no spotPriceHistorySet")
            }
            for item in history.children {
                guard let price = SpotPrice(item) else { continue }
                let key = "\(price.instanceType) \(price.zone)"
                if newest[key].map({ $0.since < price.since }) ?? true { newest[key] = price }
            }
            return root.child("nextToken")?.text
        }
        return newest.values.sorted { ($0.instanceType, $0.zone) < ($1.instanceType, $1.zone) }
    }

    private func ask<Answer: Decodable>(
        _ operation: String, _ question: some Encodable, _ type: Answer.Type
    ) async throws(AWSError) -> Answer {
        guard let body = try? AWSJSON.encode(question) else {  // plain values: cannot fail
            preconditionFailure("a question that cannot be written")
        }
        let answer = try await caller.json(.pricing, region: pricingRegion, operation: operation, body: body)
        do { return try AWSJSON.decode(type, from: answer) } catch {
            throw .malformed(service: "PRICING", what: operation)
        }
    }

    private static func product(_ text: String) throws(AWSError) -> Product {
        struct Document: Decodable {
            struct Product: Decodable { var attributes: [String: String] }
            struct Term: Decodable { var priceDimensions: [String: Dimension] }
            struct Dimension: Decodable { var unit: String, pricePerUnit: [String: String] }
            var product: Product
            var terms: [String: [String: Term]]?
        }
        do {
            let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
            let terms = (document.terms?["OnDemand"] ?? [:]).sorted { $0.key < $1.key }
            let dimensions = terms.flatMap { $0.value.priceDimensions.sorted { $0.key < $1.key } }
            return Product(
                attributes: document.product.attributes,
                rates: dimensions.map { Rate(unit: $0.value.unit, prices: $0.value.pricePerUnit) })
        } catch { throw .malformed(service: "PRICING", what: "a price list entry") }
    }
}

extension PriceCalls.SpotPrice {
    fileprivate init?(_ item: XMLElement) {
        guard let type = item.child("instanceType")?.text, let zone = item.child("availabilityZone")?.text,
            let price = item.child("spotPrice")?.text,
            let since = item.child("timestamp").flatMap({ Instant(iso8601: $0.text) }),
            item.child("productDescription")?.text == "Linux/UNIX"
        else { return nil }
        self.init(
            instanceType: type, zone: zone, zoneId: item.child("availabilityZoneId")?.text, price: price, since: since)
    }
}
