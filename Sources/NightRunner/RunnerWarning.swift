// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a person should hear about the steering itself; the night goes on. Each is told once, not with every look.
package enum RunnerWarning: Hashable, Sendable {
    /// Nothing was learned about the night's machines for a while. They go on by themselves, and nothing is bought for
    /// them or concluded about them meanwhile.
    case unreachable(since: Instant, why: String)
    case reachableAgain(since: Instant)
    /// A machine of this night that the journal does not count as live: it is told to stop.
    case leftover(key: String)
    /// The model is whole but could not be put into service; that is tried again until the night's end.
    case publicationFailing(why: String)
    /// At the end of the night the backend could not be asked whether anything is left.
    case unverified(why: String)
}
