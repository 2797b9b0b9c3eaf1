// SPDX-License-Identifier: Apache-2.0

/// Where a value lies: by time left, age of the pool's spell, whether it is up, and what is held; then by work left.
struct ValueLayout: Sendable {
    /// What is chosen for the coming step.
    enum Holding: Int, CaseIterable {
        case idle
        /// On-demand that runs; what is left of its restart counts as work.
        case onDemand
        /// Spot that runs; what is left of its restart counts as work.
        case spot
        /// Spot is launched now.
        case launch
        /// Spot runs until on-demand, asked for now, trains.
        case move

        /// With the pool down there are the first two only.
        static let whenDown = 2
    }

    static let rows = Holding.allCases.count + Holding.whenDown

    let ages: Int
    /// Cells for less work than none, always 0: a step that does more than is left needs no test.
    let pad: Int
    /// Cells of one row: the work that is covered, and a restart more.
    let stride: Int

    init(_ shape: ValueShape, _ grid: ValueGrid) {
        ages = grid.ages.count
        pad = grid.unitsPerStep
        stride = pad + grid.units + Int(grid.inSteps(shape.restartOverhead).rounded(.up) + 1) * grid.unitsPerStep
    }

    /// Cells of one time.
    var layer: Int { ages * Self.rows * stride }

    func offset(time: Int, age: Int, isUp: Bool, _ holding: Holding) -> Int {
        ((time * ages + age) * Self.rows + (isUp ? 0 : Holding.allCases.count) + holding.rawValue) * stride
    }
}
