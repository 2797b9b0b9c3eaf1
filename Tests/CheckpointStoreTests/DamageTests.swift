// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

/// Random damage to a store of five generations of two attempts. A failure names its seed; put it into
/// `regressions` to run it first, and leave it there.
@Suite struct DamageTests {
    static let seedsPerRun: UInt64 = 2500

    /// Seeds that once failed stay here.
    static let regressions: [UInt64] = []

    @Test(.timeLimit(.minutes(2)))
    func `whatever is damaged, the newest undamaged generation is restored or nothing`() async throws {
        let store = try await IntactStore()
        for seed in Self.regressions + Array(0..<Self.seedsPerRun) {
            try await store.check(seed: seed)
            await Task.yield()
        }
    }
}

private struct IntactStore {
    private let night: Night
    private let contents: [ObjectKey: [UInt8]]
    private let keys: [ObjectKey]
    private let records: [ObjectKey]
    private let pieces: [ObjectKey]
    private let generations: [(generation: Generation, tree: Tree)]

    init() async throws {
        night = try Night()
        var generations: [(Generation, Tree)] = []
        for (epoch, steps) in [(1, 1...3), (2, 4...5)] {
            let claim = try await night.lineage.claim(epoch: epoch, at: 0)
            for step in steps {
                generations.append(
                    (try await night.commit(Night.tree(step), step: step, under: claim), Night.tree(step)))
            }
        }
        self.generations = generations
        contents = night.memory.contents
        keys = contents.keys.sorted()
        records = keys.filter { $0.text.contains("/log/") }
        pieces = keys.filter { $0.text.contains("/pieces/") }
    }

    func check(seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        var damaged = contents
        let told = (0...generator.below(4)).map { _ in damage(&damaged, &generator) }
        night.memory.contents = damaged
        let expected = generations.last { generation, _ in
            ([night.key(ofRecord: generation.sequence)] + night.keys(ofPieces: generation))
                .allSatisfy { damaged[$0] == contents[$0] }
        }
        let message: Comment = "seed \(seed): \(told.joined(separator: ", "))"
        do {
            let answer = try await night.restore()
            #expect(answer?.tree == expected?.tree, message)
            #expect(answer?.restored.generation == expected?.generation, message)
            #expect(answer != nil, message)
        } catch RestoreError.nothingWhole {
            #expect(expected == nil, message)
        }
    }

    private func damage(_ objects: inout [ObjectKey: [UInt8]], _ generator: inout SplitMix64) -> String {
        // Half of the damage hits the few records, which would else be lost among the pieces.
        let key = generator.below(2) == 0 ? generator.pick(records) : generator.pick(keys)
        var bytes = objects[key] ?? []
        switch generator.below(8) {
        case 0 where !bytes.isEmpty:
            let index = generator.below(bytes.count)
            bytes[index] ^= 1 << UInt8(generator.below(8))
            objects[key] = bytes
            return "flip a bit of byte \(index) of \(key)"
        case 1 where !bytes.isEmpty:
            objects[key] = Array(bytes.prefix(generator.below(bytes.count)))
            return "truncate \(key)"
        case 2 where !bytes.isEmpty:
            let start = generator.below(bytes.count)
            for index in start..<min(bytes.count, start + 4096) { bytes[index] = 0 }
            objects[key] = bytes
            return "zero 4 KiB from \(start) of \(key)"
        case 3:
            objects[key] = [UInt8](repeating: 0, count: bytes.count)
            return "zero \(key)"
        case 4:
            let other = generator.pick(pieces), one = generator.pick(pieces)
            (objects[one], objects[other]) = (objects[other], objects[one])
            return "swap \(one) and \(other)"
        case 5:
            objects[key] = nil
            return "delete \(key)"
        case 6:
            let newer = generator.pick(records), older = generator.pick(records.filter { $0 <= newer })
            objects[newer] = objects[older]
            return "put \(older) in the place of \(newer)"
        default:
            objects[key] = bytes + generator.bytes(1 + generator.below(100))
            return "append to \(key)"
        }
    }
}
