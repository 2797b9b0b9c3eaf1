// SPDX-License-Identifier: Apache-2.0

import Reports
import SpotMarket
import Testing
import TrainingJobs

@Suite struct PricesWordsTests {
    private static let today = LocalDate("2026-11-24")!
    private static let book = PriceBook([
        fact(.ec2, "p4d.24xlarge", nil, "21.957642", "2026-09-06"),
        fact(.ec2, "p4d.24xlarge", "use1-az1", "6.289", "2026-11-23"),
        fact(.ec2, "p4d.24xlarge", "use1-az2", "35.572", "2026-11-24"),
        fact(.ec2, "p5.48xlarge", nil, "55.04", "2026-11-30"),
    ])

    private static func fact(
        _ product: PriceProduct, _ type: String, _ zone: String?, _ dollars: String, _ day: String
    ) -> PriceFact {
        PriceFact(
            product: product, instanceType: type, region: "us-east-1", zone: nil, zoneId: zone,
            purchase: zone == nil ? .onDemand : .spot, pricePerHour: Money(dollars: dollars)!, asOf: LocalDate(day)!,
            source: "a list", origin: .list)
    }

    private static func sentence(
        _ product: PriceProduct, _ type: String, zone: String? = nil, _ purchase: PurchaseOption = .onDemand,
        _ use: PriceUse = .plan
    ) -> String {
        let query = PriceQuery(
            product: product, instanceType: type, region: "us-east-1", zone: zone, purchase: purchase)
        return PricesWords.sentence(book.answer(query, for: use, on: today))
    }

    @Test func `every answer is a sentence that says what to do`() {
        let refresh = "run: nightshift prices refresh --region us-east-1"
        let bill = PriceUse.bill(maximumAgeDays: 45)
        #expect(
            Self.sentence(.ec2, "p4d.24xlarge", zone: "use1-az1", .spot)
                == "ec2 p4d.24xlarge us-east-1 use1-az1 spot: $6.289/h as of 2026-11-23 (1 day, a list)")
        #expect(
            Self.sentence(.ec2, "p4d.24xlarge")
                == "ec2 p4d.24xlarge us-east-1 on-demand: $21.957642/h as of 2026-09-06 (79 days, a list): old, good for "
                + "a plan only; \(refresh)")
        #expect(
            Self.sentence(.ec2, "p4d.24xlarge", .onDemand, bill)
                == "ec2 p4d.24xlarge us-east-1 on-demand: the price is of 2026-09-06, 79 days old; a bill takes none "
                + "older than 45 days; \(refresh)")
        #expect(
            Self.sentence(.sageMakerTraining, "ml.p5.48xlarge")
                == "sagemaker-training ml.p5.48xlarge us-east-1 on-demand: not found; known, but something else: "
                + "ec2 p5.48xlarge us-east-1 on-demand $55.04/h; \(refresh)")
        #expect(
            Self.sentence(.ec2, "p6.48xlarge") == "ec2 p6.48xlarge us-east-1 on-demand: not found; \(refresh)")
        #expect(
            Self.sentence(.ec2, "ml.p4d.24xlarge")
                == "ec2 ml.p4d.24xlarge us-east-1 on-demand: ml.p4d.24xlarge is SageMaker's, and EC2's price is not its "
                + "price")
        #expect(
            Self.sentence(.sageMakerTraining, "p4d.24xlarge")
                == "sagemaker-training p4d.24xlarge us-east-1 on-demand: SageMaker's types begin with ml., and EC2's "
                + "price is not its price")
        #expect(
            Self.sentence(.sageMakerTraining, "ml.p4d.24xlarge", .spot)
                == "sagemaker-training ml.p4d.24xlarge us-east-1 spot: SageMaker has no Spot price; it bills fewer "
                + "seconds at the on-demand price")
        #expect(
            Self.sentence(.ec2, "p4d.24xlarge", .spot)
                == "ec2 p4d.24xlarge us-east-1 spot: which zone? Spot prices of one region differ, and an average is "
                + "nobody's price")
        #expect(
            Self.sentence(.ec2, "p5.48xlarge")
                == "ec2 p5.48xlarge us-east-1 on-demand: the price is dated 2026-11-30, which is still to come; check the "
                + "clock, or \(refresh)")
    }

    @Test func `the table shows a negative saving, a missing comparison and every age`() {
        let lone = PriceBook(Self.book.facts.filter { $0.purchase == .spot })
        #expect(PricesView(lone, today: Self.today).text.contains("on-demand price not found"))
        #expect(
            PricesView(Self.book, today: Self.today).text == """
                 product  type          region     zone      purchase          price  as of               age  against on-demand                                             source
                 ec2      p4d.24xlarge  us-east-1  –         on-demand  $21.957642/h  2026-09-06      79 days  –                                                             a list
                 ec2      p4d.24xlarge  us-east-1  use1-az1  spot           $6.289/h  2026-11-23        1 day  saves 71 %; prices 78 days apart                              a list
                 ec2      p4d.24xlarge  us-east-1  use1-az2  spot          $35.572/h  2026-11-24        today  saves -62 %: costs more than on-demand; prices 79 days apart  a list
                 ec2      p5.48xlarge   us-east-1  –         on-demand      $55.04/h  2026-11-30  dated ahead  –                                                             a list

                Prices older than 45 days are good for plans only; no bill is made with them.

                """)
        #expect(
            PricesView(PriceBook([]), today: Self.today).text == "not found: no price of that kind is in the book\n")
    }

    @Test("what a price rests on has its age as soon as bills refuse it")
    func provenance() {
        let offer = Offer(
            backend: "local", instanceType: "p4d.24xlarge", region: "us-east-1", zone: "us-east-1a",
            purchase: .onDemand)
        func words(_ day: String) -> String {
            PricesWords.provenance(
                PricedOffer(
                    offer: offer, rate: HourlyRate(microdollars: 1), priceAsOf: day, priceSource: "a market file"),
                on: Self.today)
        }
        #expect(words("2026-10-10") == "a market file, 2026-10-10")
        #expect(words("2026-10-09") == "a market file, 2026-10-09 (46 days old, good for a plan only)")
        #expect(words("2019-01-01") == "a market file, 2019-01-01 (2884 days old, good for a plan only)")
        #expect(words("2026-11-25") == "a market file, 2026-11-25 (dated ahead)")
        #expect(words("last year") == "a market file, last year (no date: its age is not known)")
        #expect(
            PricesWords.sentence(.inMarket(offer))
                == "p4d.24xlarge us-east-1a on-demand: not found: the market file does not list it; add it there")
    }

    @Test("a price written by hand is told to stay, says so in the table, and is never to be refreshed")
    func byHand() {
        var own = Self.fact(.ec2, "p4d.24xlarge", nil, "18", "2026-08-01")
        own.origin = nil
        let list = PriceBook([Self.fact(.ec2, "p4d.24xlarge", nil, "21.957642", "2026-11-24")])
        let book = list.merged(with: PriceBook([own]), on: Self.today)
        #expect(
            PricesWords.kept(in: book, against: list) == [
                "ec2 p4d.24xlarge us-east-1 on-demand: stays $18.00/h as written by hand (a list), not $21.957642/h of the "
                    + "list; to have the list's, remove it from price-book.json"
            ])
        #expect(PricesView(book, today: Self.today).text.contains("a list (written by hand)"))
        let query = PriceQuery(
            product: .ec2, instanceType: "p4d.24xlarge", region: "us-east-1", purchase: .onDemand)
        #expect(
            PricesWords.sentence(book.answer(query, for: .bill(maximumAgeDays: 45), on: Self.today))
                == "ec2 p4d.24xlarge us-east-1 on-demand: the price is of 2026-08-01, 115 days old; a bill takes none "
                + "older than 45 days: it was written by hand: write into price-book.json until when it holds, or "
                + "remove it")
    }

    @Test("a region or type of which the book has nothing is told, with the one that was meant")
    func unknown() {
        #expect(
            PricesWords.unknown("--region", ["us-esat-1", "us-east-1"], among: ["us-east-1", "eu-west-1"])
                == ["--region: no price of \"us-esat-1\" is in the book; did you mean us-east-1?"])
    }

    @Test func `the document says whether a price is good for bills, and leaves out what is not known`() throws {
        let document = PricesDocument(Self.book, today: Self.today)
        #expect(document.prices.map(\.goodForBills) == [false, true, true, false])
        #expect(document.prices.map(\.savingPercent) == [nil, 71, -62, nil])
        #expect(document.prices.map(\.savingDaysApart) == [nil, 78, 79, nil])
        #expect(document.prices.map(\.byHand) == [false, false, false, false])
        #expect(document.prices.map(\.saving) == [nil, .saves, .costsMore, nil])
        let text = try NightJSON.text(document)
        #expect(try NightJSON.document(PricesDocument.self, from: text) == document)
        #expect(text.contains(#""pricePerHour" : "21.957642""#))
    }
}
