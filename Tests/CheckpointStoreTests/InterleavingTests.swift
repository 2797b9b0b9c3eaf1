// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

/// A machine thought dead (epoch 1) commits while its successor (epoch 2) claims and commits.
@Suite struct InterleavingTests {
    /// Every schedule of at most three changes of turn, at every pair and triple of calls.
    @Test(.timeLimit(.minutes(3)), arguments: [0, 1])
    func `no schedule lets an old epoch in after the new one's claim`(first: Int) async throws {
        let directory = try TemporaryDirectory()
        try directory.write([0], to: "0/model")
        try directory.write([1], to: "1/model")
        // The one that starts makes all its calls; the other is asked for its own when it is alone.
        var longest = [0, 0]
        for writer in 0...1 { longest[writer] = try await run(in: directory, first: writer, runs: [])[writer] }
        #expect(longest[0] >= 8 && longest[1] >= 12)
        for one in 0...longest[first] {
            for two in 1...longest[1 - first] {
                for three in 1...max(1, longest[first] - one) {
                    _ = try await run(in: directory, first: first, runs: [one, two, three])
                    await Task.yield()
                }
            }
        }
    }

    /// Answers how many calls each of the two made.
    private func run(in directory: TemporaryDirectory, first: Int, runs: [Int]) async throws -> [Int] {
        let setting = Setting(directory: directory)
        let old = try await setting.lineage().claim(epoch: 1, at: 0)
        let turnstile = Turnstile(first: first, runs: runs)
        async let zombie: Bool = setting.commit(as: 0, turnstile) { _ in old }
        async let successor: Bool = setting.commit(as: 1, turnstile) { try await $0.claim(epoch: 2, at: 0) }
        let (oldCommitted, newCommitted) = try await (zombie, successor)

        let judgement = LogJudgement(try await setting.lineage().log.all())
        let records = judgement.verdicts.compactMap {
            if case .accepted(let record) = $0.verdict { record } else { nil }
        }
        let comment: Comment = "writer \(first) first, turns after \(runs)"
        #expect(records.count == judgement.verdicts.count, comment)
        #expect(records.map(\.epoch) == records.map(\.epoch).sorted(), comment)
        #expect(newCommitted, comment)
        #expect(judgement.generations.first?.epoch == 2, comment)
        #expect(judgement.generations.contains { $0.epoch == 1 } == oldCommitted, comment)
        return await turnstile.calls
    }
}

private struct Setting {
    let objects = MemoryObjectStore()
    let directory: TemporaryDirectory

    func lineage(_ objects: (any ObjectStore)? = nil) throws -> Lineage {
        try #require(Lineage("night", in: objects ?? self.objects))
    }

    /// Whether the commit was acknowledged; the other way out is to have been fenced off.
    func commit(
        as writer: Int, _ turnstile: Turnstile, under claim: (Lineage) async throws -> Claim
    ) async throws -> Bool {
        let outcome: Bool
        do {
            let lineage = try lineage(
                HookedObjectStore(inner: objects, before: { _, _ in await turnstile.enter(writer) }))
            _ = try await lineage.commit(
                [SourceFile(path: "model", expected: nil)], from: directory("\(writer)"),
                under: try await claim(lineage),
                progress: 1, label: nil, at: 0)
            outcome = true
        } catch CommitError.fenced(by: 2) {
            outcome = false
        } catch {
            await turnstile.finish(writer)
            throw error
        }
        await turnstile.finish(writer)
        return outcome
    }
}
