// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import SpotMarket
import TrainingJobs

extension AdviceWords {
    /// Name and words; empty without a Spot offer.
    var checkpoints: [(name: String, words: String)] {
        guard let model = advice.checkpoint, let spot = advice.brief.terms.cheapestSpot else { return [] }
        func cost(_ choice: CheckpointInterval.Choice) -> String { spot.rate.cost(of: choice.paid).text }
        let (best, brief) = (model.best, advice.brief)
        let interval = brief.job.checkpoint.interval
        var lines: [(String, String)] = [
            (
                "best interval",
                "\(DurationText.exact(best.interval)): \(cost(best)) of Spot for the work; as the job file has it, "
                    + "\(DurationText.exact(interval)): \(cost(model.choice(interval)))"
            ),
            (
                "others",
                [10, 30, 60].map { minutes in
                    "\(minutes) min \(cost(model.choice(.minutes(minutes))))"
                }.joined(separator: ", ")
            ),
            (
                "check",
                "Young \(DurationText.full(model.young)), Daly \(DurationText.full(model.daly)), from a loss every "
                    + "\(DurationText.full(model.meanTimeBetweenLosses)) and \(Self.save(model.saveTime)) a save "
                    + "(\(Self.source(brief.save)))"
            ),
            ("stall", stall),
            ("at a notice", lastSave),
        ]
        if let keeping { lines.append(("keeping", keeping)) }
        return lines
    }

    static func source(_ save: SaveEstimate) -> String {
        switch save.source {
        case .typed: "as typed"
        case .writeSpeed(let bytes, let speed):
            "\(NumberText.bytes(bytes)) at \(NumberText.bytes(speed))/s, checkpointWriteSpeed"
        case .drill(let bytes): "as the last drill measured it" + (bytes.map { " at \(NumberText.bytes($0))" } ?? "")
        case .night(let id): "as \(id) showed it"
        case .assumed(let drilled):
            "assumed"
                + (drilled.map { "; the last drill's checkpoint had \(NumberText.bytes($0)) only" }
                    ?? "; checkpointWriteSpeed says more")
        }
    }

    static func save(_ time: Duration) -> String { NumberText.seconds(time) }

    private var stall: String {
        let brief = advice.brief
        let interval = brief.job.checkpoint.interval
        let stall = brief.save.stall(of: brief.terms.expectedRuntime, every: interval)
        let price = brief.terms.onDemand.map { ", \($0.rate.cost(of: stall).text) of on-demand" } ?? ""
        return
            "a save every \(DurationText.exact(interval)) stops training for \(Self.save(stall)) a night\(price); it is "
            + "part of expectedRuntime"
    }

    private var lastSave: String {
        let two = Duration.minutes(2)
        if let measured = advice.brief.lastSave {
            return "a last save took \(NumberText.seconds(measured)) in the drill: it "
                + (measured <= two ? "fits into the two minutes" : "does not fit into the two minutes")
        }
        let save = advice.brief.save
        return "a save of \(Self.save(save.time)) "
            + (save.fitsIntoNotice ? "should fit" : "does not fit") + " into the two minutes, of which "
            + "\(DurationText.exact(SaveEstimate.longestAtNotice)) are left for it; no drill has shown it"
    }

    /// `nil` without a size.
    private var keeping: String? {
        guard let bytes = advice.brief.job.checkpoint.expectedBytes else { return nil }
        let kept = advice.brief.job.checkpoint.keep
        let what = "\(kept) × \(NumberText.bytes(bytes)) for each night"
        guard let storage = advice.brief.storage, let cost = advice.keptPerMonth else {
            let region = advice.brief.job.offers.first?.region ?? "the region"
            return "\(what): the price of S3 in \(region) was not found; write it under storage in the price book "
                + "(docs/prices.md)"
        }
        return "\(what): \(cost.text) a month, for as long as they are kept (S3 Standard, \(storage.region), "
            + "\(MoneyText.exact(storage.pricePerGigabyteMonth)) a GB and month as of \(storage.asOf), "
            + "\(PricesWords.age(storage.ageDays(on: advice.brief.today))): \(storage.source))"
    }
}
