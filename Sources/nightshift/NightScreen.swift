// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightEngine
import Reports
import TrainingJobs

/// Shows a running night: one live picture on a terminal, plain lines elsewhere.
actor NightScreen {
    enum Style: Sendable { case live, lines, jsonLines, silent }

    private let style: Style
    private var painter: LivePainter
    private var timeline: Timeline
    private var bill: Bill
    private var words: EventLines
    private var paintedAt = Date.distantPast

    init(style: Style, past events: [NightEvent], timeZone: String) {
        self.style = style
        painter = LivePainter(isTerminal: style == .live)
        timeline = Timeline(events)
        bill = Bill(events)
        words = EventLines(clock: ClockText(timeZone: timeZone))
        for event in events { _ = words.lines(for: event) }
    }

    func show(_ events: [NightEvent], at now: Instant) {
        for event in events {
            timeline.apply(event)
            bill.apply(event)
        }
        let lines = events.flatMap { words.lines(for: $0) }
        switch style {
        case .live:
            // Ten pictures a second are enough for anybody.
            guard !events.isEmpty || Date.now.timeIntervalSince(paintedAt) > 0.1 else { return }
            paintedAt = .now
            guard let summary = NightSummary(timeline, bill, at: now) else { return }
            let view = LiveView(summary, width: Console.width, style: Console.isUTF8 ? .unicode : .ascii)
            Console.paint(painter.paint(view.lines, above: lines))
        case .lines:
            for line in lines { Console.tell(line) }
        case .jsonLines:
            // An event that the journal took encodes.
            for event in events { if let line = try? NightJSON.line(event) { Console.print(line) } }
        case .silent:
            break
        }
    }

    func clear() {
        if style == .live { Console.paint(painter.clear()) }
    }
}
