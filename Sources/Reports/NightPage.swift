// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The night on one page of HTML: nothing is loaded, nothing is run, and it prints.
package struct NightPage: Sendable {
    let events: [NightEvent]
    let timeline: Timeline
    let bill: Bill
    let summary: NightSummary
    let clock: ClockText
    let now: Instant

    /// Folds the events itself: the page lists them too. `nil` for a night that was not opened.
    package init?(_ events: [NightEvent], at now: Instant) {
        let (timeline, bill) = (Timeline(events), Bill(events))
        guard let summary = NightSummary(timeline, bill, at: now) else { return nil }
        self.events = events
        self.timeline = timeline
        self.bill = bill
        self.summary = summary
        self.now = now
        clock = summary.terms.clock
    }

    /// Nothing may be fetched or run, even if a text should ever break out; an embedding page may send it as a header.
    package static let contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

    package var html: String {
        HTMLPage.text(title: "\(summary.terms.title) – \(badge.words)", sections)
    }

    private var sections: [String] {
        [header, tiles, figure, machines, time, decisions, promise, eventList, footer]
    }

    private var header: String {
        let sentence = OutcomeSentence(summary)
        return """
            <header><h1>\(HTMLText.escaped(summary.terms.title))</h1>\
            <span class="badge \(badge.style)">\(HTMLText.escaped("\(badge.sign) \(badge.words)"))</span></header>
            <p class="lead">\(HTMLText.escaped(sentence.timeWithoutTitle.sentenceCased)).</p>
            <p class="lead soft">\(HTMLText.escaped(sentence.money)).</p>
            """
    }

    /// The outcome in one word, with a sign and a colour that repeat it.
    private var badge: (sign: String, words: String, style: String) {
        switch summary.outcome {
        case .completed(_, late: false): ("✓", "ready in time", "good")
        case .completed(_, late: true): ("!", "ready, but late", "warn")
        case .keptPrevious: ("!", "kept the previous model", "warn")
        case .failed: ("✕", "failed", "bad")
        case nil: ("●", OutcomeWords.phase(summary), "live")
        }
    }

    private var figure: String {
        let picture = TimelineSVG(timeline, bill, at: now, id: "night")?.text ?? ""
        return """
            <h2>The night</h2>
            <figure>
            \(picture)<figcaption>Times are \(HTMLText.escaped(clock.zoneName)). Point at a band or a mark for \
            details; the tables below say the same.</figcaption>
            </figure>
            """
    }

    private var footer: String {
        let local = "\(clock.date(summary.at)) \(clock.seconds(summary.at)) \(clock.zoneName)"
        return """
            <footer>Night \(HTMLText.escaped(summary.terms.night)), as of \(HTMLText.escaped(local)) \
            (\(summary.at.iso8601)), journal events 1 to \(timeline.lastSequence). Costs are computed from billed time \
            and the prices above; what the platform reported replaces them. Figures after “about” are \
            forecasts.</footer>
            """
    }
}

extension String {
    fileprivate var sentenceCased: String { prefix(1).uppercased() + dropFirst() }
}
