// SPDX-License-Identifier: Apache-2.0

/// What becomes of a Spot pool that is up while on-demand is waited for.
struct MoveOdds: Sendable {
    /// That it lives through the wait.
    let lives: Float
    /// That it is lost in the wait and is still down at its end.
    let staysDown: Float
    /// The mean of the steps that it trains before it is lost in the wait, that of the loss among them.
    let trained: Float
    /// Of the grid's ages, that of the pool at the end of the wait: if it lives, and if it was lost and stays down.
    let after: ValueGrid.AgePlace
    let downAge: Int

    init(of age: Int, wait steps: Int, _ grid: ValueGrid) {
        var (lives, lost, trained): (Float, Float, Float) = (1, 0, 0)
        for step in 0..<steps {
            let now = lives * grid.chance(grid.loss, at: grid.place(after: age, steps: step))
            lives -= now
            lost += now
            trained += now * Float(step + 1)
        }
        self.lives = lives
        self.trained = lost > 0 ? trained / lost : Float(steps)
        after = grid.place(after: age, steps: steps)
        let down = max(0, steps - Int(self.trained.rounded()))
        var stays: Float = 1
        for step in 0..<down { stays *= 1 - grid.chance(grid.recovery, at: grid.place(after: 0, steps: step)) }
        staysDown = lost * stays
        let place = grid.place(after: 0, steps: down)
        downAge = place.share < 0.5 ? place.lower : place.lower + 1
    }
}
