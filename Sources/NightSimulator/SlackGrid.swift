// SPDX-License-Identifier: Apache-2.0

/// Every slack that a night can have used: so many idle ticks and so many launches, in order. However fine the times
/// are, there are no more than pairs of the two.
struct SlackGrid: Sendable {
    /// Milliseconds, rising from 0.
    let values: [Int64]
    /// By place: where the slack with one idle tick less, and with one launch less, lies; -1 where there is none.
    let beforeIdle, beforeLaunch: [Int32]

    init(room: Int64, tick: Int64, launch: Int64, ticks: Int) {
        var all: [Int64] = []
        for launches in 0...(launch == 0 ? 0 : ticks) {
            let left = room - Int64(launches) * launch
            guard left >= 0 else { break }
            for idle in 0...min(Int64(ticks - launches), left / tick) {
                all.append(Int64(launches) * launch + idle * tick)
            }
        }
        all.sort()
        var values: [Int64] = []
        for value in all where value != values.last { values.append(value) }
        self.values = values
        beforeIdle = Self.places(of: tick, in: values)
        beforeLaunch = Self.places(of: launch, in: values)
    }

    /// The places whose slack lies in a range.
    func places(_ range: ClosedRange<Int64>) -> Range<Int> {
        let first = place(atLeast: range.lowerBound)
        return first..<max(first, place(atLeast: range.upperBound + 1))
    }

    private func place(atLeast value: Int64) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func places(of less: Int64, in values: [Int64]) -> [Int32] {
        var found = 0
        return values.map { value in
            while values[found] < value - less { found += 1 }
            return values[found] == value - less ? Int32(found) : -1
        }
    }
}
