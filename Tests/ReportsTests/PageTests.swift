// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import ScriptedNights
import Testing
import TrainingJobs

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct TimelineSVGTests {
    @Test func `the same night gives the same picture`() throws {
        let night = NightAt(ScriptedNights.eventful)
        try Golden.expect(
            try #require(TimelineSVG(night.timeline, night.bill, at: night.now, id: "night")).text, "night.svg")
    }

    @Test func `it is well-formed at every minute of every night`() throws {
        let nights = [
            ScriptedNights.eventful, ScriptedNights.late, ScriptedNights.kept(.budget),
            ScriptedNights.failed(.training("x")), Hostile.night,
        ]
        for events in nights {
            for minutes in stride(from: -10.0, through: 610, by: 10) {
                let night = NightAt(
                    [events[0]] + NightAt(events, minutes: max(0, minutes)).events.dropFirst(), minutes: max(0, minutes)
                )
                let text = try #require(TimelineSVG(night.timeline, night.bill, at: night.now, id: "n<\"")).text
                #expect(Elements(xml: text) != nil, "minute \(minutes)")
                #expect(!text.contains("NaN") && !text.contains("nan\"") && !text.contains("inf\""))
            }
        }
    }

    @Test(arguments: [(4, "23:01"), (40, "23:05"), (200, "23:30"), (540, "00:00"), (2880, "12:00")])
    func `the axis has ticks for short nights and long ones`(minutes: Int, label: String) throws {
        var terms = ScriptedNights.terms()
        terms.deadline = terms.start + .minutes(minutes)
        let night = NightAt([NightEvent(sequence: 1, at: terms.start, kind: .opened(terms))])
        let text = try #require(TimelineSVG(night.timeline, night.bill, at: night.now, id: "night")).text
        #expect(text.contains(">\(label)</text>"))
        #expect((3...15).contains(text.split(separator: "y=\"434\"").count))
    }

    @Test func `it is an image with words`() throws {
        let night = NightAt(ScriptedNights.eventful)
        let text = try #require(TimelineSVG(night.timeline, night.bill, at: night.now, id: "night")).text
        #expect(text.contains(#"role="img""#))
        #expect(
            text.contains(
                "aria-label=\"recommender 2026-11-25: ready 07:12 Europe/Dublin (07:12 UTC), 47 min before the "
                    + "deadline 08:00. 2 interruptions (1 with notice, 1 without). "
                    + "Redone work: 4 of 20 units, 48 min.\""
            ))
        for words in [
            "<title>00:53:00 launch a2: interrupted, without notice</title>",
            "<title>02:26:00 launch a3: interruption notice for 02:28:00</title>",
            "<title>launch a3, Spot ml.p4d.24xlarge eu-west-1b: work that a lost machine had "
                + "done already, 01:26:00–01:50:00 (24 min)</title>",
            ">latest safe switch 04:55</text>", ">deadline 08:00</text>", ">ready 07:12</text>",
        ] {
            #expect(text.contains(words), Comment(rawValue: words))
        }
    }
}

@Suite struct NightPageTests {
    @Test func `the page of a night, finished and running`() throws {
        let done = NightAt(ScriptedNights.eventful)
        try Golden.expect(try #require(NightPage(done.events, at: done.now)).html, "night.html")
        let live = NightAt(ScriptedNights.eventful, minutes: 300)
        try Golden.expect(try #require(NightPage(live.events, at: live.now)).html, "night-live.html")
    }

    @Test func `it loads and runs nothing`() throws {
        let night = NightAt(ScriptedNights.eventful)
        let html = try #require(NightPage(night.events, at: night.now)).html
        #expect(
            html.contains(
                #"content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">"#
            ))
        let links = html.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        for forbidden in ["<script", "http:", "https:", "src=", "href=", "@import", "url(http", " onload="] {
            #expect(!links.contains(forbidden), Comment(rawValue: forbidden))
        }
    }

    /// Hostile texts may not make, close or change an element: the page's tags are those of the same night with
    /// harmless texts.
    @Test func `hostile texts change no tag`() throws {
        let hostile = NightAt(Hostile.night)
        let html = try #require(NightPage(hostile.events, at: hostile.now)).html
        #expect(!html.unicodeScalars.contains { Hostile.isDangerous($0) })
        let allowed: Set<String> = [
            "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "span", "p",
            "dl",
            "div", "dt", "dd", "figure", "svg", "defs", "pattern", "path", "circle", "rect", "text", "line", "polyline",
            "g", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary",
            "footer",
        ]
        let tags = Self.tags(html)
        #expect(Set(tags.map(\.name)).isSubset(of: allowed))
        #expect(tags.allSatisfy { !$0.text.contains("onerror=") || $0.text.contains("&lt;") })
        for name in allowed.subtracting(["!DOCTYPE", "meta", "path", "rect", "circle", "line", "polyline"]) {
            let opened = tags.count { $0.name == name && !$0.text.hasPrefix("</") && !$0.text.hasSuffix("/>") }
            #expect(opened == tags.count { $0.name == name && $0.text.hasPrefix("</") }, Comment(rawValue: name))
        }
    }

    static func tags(_ html: String) -> [(name: String, text: String)] {
        html.split(separator: "<").dropFirst().compactMap { part in
            guard let end = part.firstIndex(of: ">") else { return nil }
            let inside = part[..<end]
            let name = inside.drop { $0 == "/" }.prefix { !$0.isWhitespace && $0 != "/" }
            return (String(name), "<\(inside)>")
        }
    }
}

/// Counts elements; `nil` when the text is not well-formed.
final class Elements: NSObject, XMLParserDelegate {
    private(set) var count = 0

    init?(xml: String) {
        super.init()
        let parser = XMLParser(data: Data(xml.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
        attributes attributeDict: [String: String] = [:]
    ) {
        count += 1
    }
}
