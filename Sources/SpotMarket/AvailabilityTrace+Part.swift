// SPDX-License-Identifier: Apache-2.0

extension AvailabilityTrace {
    /// Some of its ticks as a trace of their own.
    package func part(_ range: Range<Int>) -> AvailabilityTrace {
        AvailabilityTrace(
            name: name, gapMilliseconds: gapMilliseconds, nodes: nodes,
            ticks: range.map { isKnown($0) ? self[$0] : nil }, provenance: provenance, pool: pool,
            spotPrices: spotPrices.map { Array($0[range]) })
    }
}
