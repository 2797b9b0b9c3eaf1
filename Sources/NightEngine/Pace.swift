// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// How long a unit of progress takes: the job file's word at first, then more and more what was seen.
///
/// The declared pace counts like a tenth of the job already seen. A job that turns out slower than declared is believed
/// at once (the observed pace is the floor of the estimate), one that turns out faster only gradually, because the
/// promise is built on this figure.
package struct Pace: Hashable, Sendable {
    private let declaredPerUnit: Double
    private let declaredWeight: Double
    private var observedSeconds: Double = 0
    private var observedUnits: Double = 0

    package init(totalUnits: Double, expectedRuntime: Duration) {
        declaredPerUnit = expectedRuntime.realSeconds / totalUnits
        declaredWeight = totalUnits / 10
    }

    /// Adds what was trained between two points of one attempt.
    package mutating func observe(from first: ProgressPoint, to last: ProgressPoint) {
        guard last.units > first.units, last.at > first.at else { return }
        observedSeconds += (last.at - first.at).realSeconds
        observedUnits += last.units - first.units
    }

    package var secondsPerUnit: Double {
        let blended =
            (declaredPerUnit * declaredWeight + observedSeconds) / (declaredWeight + observedUnits)
        return observedUnits > 0 ? max(blended, observedSeconds / observedUnits) : blended
    }

    /// Training time for so many units, rounded up to the millisecond.
    package func time(for units: Double) -> Duration {
        .milliseconds(Int64((max(0, units) * secondsPerUnit * 1000).rounded(.up)))
    }
}
