// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct LiveViewTests {
    @Test func `every phase of a night reads well`() throws {
        var text = ""
        for minutes in [0, 5, 28, 35, 60, 115, 207, 300, 370, 387, 450, 492.8, 500] {
            let lines = LiveView(
                NightAt(ScriptedNights.eventful, minutes: minutes).summary, width: 120, style: .unicode
            ).lines
            text += lines.joined(separator: "\n") + "\n\n"
        }
        for events in [
            ScriptedNights.late, ScriptedNights.kept(.outOfTime), ScriptedNights.failed(.training("exit code 1")),
        ] {
            text += LiveView(NightAt(events).summary, width: 100, style: .ascii).lines.joined(separator: "\n") + "\n\n"
        }
        try Golden.expect(text, "live.txt")
    }

    @Test func `a tripwire that fired is in sight`() {
        let lines = LiveView(NightAt(ScriptedNights.kept(.tripwire)).summary, width: 120, style: .ascii).lines
        #expect(lines.last?.hasPrefix("2 tripwires fired: badLoss   no interruption") == true, "\(lines)")
    }

    @Test(arguments: [20, 40, 79, 80, 120, 200]) func `never more than five lines, never wider than the terminal`(
        width: Int
    ) {
        for events in [ScriptedNights.eventful, ScriptedNights.kept(.budget), Hostile.night] {
            for minutes in 0...60 {
                let summary = NightAt(events, minutes: Double(minutes * 10)).summary
                for style in [ProgressBar.Style.unicode, .ascii] {
                    let lines = LiveView(summary, width: width, style: style).lines
                    #expect(lines.count <= 5)
                    #expect(lines.allSatisfy { $0.count <= width }, "width \(width), minute \(minutes * 10)")
                }
            }
        }
    }

    @Test func `a reason too long for the line leaves the word that the night failed`() {
        let quota = String(repeating: "The account-level service limit is 0 Instances. ", count: 8)
        for width in [60, 80, 120] {
            let summary = NightAt(ScriptedNights.failed(.refused(quota))).summary
            #expect(LiveView(summary, width: width, style: .ascii).lines[0].contains("   failed   "), "width \(width)")
        }
    }

    @Test func `copies that nobody verified are not called whole`() throws {
        var events = ScriptedNights.eventful
        guard case .opened(var terms) = events[0].kind else { Issue.record("the night does not open"); return }
        for index in terms.offers.indices { terms.offers[index].offer.backend = "sagemaker" }
        events[0] = NightEvent(sequence: events[0].sequence, at: events[0].at, kind: .opened(terms))
        let running = LiveView(NightAt(events, minutes: 115).summary, width: 160, style: .ascii).lines.joined()
        #expect(running.contains(", platform-synced, unverified)") && !running.contains("whole"), "\(running)")
        let ended = LiveView(NightAt(events).summary, width: 160, style: .ascii).lines.joined()
        #expect(ended.contains("checkpoints platform-synced, unverified"), "\(ended)")
        var lines = EventLines(clock: ClockText(timeZone: "UTC"))
        #expect(!events.flatMap { lines.lines(for: $0) }.contains { $0.contains("whole") })
    }

    @Test func `a night without Spot waits for on-demand`() {
        var terms = ScriptedNights.terms()
        terms.policy = .onDemandOnly
        let night = NightAt([NightEvent(sequence: 1, at: terms.start, kind: .opened(terms))], minutes: 1)
        #expect(LiveView(night.summary, width: 120, style: .ascii).lines[0].contains("   waiting for on-demand   "))
    }

    @Test func `the bar shows done, durable and needed`() {
        let bar = ProgressBar(.unicode)
        #expect(bar.text(done: 0.6, durable: 0.4, needed: 0.8, cells: 10) == "[████▓▓░░┃░]")
        #expect(ProgressBar(.ascii).text(done: 0.6, durable: 0.4, needed: 0.2, cells: 10) == "[##|#++....]")
        #expect(ProgressBar(.ascii).text(done: .nan, durable: -1, needed: 2, cells: 4) == "[...|]")
    }
}

@Suite struct LivePainterTests {
    @Test func `it redraws in place on a terminal`() {
        var painter = LivePainter(isTerminal: true)
        #expect(painter.paint(["a", "b"]) == "\r\u{1B}[2Ka\n\r\u{1B}[2Kb\n\u{1B}[0J")
        #expect(painter.paint(["c"], above: ["event"]) == "\u{1B}[2A\r\u{1B}[2Kevent\n\r\u{1B}[2Kc\n\u{1B}[0J")
        #expect(painter.clear() == "\u{1B}[1A\r\u{1B}[0J")
        #expect(painter.clear() == "")
    }

    @Test func `it draws nothing elsewhere`() {
        var painter = LivePainter(isTerminal: false)
        #expect(painter.paint(["a"], above: ["b"]) == "")
        #expect(painter.clear() == "")
    }
}
