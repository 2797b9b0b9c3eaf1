// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import Foundation
import NightshiftTesting
import Testing
import TrainingJobs

@Suite struct TimedBackendTests {
    /// Never answers to `observe`, and does not heed its cancellation.
    struct Hanging: CapacityBackend {
        let properties = BackendProperties(
            restartsByItself: true, agentSavesCheckpoints: false, canInjectInterruption: false)
        func launch(_ order: LaunchOrder) async throws -> LaunchOutcome { .launched }
        func observe(_ key: String) async throws -> LaunchPicture? {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return nil
        }
        func stop(_ key: String) async throws {}
        func findAll() async throws -> [String] { ["a"] }
        func prices(at now: Instant) async throws -> [PricedOffer] { [] }
    }

    @Test("a call that hangs is not known after its limit, and the others go on")
    func hangs() async throws {
        let backend = TimedBackend(Hanging(), limit: .milliseconds(1))
        await #expect(throws: TimedBackend.TookTooLong.self) { try await backend.observe("a") }
        let patient = TimedBackend(Hanging(), limit: .seconds(3600))
        #expect(try await patient.findAll() == ["a"])
    }

    @Test("a backend that hangs does not stall the steering")
    func steering() async throws {
        let bench = try SageMakerBench(.init())
        defer { bench.remove() }
        let journal = try bench.journal()
        try bench.open(journal)
        let backend = TimedBackend(Hanging(), limit: .milliseconds(1))
        let order = Collected<Int>()
        let outcome = try await bench.steer(journal, backend) { order.add(1) }
        // Nothing is known of the machine, and the night still comes to its end and says so.
        #expect(outcome == nil)
        #expect(order.all.count > 100)
    }
}
