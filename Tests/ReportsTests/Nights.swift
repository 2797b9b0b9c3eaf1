// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import TrainingJobs

/// A scripted night cut off at some minutes after its start, with its folds.
struct NightAt {
    let events: [NightEvent]
    let now: Instant

    init(_ events: [NightEvent], minutes: Double? = nil) {
        guard case .opened(let terms) = events[0].kind else { preconditionFailure("a night begins with its terms") }
        let end = minutes.map { terms.start + .milliseconds(Int64($0 * 60000)) } ?? events[events.count - 1].at
        self.events = events.filter { $0.at <= end }
        now = end
    }

    var timeline: Timeline { Timeline(events) }
    var bill: Bill { Bill(events) }
    var summary: NightSummary { NightSummary(timeline, bill, at: now)! }
}

/// Texts that try to leave their place in a terminal or a page.
enum Hostile {
    static let payloads = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'--><svg onload=alert(1)>", "</style><b>",
        "</title><script>x</script>", "]]><x>", "javascript:alert(1)", "&lt;already&gt;",
        "\u{1B}[2J\u{1B}[1;1Hnightshift: all is well", "\u{1B}]52;c;cm0gLXJmIC8=\u{07}",
        "\u{1B}]8;;http://evil.example\u{1B}\\link\u{1B}]8;;\u{1B}\\", "progress\rfake line", "bell\u{07}\u{08}\u{08}",
        "\u{9B}31mC1 colour", "invoice\u{202E}fdp.exe", "\u{2066}isolated\u{2069}", "zero\u{200B}width\u{FEFF}",
        "two\nlines", "para\u{2029}graph", "tag\u{E0041}\u{E007F}", "nul\u{00}byte", "del\u{7F}",
    ]

    static let all = payloads.joined(separator: " ")

    /// Characters that must not be in anything that is shown.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return (properties.generalCategory == .control && scalar != "\t" && scalar != "\n")
            || (properties.generalCategory == .format && scalar.value != 0x200D)
            || properties.generalCategory == .lineSeparator || properties.generalCategory == .paragraphSeparator
    }

    /// A night in which every text that comes from outside is hostile.
    static var night: [NightEvent] {
        var night = NightScript(ScriptedNights.terms(job: all, timeZone: "Europe/<b>\u{1B}[31m"))
        let offer = Offer(backend: all, instanceType: all, region: all, zone: all, purchase: .spot)
        night.decide(
            0, .use(offer), .spotWorthTrying, workLeft: 240, durableWorkLeft: 240,
            instead: [Alternative(choice: .use(offer), rejected: .noSlack)])
        night.launch(0, offer, .quota(all))
        night.launch(1, offer, .refused(all))
        let key = night.launch(2, offer)
        night.add(
            2,
            .priced(
                PricedOffer(offer: offer, rate: HourlyRate(microdollars: 1), priceAsOf: all, priceSource: all)))
        night.run(key, 3)
        night.train(key, 4, from: 1, units: .nan, passedOver: [all])
        night.progress(key, [(5, .infinity), (6, -1e300)])
        night.commit(key, 7, 1, units: 1e300)
        night.add(8, .trainerFailed(key: key, all))
        let sightings: [Alarm.Sighting] = [
            .stalled(seconds: .nan, limitSeconds: .infinity), .lossNotFinite(metric: all, text: all),
            .lossExploding(metric: all, loss: .nan, smallest: -.infinity),
            .lossJump(metric: all, before: 0, after: 1e300),
            .diskFilling(path: all, freeBytes: .min, limitBytes: .max), .nothingToResume(expected: .max, why: all),
        ]
        for sighting in sightings {
            night.add(
                8, .alarmed(key: key, Alarm(at: night.at(8), sighting: sighting, units: .nan, action: .wentOn)))
        }
        let model = ModelArtifact(at: night.at(9), digest: all, bytes: .max, path: all)
        night.add(9, .modelReady(key: key, model))
        night.end(key, 10, .trainingFailed(all))
        night.add(10, .concluding(.failed(.checkpointsLost(all))))
        night.finish(11, .failed(.training(all)))
        return night.events
    }
}
