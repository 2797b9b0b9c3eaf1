// SPDX-License-Identifier: Apache-2.0

import AWSClient
import SpotMarket
import TrainingJobs

/// Asks AWS for the prices of some types in one region.
struct PriceRefresh {
    let calls: PriceCalls
    let region: String
    /// EC2's names; SageMaker's are these with `ml.` before them.
    let types: [String]
    let now: Instant

    private var today: LocalDate { LocalDate(dayNumber: Int(now.milliseconds / 86_400_000)) }

    struct Result {
        var facts: [PriceFact] = []
        /// What AWS has no price for, or not one that could be told apart.
        var missing: [String] = []
    }

    func run() async throws -> Result {
        var result = Result()
        for type in types { add(try await ec2(type), "ec2 \(type)", to: &result) }
        let (training, hyperPod) = try await sageMaker()
        for type in types.map({ "ml.\($0)" }) {
            add(training.filter { $0.instanceType == type }, "sagemaker-training \(type)", to: &result)
            if let hyperPod {
                add(hyperPod.filter { $0.instanceType == type }, "sagemaker-hyperpod \(type)", to: &result)
            }
        }
        if hyperPod == nil { result.missing.append("sagemaker-hyperpod \(region): no one component has that name") }
        let spot = try await calls.spotPrices(of: types, region: region, at: now).compactMap { price -> PriceFact? in
            guard let money = Money(publishedDollars: price.price), money > .zero, money <= PriceFact.most else {
                return nil
            }
            return PriceFact(
                product: .ec2, instanceType: price.instanceType, region: region, zone: price.zone,
                zoneId: price.zoneId, purchase: .spot, pricePerHour: money, asOf: today,
                source: "EC2 DescribeSpotPriceHistory", origin: .list)
        }
        for type in types where !spot.contains(where: { $0.instanceType == type }) {
            result.missing.append("ec2 \(type) \(region) spot: not found")
        }
        result.facts += spot
        return result
    }

    private func ec2(_ type: String) async throws -> [PriceFact] {
        let products = try await calls.products(
            of: "AmazonEC2",
            where: [
                .init("regionCode", region), .init("instanceType", type), .init("operatingSystem", "Linux"),
                .init("tenancy", "Shared"), .init("preInstalledSw", "NA"), .init("capacitystatus", "Used"),
            ])
        return products.compactMap { PriceListEntry($0).onDemandFact(of: .ec2, asOf: today) }
    }

    /// SageMaker sells an instance type once for each of its components. How AWS calls training's is asked, and must be
    /// one of the answers: another component's price is not training's. HyperPod's nodes are its clusters; without a
    /// component of that name they are `nil`.
    private func sageMaker() async throws -> (training: [PriceFact], hyperPod: [PriceFact]?) {
        let attribute = "platoinstancetype"
        let values = try await calls.attributeValues(of: attribute, service: "AmazonSageMaker")
        let named = values.filter { $0.lowercased() == "training" }
        guard let component = named.first, named.count == 1 else {
            throw AWSError.malformed(
                service: "PRICING",
                what: "no one component of SageMaker is called training, but: \(values.joined(separator: ", "))")
        }
        func facts(_ component: String, _ product: PriceProduct) async throws -> [PriceFact] {
            let products = try await calls.products(
                of: "AmazonSageMaker", where: [.init("regionCode", region), .init(attribute, component)])
            return products.filter { $0.attributes[attribute] == component }
                .compactMap { PriceListEntry($0).onDemandFact(of: product, asOf: today) }
        }
        let clusters = values.filter { ["hyperpod", "cluster"].contains($0.lowercased()) }
        return (
            try await facts(component, .sageMakerTraining),
            clusters.count == 1 ? try await facts(clusters[0], .sageMakerHyperPod) : nil
        )
    }

    /// Two different prices of one thing are none: which one holds could only be guessed.
    private func add(_ facts: [PriceFact], _ name: String, to result: inout Result) {
        let here = facts.filter { $0.region == region }
        if let first = here.first, here.allSatisfy({ $0.pricePerHour == first.pricePerHour }) {
            result.facts.append(first)
        } else {
            let why = here.isEmpty ? "not found" : "AWS lists several prices, so none is taken"
            result.missing.append("\(name) \(region) on-demand: \(why)")
        }
    }
}

extension PriceListEntry {
    fileprivate init(_ product: PriceCalls.Product) {
        self.init(
            attributes: product.attributes, rates: product.rates.map { Rate(unit: $0.unit, usd: $0.prices["USD"]) })
    }
}
