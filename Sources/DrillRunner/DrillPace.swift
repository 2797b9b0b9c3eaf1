// SPDX-License-Identifier: Apache-2.0

import Drills
import TrainingJobs

/// What undisturbed runs tell about when to disturb one.
struct DrillPace: Sendable {
    /// From the start of the training process to its first progress.
    let startUp: Duration
    /// From the start of the machine to its end.
    let whole: Duration
    /// Between two checkpoints.
    let interval: Duration
    /// Checkpoints that were committed before training ended.
    let commitsBeforeEnd: Int

    init(_ control: DrillStay) {
        let first = control.progress.first?.at ?? control.trainingAt
        let last = control.progress.last?.at ?? first
        startUp = max(.zero, first - control.trainingAt)
        whole = last
        let early = control.saves.filter { $0.until < last - (last - first) / 20 }
        commitsBeforeEnd = early.count
        let gaps = zip(control.saves.dropFirst(), control.saves).map { $0.from - $1.from }
        interval = gaps.isEmpty ? max(.zero, last - first) : gaps.sorted()[gaps.count / 2]
    }

    /// Files that nobody marks as whole count as whole once they have been left alone for a while. At night that is five
    /// seconds; a drill trains so briefly that it takes a tenth of the time between two checkpoints, if that is less.
    var clockFactor: Int {
        let settle = min(max(interval / 10, .milliseconds(200)), .seconds(5))
        return max(1, Int((.seconds(5) / settle).rounded(.down)))
    }

    /// No run is waited for longer.
    var patience: Duration { whole * 5 + .seconds(60) }

    func moments(of disturbance: Disturbance) -> [Injection] {
        let half = interval / 2
        guard commitsBeforeEnd > 0 else {
            // Nothing to resume from: half the work is lost, which is what has to be shown.
            let middle = Injection.Moment(saves: 0, pause: whole / 2)
            switch disturbance {
            case .kill, .killTwice, .killInSave: return [Injection(kind: .kill, moment: middle)]
            case .notice: return [Injection(kind: .notice, moment: middle)]
            case .killAtStart: return [Injection(kind: .kill, moment: start)]
            }
        }
        let middle = Injection.Moment(saves: max(1, (commitsBeforeEnd - 1) / 2), pause: half)
        switch disturbance {
        case .kill: return [Injection(kind: .kill, moment: middle)]
        case .notice: return [Injection(kind: .notice, moment: middle)]
        case .killTwice:
            let next = Injection(kind: .kill, moment: Injection.Moment(saves: 1, pause: half))
            return [next, next]
        case .killAtStart: return [Injection(kind: .kill, moment: start)]
        case .killInSave:
            return [Injection(kind: .killInSave, moment: Injection.Moment(saves: 1, pause: .zero))]
        }
    }

    private var start: Injection.Moment { Injection.Moment(saves: 0, pause: startUp / 2) }
}

/// A disturbance of one stay, and when.
struct Injection: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case kill, killInSave, notice }

    /// So long after the stay's n-th checkpoint; without one, after its training process was started.
    struct Moment: Hashable, Sendable {
        var saves: Int
        var pause: Duration
    }

    var kind: Kind
    var moment: Moment
}
