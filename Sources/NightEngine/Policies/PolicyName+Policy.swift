// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension NightTerms {
    /// The policy that the terms name, behind the net.
    package var safetyNet: SafetyNet { SafetyNet(policy.policy) }
}

extension PolicyName {
    package var policy: any Policy {
        switch self {
        case .nightshift: Greedy()
        case .onDemandOnly: OnDemandOnly()
        case .greedy: Greedy()
        case .uniformProgress: UniformProgress()
        case .uniformProgressWithoutHysteresis: UniformProgress(hysteresis: false)
        case .switchPoint: SwitchPoint()
        case .timeSliced: TimeSliced()
        case .spotUntil(let time): SpotUntil(end: time.milliseconds)
        }
    }
}
