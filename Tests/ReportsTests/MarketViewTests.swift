// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import SpotMarket
import Testing
import TrainingJobs

@Suite struct MarketViewTests {
    /// A rehearsed pool with little, a traced one with much, and one whose name is hostile with nothing.
    static let file: MarketModelFile = {
        func spells(_ side: PoolSpell.Side, _ hours: [Double], times: Int) -> [PoolSpell] {
            (0..<times).flatMap { _ in hours.map { PoolSpell(side: side, hours: $0, ended: $0 != hours.last) } }
        }
        func pool(_ backend: String?, _ type: String, _ zone: String) -> MarketPool {
            MarketPool(backend: backend, instanceType: type, zone: zone)
        }
        return MarketModelFile(
            fittedAt: Instant(iso8601: "2026-11-24T03:20:00Z")!,
            pools: [
                PoolFit(pool: pool("local", "\u{1B}[31m<g5>", "a"), nights: 1, traces: 0, spells: []),
                PoolFit(
                    pool: pool("local", "ml.p4d.24xlarge", "eu-west-1b"), nights: 12, traces: 0,
                    spells: spells(.up, [0.2, 1, 3.5], times: 4) + spells(.down, [0.1, 0.4], times: 2)),
                PoolFit(
                    pool: pool(nil, "v100_1", "us-west-2a"), nights: 0, traces: 1,
                    spells: spells(.up, [0.05, 0.2, 1, 5, 20, 60], times: 40)
                        + spells(.down, [0.05, 0.1, 0.1, 0.3, 2], times: 40)),
            ])
    }()

    @Test("the models in force are told with samples, hazards, intervals and the weight of the evidence")
    func text() throws {
        try Golden.expect(MarketView(Self.file).text, "market.txt")
        #expect(!MarketView(Self.file).text.contains("\u{1B}"))
        try Golden.expect(MarketView(nil).text, "market-shipped.txt")
    }

    @Test("the document has every figure, and says which law is in force")
    func json() throws {
        let document = MarketDocument(Self.file)
        let text = try NightJSON.text(document)
        try Golden.expect(text, "market.json")
        #expect(try NightJSON.document(MarketDocument.self, from: text) == document)
        let shipped = try NightJSON.text(MarketDocument(nil))
        #expect(shipped.contains("\"inForce\" : \"shipped\"") && shipped.contains("\"schemaVersion\" : 1"))
        #expect(!shipped.contains("fittedAt") && shipped.contains("\"pools\" : ["))
    }

    @Test("the picture shows what was seen against the fitted and the shipped curve")
    func picture() throws {
        let text = MarketSVG(Self.file.pools).text
        try Golden.expect(text, "market.svg")
        #expect(text.contains("<title>age 0 s to 12 min: 4 ended in 2.40 h, 1.67 per hour (0.868–3.06)</title>"))
        #expect(
            text.contains("<title>age 12 min to 24 min: none ended in 1.60 h, probably at most 0.845 per hour</title>"))
        #expect(text.contains("<title>fitted: "))
        #expect(!MarketSVG([]).text.contains("fitted"))
        for svg in [text, MarketSVG([]).text] { #expect(Elements(xml: svg) != nil) }
    }

    @Test("whatever was fitted, every place of the picture is a number inside it")
    func odd() throws {
        let odd: [[PoolSpell]] = [
            [PoolSpell(side: .up, hours: 1e5, ended: false)], [PoolSpell(side: .up, hours: 0, ended: true)],
            [PoolSpell](repeating: PoolSpell(side: .down, hours: 0.0001, ended: true), count: 20000),
            [PoolSpell(side: .down, hours: 1e5, ended: true)],
        ]
        for spells in odd {
            let fit = PoolFit(
                pool: MarketPool(backend: nil, instanceType: "t", zone: "z"), nights: 0, traces: 1, spells: spells)
            let text = MarketSVG([fit]).text
            #expect(Elements(xml: text) != nil)
            let places = text.matches(of: /\ (?:x|y|x1|x2|y1|y2|cx|cy)="([^"]*)"/).map { Double($0.output.1) }
            #expect(places.allSatisfy { $0.map { (0...860).contains($0) } ?? false }, "\(spells.count)")
            #expect(!MarketView(MarketModelFile(fittedAt: Self.file.fittedAt, pools: [fit])).text.contains("nan"))
        }
    }

    @Test("the page has a table and a picture for each pool, loads nothing and escapes names")
    func page() throws {
        let html = MarketPage(Self.file).html
        try Golden.expect(html, "market.html")
        #expect(html.components(separatedBy: "<figure>").count == 4)
        #expect(html.contains("&lt;g5&gt;") && !html.contains("<g5>"))
        #expect(
            !html.contains("http://") || !html.replacing("http://www.w3.org/2000/svg", with: "").contains("http://"))
        #expect(MarketPage(nil).html.contains("in force: the shipped law, for every pool; nothing was fitted yet"))
    }

    @Test("a pool that a new fit leaves out is told")
    func dropped() {
        #expect(
            MarketWords.dropped(Self.file.pools[2].pool)
                == "v100_1 us-west-2a: the earlier fit had it from a trace; name the trace again with --trace to keep it"
        )
    }
}
