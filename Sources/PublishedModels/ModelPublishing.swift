// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Puts a night's model into service, or keeps it back. It judges the model, not the night.
///
/// An error thrown means: not this time. Nothing is decided by it, and the same order is asked for again. What another
/// try cannot cure is answered as `failed`; nothing is decided on the shelf, so a person can still publish the model.
package protocol ModelPublishing: Sendable {
    /// Checks the model, asks the gate, and moves the pointer. Returns within seconds; `nil` while work on it goes on,
    /// so it is called again and again until it answers. May be repeated after a crash and after its answer: the same
    /// answer comes again, and a gate that has answered is not asked a second time.
    func publish(_ order: PublicationOrder) async throws -> PublicationAnswer?

    /// Ends the work on an order before the pointer moves. The answer says whether it was too late for that. May be
    /// repeated, and the order need never have been asked for.
    func withdraw(_ order: PublicationOrder) async throws -> PublicationAnswer

    /// The night whose model is in service now; `nil` for none.
    func inService() async throws -> String?
}
