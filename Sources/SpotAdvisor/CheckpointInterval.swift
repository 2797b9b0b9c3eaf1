// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// How often to save: what saves cost against what an interruption loses.
///
/// A night is taken as a chain of stays that begin fresh. A stay pays from its begin; of what it pays, the restart makes
/// nothing, and of the rest only what lies before its last finished save counts. Expected paid time is then work ×
/// E[length of a stay] ÷ E[durable work of a stay], both cut where the work is done. The save at a notice is not counted.
package struct CheckpointInterval: Hashable, Sendable {
    package struct Choice: Hashable, Sendable {
        package var interval: Duration
        /// Machine time that is expected to be paid for the whole work, all on Spot.
        package var paid: Duration
    }

    /// Training stands still for so long at each save.
    package let saveTime: Duration
    package let restart: Duration
    package let work: Duration
    private let loss: HazardLaw

    /// Work must be longer than nothing; a save that takes no time makes any interval as good as the shortest.
    package init(work: Duration, restart: Duration, saveTime: Duration, loss: HazardLaw) {
        self.work = max(.seconds(1), work)
        self.restart = restart
        self.saveTime = max(.milliseconds(1), saveTime)
        self.loss = loss
    }

    package func choice(_ interval: Duration) -> Choice {
        // What next to never ends is cut at three hundred years.
        Choice(
            interval: interval,
            paid: .milliseconds(Int64(min(1e13, paidHours(interval.hours) * 3_600_000).rounded())))
    }

    /// To the whole minute where the best is over ten minutes, else to the second; from ten seconds to the whole work.
    package var best: Choice {
        let least = max(10, (saveTime.realSeconds).rounded(.up))
        let most = max(least, work.realSeconds)
        var candidates = Set(stride(from: max(60, least), through: most, by: 60).map { Int64($0) })
        candidates.formUnion(stride(from: least, through: min(600, most), by: 5).map { Int64($0) })
        candidates.insert(Int64(most))
        let choices = candidates.sorted().map { choice(.seconds($0)) }
        return choices.min { $0.paid < $1.paid } ?? choice(.seconds(Int64(most)))
    }

    /// Mean time between losses while such a stay lasts.
    package var meanTimeBetweenLosses: Duration {
        let longest = (restart + work).hours
        let lost = 1 - loss.survival(ageHours: longest)
        return .milliseconds(Int64(min(1e13, loss.meanHours(within: longest) / max(1e-9, lost) * 3_600_000)))
    }

    /// √(2 · save · time between losses): J. W. Young, "A first order approximation to the optimum checkpoint interval",
    /// 1974.
    package var young: Duration { .milliseconds(Int64(youngSeconds * 1000)) }

    /// J. T. Daly, "A higher order estimate of the optimum checkpoint interval", 2006.
    package var daly: Duration {
        let (save, between) = (saveTime.realSeconds, meanTimeBetweenLosses.realSeconds)
        guard save < between * 2 else { return meanTimeBetweenLosses }
        let ratio = save / (2 * between)
        let seconds = youngSeconds * (1 + ratio.squareRoot() / 3 + ratio / 9) - save
        return .milliseconds(Int64(max(0, seconds) * 1000))
    }

    private var youngSeconds: Double {
        (2 * saveTime.realSeconds * meanTimeBetweenLosses.realSeconds).squareRoot()
    }

    private func paidHours(_ interval: Double) -> Double {
        let (work, save, restart) = (work.hours, saveTime.hours, restart.hours)
        let interval = min(max(interval, 1e-6), work)
        let saves = Int((work / interval).rounded(.up))
        var durable = 0.0
        for number in 1...saves {
            let end = restart + Double(number) * (interval + save)
            let part = min(interval, work - Double(number - 1) * interval)
            durable += part * loss.survival(ageHours: end - (interval - part))
        }
        let length = restart + work + Double(saves) * save
        return work * loss.meanHours(within: length) / max(durable, 1e-12)
    }
}

extension Duration {
    var hours: Double { realSeconds / 3600 }
}
