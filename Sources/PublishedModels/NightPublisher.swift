// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

import FoundationEssentials
import ProcessSupervision
import Synchronization
import TrainingAgent

/// Publishes one night's model. The work is done on a thread of its own: a gate may take minutes, and a model of many
/// gigabytes is read whole.
package actor NightPublisher: ModelPublishing {
    package struct Places: Sendable {
        /// The source snapshot.
        package var source: String
        package var machines: String
        /// For the gate's copy of the source.
        package var scratch: String

        package init(source: String, machines: String, scratch: String) {
            self.source = source
            self.machines = machines
            self.scratch = scratch
        }
    }

    private let work: PublicationWork
    private var running: Running?

    package init(
        job: TrainingJob, places: Places, timeScale: Int, now: @escaping @Sendable () -> Instant
    ) {
        work = PublicationWork(job: job, places: places, timeScale: timeScale, now: now)
    }

    package func publish(_ order: PublicationOrder) async throws -> PublicationAnswer? {
        let running = start(order)
        guard let result = running.result else { return nil }
        self.running = nil
        return try answer { try result.get() }
    }

    package func withdraw(_ order: PublicationOrder) async throws -> PublicationAnswer {
        await end()
        return try answer {
            // A model without a record was never on its way; making one would read all of it, and a person waits.
            guard try work.shelf.record(of: order.night) != nil else {
                return .keptBack(.stoppedByPerson, inService: try work.shelf.inService())
            }
            return try work.shelf.decide(on: order.night) { _ in .keepBack(.stoppedByPerson) }
        }
    }

    /// What another try cannot cure is an answer, too.
    private func answer(_ attempt: () throws -> PublicationAnswer) throws -> PublicationAnswer {
        do {
            return try attempt()
        } catch let error as ShelfError where !error.mayPass {
            // A pointer that cannot be read is what the words are about.
            return .failed(error.description, inService: try? work.shelf.inService())
        }
    }

    package func inService() throws -> String? { try work.shelf.inService() }

    /// Calls off what goes on, without deciding anything, and waits until nothing of it runs.
    package func end() async {
        guard let ending = running else { return }
        ending.callOff()
        await ending.waitUntilFinished()
        if running === ending { running = nil }
    }

    /// Makes the model's record unless there is one, and decides nothing.
    package nonisolated func recordModel(_ order: PublicationOrder) throws {
        _ = try work.recorded(order)
    }

    private func start(_ order: PublicationOrder) -> Running {
        if let running, running.order == order { return running }
        let started = Running(order: order)
        running = started
        let work = work
        runOnOwnThread {
            started.finish(Result { try work.carryOut(order) { started.isCalledOff } })
        }
        return started
    }

    /// What the thread and the actor share.
    private final class Running: Sendable {
        let order: PublicationOrder
        private let state = Mutex(State())

        private struct State {
            var result: Result<PublicationAnswer, any Error>?
            var isCalledOff = false
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        init(order: PublicationOrder) { self.order = order }

        var result: Result<PublicationAnswer, any Error>? { state.withLock { $0.result } }
        var isCalledOff: Bool { state.withLock { $0.isCalledOff } }
        func callOff() { state.withLock { $0.isCalledOff = true } }

        func finish(_ result: Result<PublicationAnswer, any Error>) {
            let waiting = state.withLock { state in
                state.result = result
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        /// Also in a task that was cancelled: whoever ends a night waits for its processes.
        func waitUntilFinished() async {
            await withCheckedContinuation { continuation in
                let isFinished = state.withLock { state in
                    if state.result == nil { state.waiting.append(continuation) }
                    return state.result != nil
                }
                if isFinished { continuation.resume() }
            }
        }
    }
}
