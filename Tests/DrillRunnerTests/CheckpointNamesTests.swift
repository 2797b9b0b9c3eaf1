// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing

@testable import DrillRunner

@Suite struct CheckpointNamesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func hints() -> CheckpointHints? { CheckpointNames.hints(in: directory.path) }

    /// Bytes that look like weights: every value of a byte is as likely as any other.
    private func weights(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let mixed = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
            withUnsafeBytes(of: mixed ^ (mixed >> 29)) { bytes += $0 }
        }
        return bytes
    }

    private func pickled(_ key: String) -> [UInt8] { [0x8c, UInt8(key.utf8.count)] + Array(key.utf8) + [0x94] }

    @Test("without files there is nothing to say")
    func nothing() throws {
        #expect(hints() == nil)
        try directory.write("", to: "empty")
        #expect(hints() == nil)
        #expect(CheckpointNames.hints(in: directory("absent")) == nil)
    }

    @Test(
        "names of an optimizer's state are found",
        arguments: ["optimizer_state_dict", "momentum", "velocity", "exp_avg_sq", "Adam", "accumulator", "optim"])
    func optimizer(key: String) throws {
        try directory.write([0x80, 0x04] + pickled(key) + weights(100), to: "a.pkl")
        #expect(hints() == CheckpointHints(namesOptimizer: true, namesRandomState: false))
    }

    @Test(
        "names of random state are found",
        arguments: [
            "rng", "rng_state", "torch_rng", "random_state", "generator", "MT19937", "PCG64", "shuffle", "permutation",
            "RNG",
        ])
    func random(key: String) throws {
        try directory.write([0x80, 0x04] + pickled(key) + weights(100), to: "a.pkl")
        #expect(hints() == CheckpointHints(namesOptimizer: false, namesRandomState: true))
    }

    @Test("JSON, an archive's list and a header of safetensors name their parts too")
    func formats() throws {
        try directory.write(#"{"epoch": 3, "rng": [1, 2], "weights": "w"}"#, to: "state.json")
        #expect(hints() == CheckpointHints(namesOptimizer: false, namesRandomState: true))
        // A zip's directory stands at its end.
        try directory.write(
            Array("PK\u{3}\u{4}".utf8) + weights(1000) + Array("PK\u{1}\u{2}velocity.npyPK\u{5}\u{6}".utf8),
            to: "model.npz")
        #expect(hints() == CheckpointHints(namesOptimizer: true, namesRandomState: true))
        try directory.remove("state.json")
        try directory.remove("model.npz")
        let header = Array(#"{"layer.exp_avg":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}"#.utf8)
        try directory.write([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + weights(32), to: "o.safetensors")
        #expect(hints() == CheckpointHints(namesOptimizer: true, namesRandomState: false))
    }

    @Test("a file's own name counts")
    func paths() throws {
        try directory.write("x", to: "step-3/optimizer.pt")
        try directory.write("x", to: "step-3/rng_state_0.pth")
        #expect(hints() == CheckpointHints(namesOptimizer: true, namesRandomState: true))
    }

    @Test("weights alone name nothing, though every three letters stand somewhere among millions of bytes")
    func weightsAlone() throws {
        try directory.write([0x80, 0x04] + pickled("weights") + pickled("strange") + weights(8_000_000), to: "a.pkl")
        #expect(hints() == CheckpointHints(namesOptimizer: false, namesRandomState: false))
    }

    @Test("names at both ends of a large file are found, and quickly")
    func largeFile() throws {
        try directory.write(
            pickled("rng_state") + weights(20_000_000) + Array("PK\u{1}\u{2}momentum.npy".utf8), to: "large.npz")
        var found: CheckpointHints?
        let took = processorSeconds { found = hints() }
        #expect(found == CheckpointHints(namesOptimizer: true, namesRandomState: true))
        // A fifth of a second when built for release.
        #expect(took < 5, "\(took) s")
    }
}
