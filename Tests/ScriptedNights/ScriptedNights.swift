// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Nights that every fold and every view is tried on. 20 units of 12 minutes, 23:00 to 08:00 in Dublin.
package enum ScriptedNights {
    package static let spotB = offer("eu-west-1b", .spot)
    package static let spotC = offer("eu-west-1c", .spot)
    package static let onDemand = offer("eu-west-1a", .onDemand)

    private static func offer(_ zone: String, _ purchase: PurchaseOption) -> Offer {
        Offer(
            backend: "local", instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: zone, purchase: purchase)
    }

    package static func terms(
        job: String = "recommender", budget: Money? = Money(microdollars: 150_000_000),
        timeZone: String = "Europe/Dublin", end: Double = 600
    ) -> NightTerms {
        let start = Instant(iso8601: "2026-11-24T23:00:00Z")!
        func priced(_ offer: Offer, _ microdollars: Int64) -> PricedOffer {
            PricedOffer(
                offer: offer, rate: HourlyRate(microdollars: microdollars), priceAsOf: "2026-11-20",
                priceSource: "AWS price list")
        }
        return NightTerms(
            night: "\(job)-2026-11-25", job: job, timeZone: timeZone, start: start,
            deadline: start + .hours(9), end: start + .milliseconds(Int64(end * 60000)), totalUnits: 20,
            expectedRuntime: .hours(4), maxRun: .hours(8), restartOverhead: .minutes(12), onDemandWait: .minutes(58),
            uploadTime: .minutes(4), safetyMargin: .minutes(15), checkpointInterval: .minutes(24), tick: .seconds(60),
            retryInterval: .minutes(10), budget: budget, policy: .uniformProgress,
            offers: [priced(spotB, 7_305_000), priced(spotC, 7_102_500), priced(onDemand, 24_152_000)])
    }

    package static func model(_ script: NightScript, _ minutes: Double) -> ModelArtifact {
        ModelArtifact(
            at: script.at(minutes), digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            bytes: 812_000_000, path: "/models/\(script.terms.night)/model")
    }

    /// A wait, an interruption without notice, one with notice, a fallback with two machines at once, ready in time.
    package static var eventful: [NightEvent] { eventfulScript.events }

    static var eventfulScript: NightScript {
        var night = NightScript(terms())
        night.decide(0, .use(spotC), .spotWorthTrying, workLeft: 240, durableWorkLeft: 240)
        night.launch(0.1, spotC, .noCapacity)
        night.decide(
            0.2, .wait, .roomToWait, workLeft: 240, durableWorkLeft: 240,
            instead: [
                Alternative(choice: .use(spotC), rejected: .refusedUntil(night.at(10.1))),
                Alternative(choice: .use(onDemand), rejected: .dearer(HourlyRate(microdollars: 17_049_500))),
            ])
        night.decide(24, .use(spotC), .spotWorthTrying, workLeft: 240, durableWorkLeft: 240)
        let first = night.launch(24, spotC)
        night.run(first, 31)
        night.train(first, 40, from: nil, units: 0)
        night.decide(41, .use(spotC), .spotHolds, workLeft: 240, durableWorkLeft: 240)
        night.progress(first, [(52, 1), (64, 2)])
        night.commit(first, 66, 1, units: 2)
        night.progress(first, [(76, 3), (88, 4)])
        night.commit(first, 90, 2, units: 4)
        night.progress(first, [(100, 5), (112, 6)])
        night.end(first, 113, .interrupted(noticed: false))
        night.decide(113, .wait, .roomToWait, workLeft: 192, durableWorkLeft: 192)
        night.decide(
            133, .use(spotB), .spotWorthTrying, workLeft: 192, durableWorkLeft: 192,
            instead: [Alternative(choice: .use(spotC), rejected: .refusedUntil(night.at(143)))])
        let second = night.launch(133, spotB)
        night.run(second, 136)
        night.train(second, 146, from: 2, units: 4, passedOver: ["generation 3 is torn"])
        night.decide(146, .use(spotB), .spotHolds, workLeft: 192, durableWorkLeft: 192)
        night.progress(second, [(158, 5), (170, 6)])
        night.commit(second, 172, 3, units: 6)
        night.progress(second, [(182, 7), (194, 8)])
        night.commit(second, 196, 4, units: 8)
        night.notice(second, 206)
        night.progress(second, [(206, 9)])
        night.commit(second, 207, 5, units: 9)
        night.end(second, 208, .interrupted(noticed: true))
        night.decide(208, .wait, .aheadOfProgressLine, workLeft: 132, durableWorkLeft: 132)
        fallBack(&night)
        return night
    }

    private static func fallBack(_ night: inout NightScript) {
        night.decide(228, .use(spotB), .spotWorthTrying, workLeft: 132, durableWorkLeft: 132)
        let slow = night.launch(228, spotB)
        night.run(slow, 230)
        night.train(slow, 240, from: 5, units: 9)
        night.decide(240, .use(spotB), .spotHolds, workLeft: 132, durableWorkLeft: 132)
        night.progress(slow, [(252, 10)])
        night.commit(slow, 254, 6, units: 10)
        var dearer = night.terms.offers[0]
        dearer.rate = HourlyRate(microdollars: 7_911_000)
        dearer.priceAsOf = "2026-11-25"
        night.add(260, .priced(dearer))
        night.progress(slow, [(264, 11), (294, 12)])
        night.commit(slow, 296, 7, units: 12)
        night.add(310, .trainerFailed(key: slow, "exit code 1: cuda error"))
        night.progress(slow, [(340, 13)])
        night.decide(
            354.5, .use(onDemand), .latestSafeSwitch, workLeft: 84, durableWorkLeft: 96,
            instead: [
                Alternative(choice: .wait, rejected: .noSlack), Alternative(choice: .use(spotB), rejected: .noSlack),
            ])
        let sure = night.launch(354.6, onDemand)
        night.run(sure, 382)
        night.progress(slow, [(386, 14)])
        night.train(sure, 392, from: 7, units: 12)
        night.decide(393, .use(onDemand), .onDemandHolds, workLeft: 96, durableWorkLeft: 96)
        night.add(393, .stopRequested(key: slow, .superseded))
        night.end(slow, 394, .stopped)
        for step in 1...8 {
            let minutes = 392 + 12 * Double(step)
            night.progress(sure, [(minutes, 12 + Double(step))])
            if step % 2 == 0 { night.commit(sure, minutes + 2, 7 + step / 2, units: 12 + Double(step)) }
        }
        complete(&night, sure, at: 492.7)
    }

    static func complete(_ night: inout NightScript, _ key: String, at minutes: Double) {
        let model = model(night, minutes)
        let outcome = NightOutcome.completed(model, late: model.at > night.terms.deadline)
        night.add(minutes, .modelReady(key: key, model))
        night.add(minutes, .concluding(outcome))
        night.end(key, minutes + 1, .completed)
        night.finish(minutes + 1.2, outcome)
    }
}
