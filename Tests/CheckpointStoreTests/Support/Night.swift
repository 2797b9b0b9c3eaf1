// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

/// A lineage with a directory to commit from and one to restore into.
struct Night {
    let directory: TemporaryDirectory
    let memory: MemoryObjectStore
    let lineage: Lineage

    init(pieceBytes: Int = 1000) throws {
        directory = try TemporaryDirectory()
        memory = MemoryObjectStore()
        lineage = try #require(Lineage("night", in: memory, pieceBytes: pieceBytes))
    }

    static let small: Tree = [
        "model.bin": [UInt8](repeating: 1, count: 2500), "state/optimizer.bin": Array("adam".utf8),
    ]

    static func tree(_ step: Int) -> Tree {
        var generator = SplitMix64(seed: UInt64(step))
        return [
            "model.bin": generator.bytes(2500), "state/optimizer.bin": generator.bytes(40), "frozen.bin": [7, 7, 7],
        ]
    }

    /// The same objects, seen through another store.
    func through(_ objects: any ObjectStore) throws -> Lineage {
        try #require(Lineage("night", in: objects, pieceBytes: lineage.pieceBytes))
    }

    /// Writes the files of a step and commits them.
    @discardableResult
    func commit(_ tree: Tree, step: Int, under claim: Claim, through lineage: Lineage? = nil) async throws -> Generation
    {
        let source = "source-\(step)"
        try directory.write(tree, to: source)
        return try await (lineage ?? self.lineage).commit(
            tree.keys.sorted().map { SourceFile(path: $0, expected: nil) }, from: directory(source), under: claim,
            progress: Double(step), label: "step \(step)", at: Int64(step))
    }

    /// Restores into a fresh directory, looks at the files and removes them again.
    func restore(
        through lineage: Lineage? = nil, atMost limit: Int64 = .max
    ) async throws -> (restored: Restored, tree: Tree)? {
        guard let restored = try await (lineage ?? self.lineage).restore(into: directory("restored"), atMost: limit)
        else { return nil }
        let tree = try #require(try directory.tree("restored"))
        try directory.remove("restored")
        return (restored, tree)
    }

    func key(ofRecord sequence: Int) -> ObjectKey { lineage.layout.record(sequence) }

    func keys(ofPieces generation: Generation) -> [ObjectKey] {
        generation.files.flatMap { $0.pieces.map { lineage.layout.piece($0, epoch: generation.epoch) } }
    }

    /// Three generations; the last is at sequence 4.
    @discardableResult
    func commitThree() async throws -> [Generation] {
        let claim = try await lineage.claim(epoch: 1, at: 0)
        var generations: [Generation] = []
        for step in 1...3 { generations.append(try await commit(Night.tree(step), step: step, under: claim)) }
        return generations
    }
}
