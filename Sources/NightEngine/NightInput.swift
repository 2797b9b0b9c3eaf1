// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What the shell tells a night.
package enum NightInput: Hashable, Sendable {
    /// Time has passed.
    case tick
    /// The backend's answer to a launch.
    case answered(key: String, LaunchOutcome)
    /// Pictures of launches of this night, and the keys that the backend says do not exist. A launch that could not
    /// be reached is in neither: unreachable is not dead.
    case observed([LaunchPicture], missing: [String])
    case priced([PricedOffer])
    /// Repeat what may not have been done: launches without an answer, stops without an effect. After a crash, and
    /// whenever `hasUnfinishedOrders`; the pictures of what exists came before this.
    case repeatUnfinished
    /// What came of the publication that was ordered.
    case published(PublicationAnswer)
    /// It could not be carried out this time; `inService` is the night whose model is in service, if any.
    case publicationFailed(String, inService: String?)
    /// A person wants the night to end now.
    case stopOrdered
}

/// What the shell is to do, after it has made `events` durable.
package struct NightStep: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case launch(LaunchOrder)
        case stop(key: String)
        /// Check the model and put it into service; takes a while, so it is asked again until it answers.
        case publish(PublicationOrder)
        /// Leave the model out of service, unless it is there already.
        case withdraw(PublicationOrder)
    }

    package var events: [NightEvent] = []
    package var actions: [Action] = []

    package init() {}
}
