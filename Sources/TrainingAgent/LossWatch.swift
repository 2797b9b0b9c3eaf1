// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A value of the loss as a line of the log has it.
enum LossReading: Hashable, Sendable {
    case number(Double)
    /// As it is written there: `nan`, `-inf`.
    case notFinite(String)
}

/// Watches the loss of one stay, told each value in order.
///
/// A loss that is not finite is bad at once. An exploding one is judged by the middle one of the last three values, so a
/// single odd batch is no alarm: it is bad when it is `explodesAt` times the smallest so far or more *and* above where it
/// began. A loss near zero that merely trembles stays below its beginning.
struct LossWatch: Sendable {
    private let metric: String
    private let settings: TripwireSettings
    /// The newest value is not finite: what is saved now is not worth keeping.
    private(set) var isFinite = true
    private var last: [Double] = []
    private var beginning: Double?
    private var smallest: Double?
    /// What the first value after a resume is compared with.
    private var before: Double?
    private var isBad = false

    init(metric: String, settings: TripwireSettings) {
        self.metric = metric
        self.settings = settings
    }

    /// A training process was started. `before` is the loss that was known when the restored generation was committed;
    /// `fromZero`: there is none.
    mutating func begin(before: Double?, fromZero: Bool) {
        self.before = before
        isFinite = true
        isBad = false
        last = []
        if fromZero { (beginning, smallest) = (nil, nil) }
    }

    mutating func tell(_ reading: LossReading) -> [Alarm.Sighting] {
        let before = before
        self.before = nil
        switch reading {
        case .notFinite(let text):
            isFinite = false
            return bad(.lossNotFinite(metric: metric, text: text))
        case .number(let loss):
            isFinite = true
            return jump(from: before, to: loss) + explosion(with: loss)
        }
    }

    private func jump(from before: Double?, to after: Double) -> [Alarm.Sighting] {
        guard settings.watches(.lossJump), let before,
            after > before + before.magnitude * settings.lossJumpAbove / 100
        else { return [] }
        return [.lossJump(metric: metric, before: before, after: after)]
    }

    private mutating func explosion(with loss: Double) -> [Alarm.Sighting] {
        last = last.suffix(2) + [loss]
        guard last.count == 3 else { return [] }
        let middle = last.sorted()[1]
        let (least, began) = (smallest ?? middle, beginning ?? middle)
        (smallest, beginning) = (min(least, middle), began)
        guard middle >= least.magnitude * settings.explodesAt, middle > began else {
            isBad = false
            return []
        }
        return bad(.lossExploding(metric: metric, loss: middle, smallest: least))
    }

    private mutating func bad(_ sighting: Alarm.Sighting) -> [Alarm.Sighting] {
        guard settings.watches(.badLoss), !isBad else { return [] }
        isBad = true
        return [sighting]
    }
}
