// SPDX-License-Identifier: Apache-2.0

/// What it takes to call a generation whole.
package enum Evidence: Hashable, Sendable {
    /// Every piece is there and has its length. Costs one listing.
    case presence
    /// Every byte was read and hashed.
    case content
}

package struct ListedGeneration: Hashable, Sendable {
    package var generation: Generation
    /// Why it is not whole; nil when it is, by the evidence that was asked for.
    package var flaw: String?
    package var isWhole: Bool { flaw == nil }
}

/// What there is to say about one object of the log, or about the store's label (`sequence` 0).
package struct Finding: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable { case whole, pruned, damaged(String) }

    package var sequence: Int
    /// `label`, `claim`, `generation`, `prune`, or `unknown` when it cannot be read.
    package var kind: String
    package var verdict: Verdict
}

extension Lineage {
    /// The generations that restore would consider, newest first.
    package func list(trusting evidence: Evidence) async throws -> [ListedGeneration] {
        try await examine(LogJudgement(try await log.all()).generations, trusting: evidence)
    }

    /// Reads everything and says what it found, a line for the label and for each record, in order.
    package func verify() async throws -> [Finding] {
        let judgement = LogJudgement(try await log.all())
        var flaws: [Int: String] = [:]
        for listed in try await examine(judgement.generations, trusting: .content) {
            flaws[listed.generation.sequence] = listed.flaw
        }
        var findings: [Finding] = []
        let label = try await flawOfLabel()
        findings.append(Finding(sequence: 0, kind: "label", verdict: label.map { .damaged($0.words) } ?? .whole))
        for (sequence, verdict) in judgement.verdicts {
            switch verdict {
            case .missing(let count):
                let why = LogJudgement.words(missing: count)
                findings.append(Finding(sequence: sequence, kind: "unknown", verdict: .damaged(why)))
            case .passedOver(let why):
                findings.append(Finding(sequence: sequence, kind: "unknown", verdict: .damaged(why)))
            case .accepted(let record):
                let kind: String
                var found = flaws[sequence].map(Finding.Verdict.damaged) ?? .whole
                switch record.entry {
                case .claim: kind = "claim"
                case .prune: kind = "prune"
                case .generation:
                    kind = "generation"
                    if sequence < judgement.floor { found = .pruned }
                }
                findings.append(Finding(sequence: sequence, kind: kind, verdict: found))
            }
        }
        return findings
    }

    func examine(_ generations: [Generation], trusting evidence: Evidence) async throws -> [ListedGeneration] {
        var listed: [ListedGeneration] = []
        switch evidence {
        case .presence:
            var lengths: [ObjectKey: Int64] = [:]
            for object in try await objects.list(layout.pieces) { lengths[object.key] = object.bytes }
            for generation in generations {
                listed.append(ListedGeneration(generation: generation, flaw: flaw(of: generation, given: lengths)))
            }
        case .content:
            for generation in generations {
                let flaw = try await read(generation) { _, _, _ in
                } ended: { _ in
                }
                listed.append(ListedGeneration(generation: generation, flaw: flaw))
            }
        }
        return listed
    }

    private func flaw(of generation: Generation, given lengths: [ObjectKey: Int64]) -> String? {
        for file in generation.files {
            for (digest, length) in zip(file.pieces, generation.pieceLengths(of: file)) {
                switch lengths[layout.piece(digest, epoch: generation.epoch)] {
                case Int64(length): continue
                case nil: return "a piece of \(file.path) is missing"
                case .some(let bytes): return "a piece of \(file.path) has \(bytes) bytes instead of \(length)"
                }
            }
        }
        return nil
    }
}
