// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct WordsTests {
    @Test func `every reason, rejection, end and outcome has words`() throws {
        let clock = ClockText(timeZone: "Europe/Dublin")
        let spot = Choice.use(ScriptedNights.spotC)
        var lines: [String] = []
        for reason in DecisionReason.allCases {
            for choice in [Choice.wait, spot] {
                var decision = Self.decision
                (decision.choice, decision.reason) = (choice, reason)
                lines.append(
                    "\(reason.rawValue): \(DecisionWords.action(decision)) because \(DecisionWords.reason(reason))")
            }
        }
        let rejections: [Rejection] = [
            .refusedUntil(ScriptedNights.terms().start), .noSlack, .dearer(HourlyRate(microdollars: 17_050_000)),
            .dearerInAll(Money(microdollars: 4_250_000)), .behindProgressLine, .costsRestart, .policy,
        ]
        lines += rejections.map { "rejected: \(DecisionWords.rejection($0, clock: clock))" }
        lines += [Choice.wait, spot].map { "choice: \(DecisionWords.choice($0))" }
        let ends: [EndReason] = [
            .completed, .interrupted(noticed: true), .interrupted(noticed: false), .stopped, .leaseExpired, .fenced,
            .noCapacity,
            .lost,
            .trainingFailed("exit code 1"), .checkpointsLost("generation 4 is gone"), .tripped(.noModel),
        ]
        lines += ends.map { "end: \(OutcomeWords.end($0))" }
        let stops: [StopReason] = [.superseded, .notNeeded, .budget, .maxRun, .nightOver, .person]
        lines += stops.map { "stop: \(OutcomeWords.stop($0))" }
        let answers: [LaunchOutcome] = [.launched, .noCapacity, .quota("p4d: 0"), .throttled, .refused("no role")]
        lines += answers.map { "answer: \(OutcomeWords.refusal($0) ?? "-")" }
        lines += Self.alarms.map { "alarm: \(AlarmWords.sentence($0))" }
        lines += Self.outcomes.map { "outcome: \(OutcomeWords.outcome($0))" }
        try Golden.expect(lines.joined(separator: "\n") + "\n", "words.txt")
    }

    @Test func `on-demand at the same price is rejected in the same words, and cents too small to see are none`() {
        let clock = ClockText(timeZone: "Europe/Dublin")
        var terms = ScriptedNights.terms()
        let first = ScriptedNights.onDemand
        var second = first
        second.zone = "eu-west-1z"
        guard var priced = terms.offers.first(where: { $0.offer == first }) else { return #expect(Bool(false)) }
        priced.offer = second
        terms.offers.append(priced)
        var decision = Self.decision
        decision.alternatives = [
            Alternative(choice: .use(first), rejected: .dearerInAll(Money(microdollars: 25_460_000))),
            Alternative(choice: .use(second), rejected: .dearer(HourlyRate(microdollars: 17_675_900))),
        ]
        func words() -> [String] {
            decision.alternatives.map {
                DecisionWords.rejection($0, of: decision, in: terms, clock: clock)
            }
        }
        #expect(words() == Array(repeating: "expected to cost $25.46 more by the end of the night", count: 2))
        decision.alternatives[0].rejected = .dearerInAll(Money(microdollars: 4_900))
        #expect(words() == Array(repeating: "expected to cost as much by the end of the night", count: 2))
        terms.offers[terms.offers.count - 1].rate.microdollars += 1
        #expect(words()[1] == "$17.68/h dearer")
    }

    static let decision = Decision(
        choice: .wait, reason: .roomToWait, alternatives: [], slack: .zero,
        latestSafeSwitch: Instant(milliseconds: 0), workLeft: .zero, durableWorkLeft: .zero, spent: .zero)

    static let alarms: [Alarm] = {
        let sightings: [Alarm.Sighting] = [
            .stalled(seconds: 1860, limitSeconds: 1800), .noCheckpoint(seconds: 90, limitSeconds: 60.5),
            .lossNotFinite(metric: "loss", text: "-inf"),
            .lossExploding(metric: "loss", loss: 123_456.7, smallest: 0.000_123_456),
            .lossJump(metric: "val_loss", before: 0, after: 1.5),
            .startedOver(generation: 3, restoredUnits: 5.5, toldUnits: 1),
            .diskFilling(path: "/data", freeBytes: 1_500_000, limitBytes: 3_000_000_000), .noModel,
            .nothingToResume(expected: 4, why: "gone"), .nothingToResume(expected: nil, why: "torn"),
        ]
        let actions: [Alarm.Action] = [
            .wentOn, .restarted(generation: 12), .restarted(generation: nil), .stopped(restarts: 0),
            .stopped(restarts: 3),
        ]
        return sightings.map { ($0, Alarm.Action.wentOn) }.map { Alarm(at: at, sighting: $0, units: 7.5, action: $1) }
            + actions.map { Alarm(at: at, sighting: .noModel, units: 20, action: $0) }
    }()
    private static let at = Instant(milliseconds: 0)

    static let outcomes: [NightOutcome] = [
        .completed(model, late: false), .completed(model, late: true), .keptPrevious(.budget), .keptPrevious(.maxRun),
        .keptPrevious(.outOfTime), .keptPrevious(.stoppedByPerson), .keptPrevious(.tripwire), .keptPrevious(.gate),
        .keptPrevious(.late), .keptPrevious(.notPublished), .failed(.training("exit code 1")),
        .failed(.checkpointsLost("generation 4 is gone")), .failed(.refused("quota 0")),
    ]

    private static let model = ModelArtifact(at: Instant(milliseconds: 0), digest: "ab", bytes: 1, path: "/m")
}

@Suite struct EventLineTests {
    let clock = ClockText(timeZone: "Europe/Dublin")

    @Test func `a night as a log`() throws {
        var text = ""
        for events in [
            ScriptedNights.eventful, ScriptedNights.kept(.budget), ScriptedNights.late, ScriptedNights.kept(.tripwire),
        ] {
            text += events.compactMap { EventLine.text(for: $0, clock: clock) }.joined(separator: "\n") + "\n\n"
        }
        try Golden.expect(text, "events.txt")
    }

    @Test func `only progress is left out`() {
        for event in ScriptedNights.eventful {
            if case .progressed = event.kind {
                #expect(EventLine.text(for: event, clock: clock) == nil)
            } else {
                #expect(EventLine.text(for: event, clock: clock)?.contains("\n") == false)
            }
        }
    }

    @Test func `hostile texts stay on their line`() {
        for event in Hostile.night {
            let line = EventLine.text(for: event, clock: clock) ?? ""
            #expect(!line.unicodeScalars.contains { Hostile.isDangerous($0) || $0 == "\n" })
        }
    }
}

@Suite struct WhyViewTests {
    @Test func `decisions are explained with the sum that made them`() throws {
        let night = NightAt(ScriptedNights.eventful)
        let start = night.summary.terms.start
        let texts = [1, 100, 134, 210, 355, 400].map {
            WhyView(night.timeline, at: start + .minutes($0))?.text ?? "nothing"
        }
        try Golden.expect(texts.joined(separator: "\n"), "why.txt")
    }

    @Test func `a policy with a model says what it expects, and what else would have cost`() throws {
        var decision = Decision(
            choice: .use(ScriptedNights.onDemand), reason: .leastExpectedCost,
            alternatives: [
                Alternative(
                    choice: .wait, rejected: .dearerInAll(Money(microdollars: 3_120_000)),
                    expectedCost: Money(microdollars: 61_320_000))
            ], slack: .hours(1), latestSafeSwitch: ScriptedNights.terms().start + .hours(4), workLeft: .hours(2),
            durableWorkLeft: .hours(2), spent: .zero)
        decision.expectedCost = Money(microdollars: 58_200_000)
        let start = ScriptedNights.terms().start
        let events = [
            NightEvent(sequence: 1, at: start, kind: .opened(ScriptedNights.terms())),
            NightEvent(sequence: 2, at: start + .hours(3), kind: .decided(decision)),
        ]
        let lines = try #require(WhyView(Timeline(events), at: start + .hours(3))).lines
        #expect(lines[1] == "  because  by the market model nothing else that could be done costs less")
        #expect(
            lines.contains(
                "           expected cost from here to the night's end: $58.20, by the policy's market model (a forecast)"
            ))
        #expect(
            lines.contains("  instead  wait for Spot – rejected: expected to cost $3.12 more by the end of the night"))
        let document = try #require(DecisionDocument(Timeline(events), at: start + .hours(3)))
        #expect(document.expectedCost?.text == "$58.20" && document.rejected[0].expectedCost?.text == "$61.32")
    }

    @Test func `before the first decision there is nothing to explain`() {
        let night = NightAt(ScriptedNights.eventful)
        #expect(WhyView(night.timeline, at: night.summary.terms.start - .seconds(1)) == nil)
    }

    @Test func `a switch that has passed says since when, and seconds are shown when parts have some`() throws {
        var night = NightScript(ScriptedNights.terms())
        night.decide(300, .use(ScriptedNights.spotC), .onDemandRefused, workLeft: 240, durableWorkLeft: 240)
        let lines = try #require(WhyView(Timeline(night.events), at: night.at(300))).lines
        #expect(lines[3] == "           time left to 08:00 was 4 h; latest safe switch 02:31:00, passed 1 h 29 min ago")
        #expect(lines[4] == "  instead  no alternative was recorded")
        var terms = ScriptedNights.terms()
        terms.uploadTime = .seconds(90)
        night = NightScript(terms)
        night.decide(0, .wait, .roomToWait, workLeft: 240, durableWorkLeft: 240)
        let sum = try #require(WhyView(Timeline(night.events), at: night.at(0))).lines[2]
        #expect(
            sum.hasSuffix(
                "work left 4 h + restart 12 min + upload 1 min 30 s + "
                    + "on-demand wait 58 min + margin 15 min = 5 h 26 min 30 s"
            ))
    }
}
