// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How likely a spell is to end, by its age: factor × min(cap, scale × (age / 1 h)^−exponent), per hour.
///
/// The factor is what a fit moves; the shape is one for all. Ages and steps are hours, hazards are per hour.
package struct HazardLaw: Codable, Hashable, Sendable {
    /// Per hour at an age of one hour, before cap and factor. Positive.
    package var scale: Double
    /// How fast the hazard falls with age. At least 0 and below 1.
    package var exponent: Double
    /// Per hour, before the factor: a young spell's hazard. Positive.
    package var cap: Double
    /// Multiplies the whole hazard, cap included. Positive; 1 as shipped.
    package var factor: Double

    package init(scale: Double, exponent: Double, cap: Double, factor: Double = 1) {
        self.scale = scale
        self.exponent = exponent
        self.cap = cap
        self.factor = factor
    }

    /// Fitted on public Spot availability traces of GPU types (2022 and 2023), for losing capacity and for its return
    /// alike; other types may differ.
    package static let shipped = HazardLaw(scale: 0.55, exponent: 0.75, cap: 3)

    /// Per hour.
    package func hazard(ageHours age: Double) -> Double {
        factor * (age <= capAge ? cap : min(cap, scale * pow(age, -exponent)))
    }

    /// The integral of the hazard from birth to an age.
    package func cumulativeHazard(ageHours age: Double) -> Double {
        let capAge = capAge
        guard age > capAge else { return factor * cap * max(0, age) }
        let rest = 1 - exponent
        return factor * (cap * capAge + scale / rest * (pow(age, rest) - pow(capAge, rest)))
    }

    /// The age at which the integral of the hazard reaches a value, in hours: its inverse.
    package func ageHours(cumulativeHazard: Double) -> Double {
        let total = cumulativeHazard / factor
        let capAge = capAge
        if total < cap * capAge { return total / cap }
        let rest = 1 - exponent
        return pow((total - cap * capAge) * rest / scale + pow(capAge, rest), 1 / rest)
    }

    /// The share of spells that reach an age.
    package func survival(ageHours age: Double) -> Double { exp(-cumulativeHazard(ageHours: age)) }

    /// That a spell of this age ends within the next step.
    package func probabilityOfChange(ageHours age: Double, stepHours step: Double) -> Double {
        -expm1(cumulativeHazard(ageHours: age) - cumulativeHazard(ageHours: age + step))
    }

    /// How long spells last in the mean, by Simpson's rule over the cumulative hazard. Long spells carry most of it.
    package var meanSpellHours: Double {
        let (intervals, last) = (4000, 48.0)
        let step = last / Double(intervals)
        var sum = 0.0
        for index in 0...intervals {
            let hazard = Double(index) * step
            let weight = index == 0 || index == intervals ? 1.0 : index % 2 == 1 ? 4 : 2
            sum += weight * ageHours(cumulativeHazard: hazard) * exp(-hazard)
        }
        return sum * step / 3
    }

    /// The age in hours up to which the hazard is at its cap.
    private var capAge: Double { pow(scale / cap, 1 / exponent) }
}
