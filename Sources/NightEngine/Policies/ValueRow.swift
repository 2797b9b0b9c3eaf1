// SPDX-License-Identifier: Apache-2.0

/// A row of a value table: microdollars by work left, `pad` cells for less than none before it. Arithmetic runs over
/// whole rows, so that the compiler turns it into vectors.
struct ValueRow {
    let cells: UnsafeMutablePointer<Float>
    let pad: Int
    let count: Int

    func copy(_ row: ValueRow) {
        for index in pad..<count { cells[index] = row.cells[index] }
    }

    /// `price` + the weighted sum of three, after so many units of work, at most `pad`, are done.
    func blend(
        price: Float, after units: Int, _ one: ValueRow, _ oneWeight: Float, _ other: ValueRow, _ otherWeight: Float,
        _ third: ValueRow, _ thirdWeight: Float
    ) {
        let (one, other, third) = (one.cells - units, other.cells - units, third.cells - units)
        for index in pad..<count {
            cells[index] =
                price + one[index] * oneWeight + other[index] * otherWeight + third[index] * thirdWeight
        }
    }

    /// `price` + the weighted row, added to a share of what is there.
    func mix(keeping ownWeight: Float, price: Float, _ row: ValueRow, _ weight: Float) {
        for index in pad..<count { cells[index] = cells[index] * ownWeight + (price + row.cells[index]) * weight }
    }

    /// `price` + the row with so many units more left to do, or fewer; between units by a straight line, beyond the last
    /// by its slope.
    func shift(_ row: ValueRow, moreWork units: Float, price: Float = 0) {
        let whole = Int(units.rounded(.down))
        let share = units - Float(whole)
        let first = min(count, max(pad, -whole))
        let end = min(count, max(first, count - 1 - whole))
        for index in pad..<first { cells[index] = price }
        let source = row.cells + whole
        for index in first..<end {
            cells[index] = price + source[index] + (source[index + 1] - source[index]) * share
        }
        let last = row.cells[count - 1]
        let slope = last - row.cells[count - 2]
        for index in end..<count { cells[index] = price + last + slope * (Float(index - count + 1) + units) }
    }

    /// Takes the other's cost where it is more.
    func raise(to row: ValueRow) {
        for index in pad..<count {
            let (own, new) = (cells[index], row.cells[index])
            cells[index] = new > own ? new : own
        }
    }

    /// Takes the other's cost where it is less, up to an index.
    func lower(to row: ValueRow, through last: Int) {
        guard last >= pad else { return }
        for index in pad...last {
            let (own, new) = (cells[index], row.cells[index])
            cells[index] = new < own ? new : own
        }
    }
}
