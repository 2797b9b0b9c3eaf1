// SPDX-License-Identifier: Apache-2.0

/// The safety net's inequalities as a value table knows them, in steps: how much more time than work must be left for a
/// thing to be allowed. Beside them, what a restart and a loss come to.
struct ValueRoom: Sendable {
    let restart: Float
    /// The steps that a restart touches, and the training done in the last of them.
    let restartSteps: Int
    let lastGain: Float
    /// On-demand's wait, rounded up.
    let waitSteps: Int
    /// Work that an interruption is expected to take back: half of what is trained between two checkpoints.
    let expectedLoss: Float
    let toWait, toEnter, toLeave, toStay: Float
    private let toSwitch: Float

    init(_ shape: ValueShape, _ grid: ValueGrid) {
        restart = grid.inSteps(shape.restartOverhead)
        restartSteps = max(1, Int(restart.rounded(.up)))
        lastGain = Float(restartSteps) - restart
        let wait = grid.inSteps(shape.onDemandWait)
        waitSteps = Int(wait.rounded(.up))
        let interval = grid.inSteps(shape.checkpointInterval)
        expectedLoss = interval / 2
        toSwitch = restart + wait
        toEnter = toSwitch + restart + (interval > 0 ? interval + 2 * grid.inSteps(shape.tick) : 0)
        toLeave = toEnter + wait
        toWait = max(toEnter, toSwitch + 1)
        toStay = toSwitch + (interval > 0 ? 1 + expectedLoss : 0)
    }

    /// To go on with a Spot restart of which so many steps are left.
    func toGoOn(_ stepsLeft: Int) -> Float { toSwitch + 1 - (stepsLeft == 1 ? lastGain : 0) }
}
