// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import SpotMarket
package import TrainingJobs

/// The law of the safety net, by the million: no night is late that on-demand could have kept, whatever the policy wants
/// and whatever Spot does; on-demand comes at the last moment of its promised wait.
package struct SafetyLaw: Sendable {
    /// What says when a pool has capacity. All of them see what the policy is about to see.
    private enum Adversary: Int, CaseIterable {
        /// Spells by chance.
        case chance
        /// There until it is taken, then gone.
        case lure
        /// There until the latest safe switch is close.
        case cliff
        /// Gone just before something would be saved.
        case spoiler
        case always, never, everyOther
    }

    /// Wants anything at all, differently at every instant.
    private struct Whim: Policy {
        let seed: UInt64

        func verdict(in outlook: Outlook) -> Verdict {
            var random = SplitMix64(seed: seed ^ UInt64(bitPattern: outlook.elapsed))
            let place = random.below(outlook.spot.count + 2)
            let wish: Placement =
                place < outlook.spot.count ? .spot(place) : place == outlook.spot.count ? .none : .onDemand(0)
            return Verdict(wish, .spotWorthTrying)
        }
    }

    /// `nil` is one that wants anything at all.
    package let policy: PolicyName?

    package init(_ policy: PolicyName?) { self.policy = policy }

    /// How to replay the first night that is late, or that no placement kept alive; `nil` when the law holds. Nights of
    /// one shape share what is solved for it.
    package func violation(shapes: Range<UInt64>, nightsPerShape: Int) -> String? {
        for shape in shapes {
            var random = SplitMix64(seed: shape)
            let night = Self.night(&random)
            let named = policy?.policy(for: night.outlook(wholeTicks: true))
            var simulator = TickSimulator(night, .net(SafetyNet(named ?? Whim(seed: shape))))
            for number in 0..<nightsPerShape {
                let outcome = Self.play(&simulator, night, seed: shape &* 1_000_003 &+ UInt64(number))
                if outcome.isLate(night) {
                    return "policy \(policy?.rawValue ?? "whim"), shape \(shape), night \(number): finished in tick "
                        + "\(outcome.finishTick.map(String.init) ?? "none"), deadline \(night.deadlineTicks); \(night)"
                }
            }
        }
        return nil
    }

    /// From just possible to twice as long as needed.
    private static func night(_ random: inout SplitMix64) -> TickNight {
        func upTo(_ most: Int) -> Int64 { Int64(random.below(most + 1)) }
        let tick = 30000 + 1000 * upTo(570)
        var night = TickNight(
            tick: tick, work: tick + upTo(60) * tick / 2 + upTo(1000), deadline: tick,
            restartOverhead: upTo(3) * tick / 2 + upTo(999),
            spotRates: (0...random.below(3)).map { _ in 900_000 + upTo(400_000) }, onDemandRate: 3_060_000)
        if random.below(2) == 0 {
            night.checkpointInterval = 1 + upTo(8) * tick / 2
            night.onDemandWait = upTo(6) * tick / 2
            night.overlapsMoves = true
        }
        let least = night.work + night.restartOverhead + night.onDemandWait
        night.deadline = (least + tick - 1) / tick * tick + upTo(40) * tick * least / (40 * tick) + upTo(999)
        return night
    }

    private static func play(_ simulator: inout TickSimulator, _ night: TickNight, seed: UInt64) -> TickOutcome {
        var random = SplitMix64(seed: seed)
        let adversary = Adversary.allCases[random.below(Adversary.allCases.count)]
        let (loss, recovery) = (random.uniform(), random.uniform())
        let margin = Int64(random.below(5)) * night.tick / 2
        return simulator.play(ticks: night.deadlineTicks + 1000) { zone, tick, seen in
            switch adversary {
            case .chance:
                return seen.spot[zone].isUp ? random.uniform() >= loss : random.uniform() < recovery
            case .lure: return !seen.current.isSpot
            case .cliff: return seen.slack > margin
            case .spoiler: return seen.durableWorkLeft - seen.workLeft + night.tick < night.checkpointInterval
            case .always: return true
            case .never: return false
            case .everyOther: return (tick + zone) % 2 == 0
            }
        }
    }
}
