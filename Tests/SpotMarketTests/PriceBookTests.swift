// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

/// The traps of prices, by name.
@Suite struct PriceBookTests {
    static let today = LocalDate("2026-11-24")!

    static func fact(
        _ dollars: String, _ product: PriceProduct = .ec2, _ type: String = "p4d.24xlarge",
        _ region: String = "us-east-1", zone: String? = nil, zoneId: String? = nil, asOf: String = "2026-11-20"
    ) -> PriceFact {
        PriceFact(
            product: product, instanceType: type, region: region, zone: zone, zoneId: zoneId,
            purchase: zone == nil && zoneId == nil ? .onDemand : .spot, pricePerHour: Money(dollars: dollars)!,
            asOf: LocalDate(asOf)!, source: "a test")
    }

    private static func ask(
        _ facts: [PriceFact], _ product: PriceProduct = .ec2, _ type: String = "p4d.24xlarge",
        _ region: String = "us-east-1", zone: String? = nil, buying purchase: PurchaseOption = .onDemand,
        for use: PriceUse = .plan
    ) -> PriceAnswer {
        PriceBook(facts).answer(
            PriceQuery(product: product, instanceType: type, region: region, zone: zone, purchase: purchase), for: use,
            on: today)
    }

    @Test func `trap 1: a price of ml.* is never EC2's, whichever of the two is asked`() {
        let facts = [
            Self.fact("21.957642"), Self.fact("25.251286", .sageMakerTraining, "ml.p4d.24xlarge"),
        ]
        #expect(Self.ask(facts).fact?.pricePerHour.dollars == "21.957642")
        #expect(Self.ask(facts, .sageMakerTraining, "ml.p4d.24xlarge").fact?.pricePerHour.dollars == "25.251286")
        for (product, type) in [(PriceProduct.ec2, "ml.p4d.24xlarge"), (.sageMakerTraining, "p4d.24xlarge")] {
            guard case .refused(.otherProduct) = Self.ask(facts, product, type) else {
                Issue.record("\(product) sold \(type)")
                continue
            }
        }
        guard case .notFound(_, let near) = Self.ask([facts[0]], .sageMakerTraining, "ml.p4d.24xlarge") else {
            Issue.record("EC2's price stood in for SageMaker's")
            return
        }
        #expect(near == [facts[0]])
    }

    @Test func `trap 2: another component's price of SageMaker is not training's`() {
        let studio = Self.fact("25.251286", .sageMakerJupyterLab, "ml.p4d.24xlarge")
        guard case .notFound(_, [studio]) = Self.ask([studio], .sageMakerTraining, "ml.p4d.24xlarge") else {
            Issue.record("JupyterLab's price stood in for training's")
            return
        }
    }

    @Test func `trap 3: SageMaker has no Spot price`() {
        let facts = [Self.fact("25", .sageMakerTraining, "ml.p4d.24xlarge"), Self.fact("10", zone: "us-east-1a")]
        let answer = Self.ask(facts, .sageMakerTraining, "ml.p4d.24xlarge", zone: "us-east-1a", buying: .spot)
        guard case .refused(.noSpotPrice) = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test(arguments: [("26.344400", "26.344400"), ("25.251740", "25.251700"), ("27.432980", "27.433000")])
    func `trap 4: where Spot equals on-demand, nothing is saved`(onDemand: String, spot: String) throws {
        let saving = try #require(PriceSaving(spot: Self.fact(spot, zoneId: "aps1-az2"), onDemand: Self.fact(onDemand)))
        #expect(saving.verdict == .equal)
        #expect(saving.percent == 0)
    }

    @Test func `trap 5: a negative saving is shown as such`() throws {
        let saving = try #require(PriceSaving(spot: Self.fact("81", zone: "ca-central-1a"), onDemand: Self.fact("50")))
        #expect(saving.verdict == .costsMore)
        #expect(saving.percent == -62)
        #expect(PriceSaving(spot: Self.fact("10", zone: "a"), onDemand: Self.fact("33"))?.percent == 70)
        #expect(PriceSaving(spot: Self.fact("0.0001", zone: "a"), onDemand: Self.fact("33"))?.percent == 99)
    }

    @Test func `trap 6: a missing price is not found, and a price of 0 is none`() {
        #expect(Self.ask([]).fact == nil)
        guard case .notFound(_, []) = Self.ask([]) else {
            Issue.record("an empty book had an answer")
            return
        }
        #expect(PriceBook([Self.fact("0"), Self.fact("-1", .ec2, "p5.48xlarge")]).problems.count == 2)
        #expect(PriceBook([Self.fact("0.000001")]).problems.isEmpty)
    }

    @Test func `trap 7: another region's price does not stand in`() {
        guard case .notFound(_, let near) = Self.ask([Self.fact("21.95764")], .ec2, "p4d.24xlarge", "eu-west-1") else {
            Issue.record("us-east-1's price was eu-west-1's")
            return
        }
        #expect(near.count == 1)
    }

    @Test func `trap 8: a zone's name and its id are different words, and another zone's Spot price does not stand in`()
    {
        let facts = [
            Self.fact("12.4991", zone: "us-east-1a", zoneId: "use1-az6"), Self.fact("6.289", zoneId: "use1-az1"),
        ]
        #expect(Self.ask(facts, zone: "us-east-1a", buying: .spot).fact == facts[0])
        #expect(Self.ask(facts, zone: "use1-az6", buying: .spot).fact == facts[0])
        #expect(Self.ask(facts, zone: "use1-az1", buying: .spot).fact == facts[1])
        #expect(Self.ask(facts, zone: "us-east-1b", buying: .spot).fact == nil)
        guard case .refused(.zoneMissing) = Self.ask(facts, buying: .spot) else {
            Issue.record("a Spot price without a zone")
            return
        }
    }

    @Test func `trap 9: an old price is refused for a bill, and a plan may use it`() {
        let limit = PriceUse.bill(maximumAgeDays: PriceUse.defaultMaximumAgeDays)
        let edge = Self.fact("21", asOf: "2026-10-10"), old = Self.fact("33", asOf: "2026-10-09")
        #expect(Self.ask([edge], for: limit) == .found(edge, ageDays: 45))
        #expect(Self.ask([old], for: limit) == .refused(.tooOld(old, ageDays: 46, maximumAgeDays: 45)))
        #expect(Self.ask([old]) == .found(old, ageDays: 46))
    }

    @Test func `trap 10: of two prices the newer one holds, and one dated ahead is refused`() {
        let cut = Self.fact("21.957642", asOf: "2025-06-10"), before = Self.fact("32.7726", asOf: "2025-05-01")
        for facts in [[cut, before], [before, cut]] {
            #expect(Self.ask(facts).fact == cut)
            #expect(PriceBook([facts[0]]).merged(with: PriceBook([facts[1]]), on: Self.today).facts == [cut])
        }
        let ahead = Self.fact("20", asOf: "2026-11-25")
        #expect(Self.ask([ahead]) == .refused(.datedAhead(ahead)))
        #expect(PriceBook([cut, before]).problems.count == 1)
    }

    @Test("a price dated ahead gives way to every other, from whichever book it comes")
    func datedAhead() {
        let ahead = Self.fact("20", asOf: "2099-01-01"), now = Self.fact("21.957642")
        for books in [[ahead, now], [now, ahead]] {
            let merged = PriceBook([books[0]]).merged(with: PriceBook([books[1]]), on: Self.today)
            #expect(merged.facts == [now])
            #expect(Self.ask(books).fact == now)
        }
    }

    @Test("a price of a list never takes the place of one that was written by hand")
    func byHand() throws {
        let negotiated = Self.fact("18", asOf: "2026-08-01")
        var listed = Self.fact("21.957642", asOf: "2026-11-24")
        listed.origin = .list
        for books in [[negotiated, listed], [listed, negotiated]] {
            let merged = PriceBook([books[0]]).merged(with: PriceBook([books[1]]), on: Self.today)
            #expect(merged.facts == [negotiated])
            #expect(Self.ask(books).fact == negotiated)
        }
        #expect(PriceBook.shipped.facts.allSatisfy { $0.origin == .list })
        // Written as docs/prices.md has it: no origin at all.
        let text = #"""
            {"product": "ec2", "instanceType": "p4d.24xlarge", "region": "us-east-1", "purchase": "on-demand",
             "pricePerHour": "18.000000", "asOf": "2026-08-01", "source": "a test"}
            """#
        #expect(try JSONDecoder().decode(PriceFact.self, from: Data(text.utf8)) == negotiated)
    }

    @Test("one zone stands once in a book, also when one source lacks its id")
    func oneZone() {
        let byName = Self.fact("12", zone: "us-east-1a", asOf: "2026-11-01")
        let both = Self.fact("13", zone: "us-east-1a", zoneId: "use1-az6", asOf: "2026-11-02")
        let byId = Self.fact("14", zoneId: "use1-az6", asOf: "2026-11-03")
        let all = [byName, both, byId]
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let merged = PriceBook(order.map { all[$0] }).merged(with: PriceBook([]), on: Self.today)
            #expect(merged.facts.map(\.pricePerHour.dollars) == ["14.000000"])
            #expect(merged.facts.map(\.zone) == ["us-east-1a"])
            #expect(merged.facts.map(\.zoneId) == ["use1-az6"])
        }
        #expect(PriceBook([byName, both]).problems.count == 1)
        // Nobody has said that they are one.
        #expect(PriceBook([byName]).merged(with: PriceBook([byId]), on: Self.today).facts.count == 2)
        let other = Self.fact("15", zone: "us-east-1a", zoneId: "use1-az4")
        #expect(PriceBook([both]).merged(with: PriceBook([other]), on: Self.today).facts.count == 2)
    }

    @Test("a price beyond all bounds is a problem, not a crash")
    func bounds() {
        let full = Self.fact("200000000000"), spot = Self.fact("10", zone: "us-east-1a")
        #expect(PriceBook([full, spot]).problems.count == 1)
        #expect(PriceBook([full, spot]).problems[0].contains("more than a million dollars an hour"))
        let most = Self.fact("1000000")
        #expect(PriceBook([most, spot]).problems.isEmpty)
        #expect(PriceBook([most]).saving(of: spot, on: Self.today)?.percent == 99)
    }

    @Test("the two prices of a saving tell how far apart their days are")
    func daysApart() {
        let full = Self.fact("21.957642", asOf: "2026-09-06")
        let spot = Self.fact("6.289", zone: "us-east-1a", asOf: "2025-06-30")
        #expect(PriceBook([full]).saving(of: spot, on: Self.today)?.daysApart == 433)
    }

    @Test(arguments: [
        ("21.9576420000", "21.957642"), ("0.0000004999", "0.000000"), ("0.0000005", "0.000001"), ("33", "33.000000"),
        ("25.2512860", "25.251286"),
    ])
    func `AWS's decimals are read to the micro-dollar`(text: String, dollars: String) {
        #expect(Money(publishedDollars: text)?.dollars == dollars)
    }

    @Test(arguments: ["", "-1", "-0.0000001", "1e3", "1,5", "0x10", " 1", "1.0000000x", ".5000000"])
    func `what is no plain decimal is no price`(text: String) { #expect(Money(publishedDollars: text) == nil) }
}
