// SPDX-License-Identifier: Apache-2.0

/// An order to check a finished model, record it and put it into service. Repeated with the same content after a crash.
package struct PublicationOrder: Codable, Hashable, Sendable {
    package var night: String
    package var job: String
    /// The launch that made the model.
    package var key: String
    package var epoch: Int
    package var model: ModelArtifact
    package var deadline: Instant
    package var lineage: ModelLineage
    /// Of the night when the model was ready; machines may still be going.
    package var cost: Money
    package var baseline: Money?
    package var baselineMeasured: Bool

    package init(
        night: String, job: String, key: String, epoch: Int, model: ModelArtifact, deadline: Instant,
        lineage: ModelLineage, cost: Money, baseline: Money?, baselineMeasured: Bool
    ) {
        self.night = night
        self.job = job
        self.key = key
        self.epoch = epoch
        self.model = model
        self.deadline = deadline
        self.lineage = lineage
        self.cost = cost
        self.baseline = baseline
        self.baselineMeasured = baselineMeasured
    }
}

/// What came of a publication. `inService` is the night whose model is in service then; `nil` for none.
package enum PublicationAnswer: Codable, Hashable, Sendable {
    /// In service since; `replaces` is the night whose model was before it.
    case published(at: Instant, replaces: String?)
    /// The model is whole and stays where it is, but another one, or none, is in service.
    case keptBack(KeptBack, inService: String?)
    /// It could not be put into service until the night's end, or trying again would not help.
    case failed(String, inService: String?)
}

/// Why a whole model was not put into service.
package enum KeptBack: Codable, Hashable, Sendable {
    /// With what the gate objected to, in words; from outside, so not fit to be printed as it is.
    case gate(String)
    /// The deadline had passed when it could have been.
    case late
    /// A person ended the night first.
    case stoppedByPerson
    /// A person has put another model in its place since.
    case rolledBack
}
