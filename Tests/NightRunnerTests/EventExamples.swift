// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightshiftTesting
import TrainingJobs

/// One event of each kind, for the page about the journal.
enum EventExamples {
    static var all: [(meaning: String, event: NightEvent)] {
        kinds.enumerated().map { index, example in
            let at = Fixtures.start + .minutes(index * 7) + .milliseconds(index)
            return (example.0, NightEvent(sequence: index + 1, at: at, kind: example.1))
        }
    }

    static var markdown: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try all.map { meaning, event in
                "\(meaning)\n\n```json\n\(String(decoding: try encoder.encode(event), as: UTF8.self))\n```\n\n"
            }.joined()
        }
    }

    private static let model = ModelArtifact(
        at: Fixtures.start + .hours(5), digest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        bytes: 734_003_200, path: "/models/recommender-2026-11-24/model")
    private static var order: PublicationOrder {
        var lineage = ModelLineage()
        let start = TrainingStart(at: Fixtures.start + .minutes(17), generation: 3, units: 4, passedOver: [])
        lineage.trainingStarted(key, on: Fixtures.spot, start)
        lineage.committed(key, 4)
        return PublicationOrder(
            night: "recommender-2026-11-24", job: "recommender", key: key, epoch: 1, model: model,
            deadline: Fixtures.start + .hours(8), lineage: lineage, cost: Money(microdollars: 30_301_544),
            baseline: Money(microdollars: 106_896_777), baselineMeasured: true)
    }
    private static let key = "recommender-2026-11-24-a1"

    private static var kinds: [(String, NightEvent.Kind)] {
        let terms = Fixtures.terms(budget: Money(microdollars: 60_000_000))
        let at = terms.start + .minutes(9)
        return [
            ("**opened** is the first event and carries the night's terms.", .opened(terms)),
            (
                "**decided** is written when the choice or its reason changes.",
                .decided(
                    Decision(
                        choice: .use(Fixtures.spot), reason: .spotWorthTrying,
                        alternatives: [
                            Alternative(choice: .wait, rejected: .noSlack),
                            Alternative(
                                choice: .use(Fixtures.onDemand),
                                rejected: .dearer(HourlyRate(microdollars: 17_675_900))),
                            Alternative(
                                choice: .use(Fixtures.offer(.spot, zone: "eu-west-1b")), rejected: .refusedUntil(at)),
                        ],
                        slack: .minutes(191), latestSafeSwitch: terms.latestSafeSwitch, workLeft: terms.expectedRuntime,
                        durableWorkLeft: terms.expectedRuntime, spent: .zero))
            ),
            (
                "**priced**: from now on, an offer costs this.",
                .priced(Fixtures.priced(Fixtures.spot, microdollars: 7_900_000))
            ),
            (
                "**launchRequested** is the intent: it is written before the backend is called.",
                .launchRequested(
                    LaunchOrder(
                        key: key, night: terms.night, epoch: 1, offer: Fixtures.spot,
                        rate: HourlyRate(microdollars: 7_575_386), notAfter: terms.end, expectedGeneration: nil))
            ),
            ("**launchAnswered**: the backend has taken it.", .launchAnswered(key: key, .launched)),
            (
                "The same, refused. `noCapacity` and `throttled` are written like `launched`, `quota` like `refused`.",
                .launchAnswered(key: key, .refused("not authorized to use p4d"))
            ),
            ("**machineRunning**: it is billed since then.", .machineRunning(key: key, since: at)),
            (
                "**waitingAgain**: the platform took the machine and waits for another one, within the same launch.",
                .waitingAgain(key: key, since: at)
            ),
            (
                "**trainingStarted**: with the generation that was restored, if there was one.",
                .trainingStarted(
                    key: key,
                    TrainingStart(at: at + .minutes(8), generation: 3, units: 4, passedOver: ["generation 4: torn"]))
            ),
            (
                "**progressed**: the newest progress that was told.",
                .progressed(key: key, ProgressPoint(at: at, units: 4.5))
            ),
            (
                "**committed**: this generation is whole and durable.",
                .committed(key: key, CommittedGeneration(generation: 4, units: 5, bytes: 1_468_006_400, at: at))
            ),
            (
                "**noticed**: the platform will take the machine away.",
                .noticed(key: key, InterruptionNotice(seenAt: at, interruptionAt: at + .minutes(2)))
            ),
            (
                "**trainerFailed**: the training process ended by itself and was started again.",
                .trainerFailed(key: key, "exit code 1")
            ),
            (
                "**alarmed**: a tripwire fired. The sightings and actions are listed in [the agent's page](agent.md).",
                .alarmed(
                    key: key,
                    Alarm(
                        at: at, sighting: .stalled(seconds: 1860, limitSeconds: 1800), units: 7.5,
                        action: .restarted(generation: 4)))
            ),
            ("**modelReady**: the model is in place.", .modelReady(key: key, model)),
            (
                "**stopRequested** is the intent: it is written before the backend is called.",
                .stopRequested(key: key, .superseded)
            ),
            (
                "**launchEnded**: with the platform's own account of what it bills.",
                .launchEnded(
                    key: key, .interrupted(noticed: true), at: at + .hours(1),
                    usage: [Usage(from: at, until: at + .hours(1), rate: HourlyRate(microdollars: 7_575_386))])
            ),
            (
                "**publicationRequested** is the intent: it is written before the model is checked and put into service.",
                .publicationRequested(order)
            ),
            (
                "**publicationAnswered**: it is in service, in place of that night's model.",
                .publicationAnswered(.published(at: Fixtures.start + .hours(5), replaces: "recommender-2026-11-23"))
            ),
            (
                "The same, kept back. `late`, `stoppedByPerson` and `rolledBack` are written without a reason; `failed` is "
                    + "written like `gate`.",
                .publicationAnswered(.keptBack(.gate("rmse 1.21 is above 1.0"), inService: "recommender-2026-11-23"))
            ),
            (
                "**concluding**: what the night will end as, once no machine is left.",
                .concluding(.keptPrevious(.budget))
            ),
            ("**finished** is the last event: nothing of the night runs.", .finished(.completed(model, late: false))),
        ]
    }
}
