// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Nights with one thing to show each.
extension ScriptedNights {
    /// Spot all night, one interruption: the good case.
    package static var cheap: [NightEvent] {
        var night = NightScript(terms())
        night.decide(0, .use(spotC), .spotWorthTrying, workLeft: 240, durableWorkLeft: 240)
        train(&night, asked: 0, from: nil, units: 0, to: 10, commits: [1: 4, 2: 8])
        let key = night.events.lastKey
        night.end(key, night.minutes + 6, .interrupted(noticed: false))
        night.decide(night.minutes, .wait, .roomToWait, workLeft: 144, durableWorkLeft: 144)
        train(&night, asked: night.minutes + 10, from: 2, units: 8, to: 20, commits: [3: 14])
        complete(&night, night.events.lastKey, at: night.minutes + 4)
        return night.events
    }

    /// On-demand itself came too late.
    package static var late: [NightEvent] {
        var night = NightScript(terms())
        night.decide(0, .wait, .roomToWait, workLeft: 240, durableWorkLeft: 240)
        night.decide(210, .use(onDemand), .latestSafeSwitch, workLeft: 240, durableWorkLeft: 240)
        let key = night.launch(210, onDemand)
        night.run(key, 318)
        night.train(key, 330, from: nil, units: 0)
        night.progress(key, (1...20).map { (330 + 12 * Double($0), Double($0)) })
        complete(&night, key, at: 574)
        return night.events
    }

    /// No new model: the reason differs, the last machine is stopped.
    package static func kept(_ reason: KeptReason) -> [NightEvent] {
        var night = NightScript(terms(budget: Money(microdollars: 20_000_000)))
        night.decide(0, .use(spotC), .spotWorthTrying, workLeft: 240, durableWorkLeft: 240)
        train(&night, asked: 0, from: nil, units: 0, to: 11, commits: [1: 4, 2: 8])
        let key = night.events.lastKey
        let stop: StopReason =
            switch reason {
            case .budget: .budget
            case .maxRun: .maxRun
            case .outOfTime, .tripwire, .gate, .late, .notPublished: .nightOver
            case .stoppedByPerson: .person
            }
        if reason == .tripwire {
            trip(&night, key)
        } else {
            night.add(168, .concluding(.keptPrevious(reason)))
            night.add(168, .stopRequested(key: key, stop))
            night.end(key, 169, .stopped)
        }
        night.finish(169.2, .keptPrevious(reason))
        return night.events
    }

    /// Started again once, then stopped.
    private static func trip(_ night: inout NightScript, _ key: String) {
        let stalled = Alarm.Sighting.stalled(seconds: 1860, limitSeconds: 1800)
        let bad = Alarm.Sighting.lossNotFinite(metric: "loss", text: "nan")
        let alarms = [
            Alarm(at: night.at(150), sighting: stalled, units: 11, action: .restarted(generation: 2)),
            Alarm(at: night.at(168), sighting: bad, units: 9, action: .stopped(restarts: 1)),
        ]
        for alarm in alarms { night.add(168, .alarmed(key: key, alarm)) }
        night.end(key, 168, .tripped(bad))
        night.add(168, .concluding(.keptPrevious(.tripwire)))
    }

    package static func failed(_ reason: FailureReason, job: String = "recommender") -> [NightEvent] {
        var night = NightScript(terms(job: job))
        night.decide(0, .use(spotC), .spotWorthTrying, workLeft: 240, durableWorkLeft: 240)
        if case .refused(let text) = reason {
            night.launch(0, spotC, .quota(text))
            night.finish(0.1, .failed(reason))
            return night.events
        }
        let key = night.launch(0, spotC)
        night.run(key, 4)
        night.train(key, 14, from: nil, units: 0)
        let end: EndReason =
            switch reason {
            case .training(let text): .trainingFailed(text)
            case .checkpointsLost(let text): .checkpointsLost(text)
            case .refused(let text): .trainingFailed(text)
            }
        night.end(key, 20, end)
        night.add(20, .concluding(.failed(reason)))
        night.finish(20.1, .failed(reason))
        return night.events
    }

    private static func train(
        _ night: inout NightScript, asked: Double, from generation: Int?, units: Double, to last: Double,
        commits: [Int: Double]
    ) {
        let key = night.launch(asked, spotC)
        night.run(key, asked + 4)
        night.train(key, asked + 12, from: generation, units: units)
        for step in 1...Int(last - units) {
            let minutes = asked + 12 + 12 * Double(step)
            night.progress(key, [(minutes, units + Double(step))])
            if let number = commits.first(where: { $0.value == units + Double(step) })?.key {
                night.commit(key, minutes + 1, number, units: units + Double(step))
            }
        }
    }
}

extension NightScript {
    /// Minutes after the start of the newest event.
    var minutes: Double { Double((events[events.count - 1].at - terms.start).milliseconds) / 60000 }
}

extension [NightEvent] {
    var lastKey: String {
        for event in reversed() {
            if case .launchRequested(let order) = event.kind { return order.key }
        }
        preconditionFailure("no launch in this script")
    }
}
