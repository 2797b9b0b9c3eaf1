// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision
import TrainingJobs

/// What the agent tells its tripwires, and what it does for one.
extension Agent {
    /// Looks at a living training process. Monotonic time, which stands still while the computer sleeps, is what counts
    /// for "no step for".
    func lookForTrouble() {
        let now = SuspendingClock.now
        let step = lookedAt.map { ($0.duration(to: now)) * order.clock.factor } ?? .zero
        lookedAt = now
        for sighting in tripwires.look(after: step, heard: progress.hasNews, rooms: disk.rooms) {
            occur.yield(.tripped(sighting, at: self.now()))
        }
    }

    /// Everything that watches what a training process tells begins anew with it.
    func prepared(_ start: TrainingStart) -> TrainingStart {
        self.start = start
        progress.restart(at: SystemClock.now(), units: start.units)
        losses?.begin(before: start.generation.flatMap { loss(of: $0) }, fromZero: start.generation == nil)
        lossWasFinite = true
        return start
    }

    /// Committed generations are lost, and the job wants to go on all the same.
    func startFromZero() {
        do {
            occur.yield(try fromZero())
        } catch {
            log.write("the checkpoint directory cannot be made: \(error)", from: .agent)
            occur.yield(.restoreFailed(.lost))
        }
    }

    /// The loss that was known when a generation was committed: by this stay, or as the order has it.
    private func loss(of generation: Int) -> Double? {
        if let own = machine.report.commits.last(where: { $0.generation == generation }) { return own.loss }
        return generation == order.launch.expectedGeneration ? order.launch.expectedLoss : nil
    }

    /// For the log; the figures are in the report.
    func words(for alarm: Alarm) -> String {
        let action =
            switch alarm.action {
            case .wentOn: "training goes on"
            case .restarted(let generation?): "training is started again from generation \(generation)"
            case .restarted(nil): "training is started from zero"
            case .stopped: "the night is to end"
            }
        return "the tripwire \(alarm.tripwire.rawValue) fired: \(action)"
    }
}
