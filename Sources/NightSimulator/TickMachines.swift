// SPDX-License-Identifier: Apache-2.0

import NightEngine

/// The machines of a night in ticks: at most one on Spot, and one on on-demand that is waited for, restarts or trains.
struct TickMachines: Sendable {
    private(set) var spotZone: Int?
    private var spotOverhead: Int64 = 0
    private var hasOnDemand = false
    private var onDemandWait: Int64 = 0
    private var onDemandOverhead: Int64 = 0
    /// Training time since the last save.
    private var unsaved: Int64 = 0

    /// The tick that is over. What is left of an overhead is carried into the next one.
    mutating func work(_ outlook: inout Outlook, _ night: TickNight) {
        var onDemandTime: Int64 = 0
        if hasOnDemand {
            let waited = min(onDemandWait, night.tick)
            let restarted = min(onDemandOverhead, night.tick - waited)
            onDemandWait -= waited
            onDemandOverhead -= restarted
            onDemandTime = night.tick - waited - restarted
        }
        if spotZone != nil {
            let time = night.tick - onDemandTime
            let restarted = min(spotOverhead, time)
            spotOverhead -= restarted
            train(time - restarted, &outlook, night)
        }
        if onDemandTime > 0 {
            // It has restored the newest save, and Spot is let go.
            if spotZone != nil { loseSpot(&outlook) }
            train(onDemandTime, &outlook, night)
        }
        outlook.overheadLeft = hasOnDemand ? onDemandOverhead : spotOverhead
        outlook.trainingMeanwhile = hasOnDemand && onDemandWait > 0 && spotOverhead == 0 ? spotZone : nil
    }

    private mutating func train(_ time: Int64, _ outlook: inout Outlook, _ night: TickNight) {
        outlook.workLeft = max(0, outlook.workLeft - time)
        unsaved += time
        if outlook.workLeft == 0 || night.checkpointInterval == 0 {
            unsaved = 0
        } else if unsaved >= night.checkpointInterval {
            unsaved %= night.checkpointInterval
        } else {
            return
        }
        outlook.durableWorkLeft = outlook.workLeft + unsaved
    }

    /// Its progress since the last save goes with it.
    mutating func loseSpot(_ outlook: inout Outlook) {
        spotZone = nil
        if outlook.current.isSpot { outlook.current = .none }
        outlook.trainingMeanwhile = nil
        forget(&outlook)
    }

    private mutating func forget(_ outlook: inout Outlook) {
        unsaved = 0
        outlook.workLeft = outlook.durableWorkLeft
    }

    /// Whether that takes a launch.
    mutating func move(to placement: Placement, _ outlook: inout Outlook, _ night: TickNight) -> Bool {
        outlook.current = placement
        switch placement {
        case .none:
            spotZone = nil
            hasOnDemand = false
            forget(&outlook)
            return false
        case .spot(let zone):
            if spotZone == zone {
                hasOnDemand = false
                return false
            }
            forget(&outlook)
            hasOnDemand = false
            spotZone = zone
            spotOverhead = night.restartOverhead
            outlook.overheadLeft = spotOverhead
        case .onDemand:
            if hasOnDemand { return false }
            hasOnDemand = true
            onDemandWait = night.onDemandWait
            onDemandOverhead = night.restartOverhead
            outlook.overheadLeft = onDemandOverhead
            if !night.overlapsMoves {
                spotZone = nil
                forget(&outlook)
            }
        }
        return true
    }

    /// In the tick that begins now, if its machine comes before the end of it.
    func onDemandIsCharged(_ night: TickNight) -> Bool { hasOnDemand && onDemandWait < night.tick }
}
