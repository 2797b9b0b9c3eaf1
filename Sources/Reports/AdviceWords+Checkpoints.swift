// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import TrainingJobs

/// S3's price of keeping a gigabyte for a month, as a dated fact.
enum StoragePrice {
    static let microdollarsPerGigabyteMonth: Int64 = 23_000
    static let source = "S3 Standard, us-east-1, as of 2026-11-23"

    static func perMonth(bytes: Int64) -> Money {
        Money(units: Int128(bytes) * Int128(microdollarsPerGigabyteMonth) * Money.unitsPerMicrodollar / 1_000_000_000)
    }
}

extension AdviceWords {
    /// Name and words; empty without a Spot offer.
    var checkpoints: [(name: String, words: String)] {
        guard let model = advice.checkpoint, let spot = advice.brief.terms.cheapestSpot else { return [] }
        func cost(_ choice: CheckpointInterval.Choice) -> String { spot.rate.cost(of: choice.paid).text }
        let best = model.best
        let own = model.choice(advice.brief.terms.checkpointInterval)
        var lines: [(String, String)] = [
            (
                "best interval",
                "\(DurationText.exact(best.interval)): \(cost(best)) of Spot for the work; as the job file has it, "
                    + "\(DurationText.exact(own.interval)): \(cost(own))"
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
                    + "\(DurationText.full(model.meanTimeBetweenLosses)) and \(DurationText.exact(model.saveTime)) a save "
                    + "(\(advice.brief.saveTimeSource))"
            ),
            ("at a notice", lastSave),
        ]
        if let bytes = advice.brief.job.checkpoint.expectedBytes {
            let kept = Int64(advice.brief.job.checkpoint.keep)
            let (one, overflow) = bytes.multipliedReportingOverflow(by: kept)
            if !overflow {
                lines.append(
                    (
                        "keeping",
                        "\(kept) × \(NumberText.bytes(bytes)) for each night: \(StoragePrice.perMonth(bytes: one).text) a "
                            + "month, for as long as they are kept (\(StoragePrice.source))"
                    ))
            }
        }
        return lines
    }

    private var lastSave: String {
        let two = Duration.minutes(2)
        if let measured = advice.brief.lastSave {
            return "a last save took \(NumberText.seconds(measured)) in the drill: it "
                + (measured <= two ? "fits into the two minutes" : "does not fit into the two minutes")
        }
        let save = advice.brief.saveTime
        // Some of the two minutes is gone before the notice is seen, and the upload comes after the save.
        return "a save of \(DurationText.exact(save)) "
            + (save <= .seconds(90) ? "should fit" : "does not fit") + " into the two minutes; no drill has shown it"
    }
}
