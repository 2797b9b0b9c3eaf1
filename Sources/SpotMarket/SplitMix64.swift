// SPDX-License-Identifier: Apache-2.0

/// A seeded generator whose stream is fixed for good (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014). The standard library may change how it draws; what is reproducible here draws from `next()`.
package struct SplitMix64: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in [0, 1), from the upper 53 bits.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in 0 ..< bound, for a positive bound.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a draw needs a positive bound, not \(bound)")
        return Int(uniform() * Double(bound))
    }
}
