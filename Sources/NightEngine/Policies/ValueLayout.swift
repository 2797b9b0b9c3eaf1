// SPDX-License-Identifier: Apache-2.0

/// Where a value lies: by time left, age of the pool's spell, whether it is up, and what is held; then by work left.
struct ValueLayout: Sendable {
    /// What is chosen for the coming step.
    enum Holding: Hashable {
        case idle
        /// On-demand that runs; what is left of its restart counts as work.
        case onDemand
        /// Spot that trains.
        case spot
        /// Spot runs until on-demand, asked for now, trains.
        case move
        /// Spot in its restart, of which so many steps are left, from 1; in the last of them it begins to train. With
        /// all of them it is launched now.
        case restart(stepsLeft: Int)

        /// With the pool down there are the first two only.
        static let whenDown = [idle, onDemand]

        fileprivate var row: Int {
            switch self {
            case .idle: 0
            case .onDemand: 1
            case .spot: 2
            case .move: 3
            case .restart(let stepsLeft): 3 + stepsLeft
            }
        }
    }

    let ages: Int
    /// Cells for less work than none, always 0: a step that does more than is left needs no test.
    let pad: Int
    /// Cells of one row: the work that is covered, and a restart more.
    let stride: Int
    /// The steps that a restart touches.
    let restartSteps: Int

    init(_ shape: ValueShape, _ grid: ValueGrid) {
        ages = grid.ages.count
        pad = grid.unitsPerStep
        stride = pad + grid.units + Int(grid.inSteps(shape.restartOverhead).rounded(.up) + 1) * grid.unitsPerStep
        restartSteps = ValueRoom(shape, grid).restartSteps
    }

    /// With the pool up.
    var holdings: [Holding] {
        [.idle, .onDemand, .spot, .move] + (1...restartSteps).map { .restart(stepsLeft: $0) }
    }

    private var rowsWhenUp: Int { 4 + restartSteps }
    private var rows: Int { rowsWhenUp + Holding.whenDown.count }

    /// Cells of one time.
    var layer: Int { ages * rows * stride }

    func offset(time: Int, age: Int, isUp: Bool, _ holding: Holding) -> Int {
        ((time * ages + age) * rows + (isUp ? 0 : rowsWhenUp) + holding.row) * stride
    }
}
