// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightshiftTesting
import ProcessSupervision
import Testing
import TrainingJobs

@testable import PublishedModels

@Suite struct GateTests {
    private static let loss = MetricGate(name: "loss", bound: .atMost(1), percentWorse: 2)

    @Test(
        arguments: [
            (MetricGate.Bound.atMost(1), 1.0, 1.0, nil),
            (.atMost(1), 1.21, nil, "loss 1.21 is above 1.0"),
            (.atMost(1), 0.511, 0.5, "loss 0.511 is more than 2.0 % worse than 0.5 of the model in service"),
            (.atMost(1), 0.51, 0.5, nil),
            (.atLeast(0.5), 0.4, nil, "loss 0.4 is below 0.5"),
            (.atLeast(0.5), 0.97, 1, "loss 0.97 is more than 2.0 % worse than 1.0 of the model in service"),
            (.atLeast(-2), -1.03, -1, "loss -1.03 is more than 2.0 % worse than -1.0 of the model in service"),
            (.atLeast(0.5), nil, 1, "loss was never logged"),
            (.atMost(1), .nan, 1, "loss is nan"),
        ] as [(MetricGate.Bound, Double?, Double?, String?)])
    func `a bound and an allowance against the model in service`(
        bound: MetricGate.Bound, value: Double?, previous: Double?, objection: String?
    ) {
        let verdict = MetricGate(name: "loss", bound: bound, percentWorse: 2)
            .verdict(on: value, previous: previous.map(MetricGate.Previous.value) ?? .nothing)
        if let objection {
            #expect(verdict == .objection(objection))
        } else if case .objection(let why) = verdict {
            Issue.record("\(why)")
        }
    }

    @Test func `the first model passes and says that there is nothing to compare it with`() async throws {
        try await TestShelf.with(TestShelf.gate(Self.loss)) { test in
            let answer = try await test.publish(try test.model("a", metrics: [("loss", 0.9)]))
            #expect(answer == .published(at: test.now, replaces: nil))
            #expect(
                try test.shelf.record(of: "a")?.gate == "loss 0.9 is at most 1.0; there is nothing to compare it with")
        }
    }

    @Test func `a model that does not pass is kept back with the reason, on disk, and so it stays`() async throws {
        try await TestShelf.with(TestShelf.gate(Self.loss)) { test in
            _ = try await test.publish(try test.model("a", metrics: [("loss", 0.5)]))
            let order = try test.model("b", metrics: [("loss", 0.6)])
            let why = "loss 0.6 is more than 2.0 % worse than 0.5 of the model in service"
            #expect(try await test.publish(order) == .keptBack(.gate(why), inService: "a"))
            test.job.publish = nil
            #expect(try await test.publish(order) == .keptBack(.gate(why), inService: "a"), "decided once")
            #expect(test.text("models/b/model/weights.bin") == "weights")
            _ = try test.shelf.publish("b", packing: false, at: test.now)
            #expect(test.text("models/latest/weights.bin") == "weights")
            #expect(try test.shelf.inService() == "b")
        }
    }

    @Test(arguments: ["no record", "garbage", "newer", "no metric", "no directory"])
    func `a model in service that nothing is known about is no reason to let a worse one pass`(
        damage: String
    ) async throws {
        try await TestShelf.with(TestShelf.gate(Self.loss)) { test in
            _ = try await test.publish(try test.model("a", metrics: damage == "no metric" ? [] : [("loss", 0.1)]))
            if damage == "no metric" { _ = try test.shelf.publish("a", packing: false, at: test.now) }
            let path = test.shelf.recordPath(of: "a")
            var why = "\(path) is not a model's record: "
            switch damage {
            case "no record":
                try FileManager.default.removeItem(atPath: path)
                why = "a has no record: there is no file \(path); "
            case "garbage": try test.write("{", to: "models/a/model.json")
            case "newer":
                try test.write(#"{"format":"nightshift-model","version":2}"#, to: "models/a/model.json")
                why = "\(path) is of version 2"
            case "no metric": why = "the record of a has no loss; "
            default:
                try FileManager.default.removeItem(atPath: test.shelf.directory(of: "a"))
                why = "a has no record: "
            }
            let order = try test.model("b", metrics: [("loss", 0.9)])
            let answer = try await test.publish(order)
            guard case .keptBack(.gate(let words), inService: "a") = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(words.hasPrefix("loss 0.9 cannot be compared with that of the model in service: \(why)"))
            #expect(words.hasSuffix("; to put this one there all the same: nightshift models publish b"))
            // The way out that is named.
            _ = try test.shelf.publish("b", packing: false, at: test.now)
            #expect(try test.shelf.inService() == "b")
        }
    }

    @Test func `without an allowance nobody asks what is known about the model in service`() async throws {
        try await TestShelf.with(TestShelf.gate(MetricGate(name: "loss", bound: .atMost(1), percentWorse: nil))) {
            test in
            _ = try await test.publish(try test.model("a", metrics: [("loss", 0.1)]))
            try test.write("{", to: "models/a/model.json")
            let answer = try await test.publish(try test.model("b", metrics: [("loss", 0.9)]))
            #expect(answer == .published(at: test.now, replaces: "a"))
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a metric that ends as no finite number keeps the model back, whatever it was before`(last: Double)
        async throws
    {
        for bound in [MetricGate.Bound.atMost(1), .atLeast(0.3)] {
            try await TestShelf.with(TestShelf.gate(MetricGate(name: "loss", bound: bound, percentWorse: nil))) {
                test in
                let order = try test.model("a", metrics: [("loss", 0.35), ("epoch", 5), ("loss", last)])
                let answer = try await test.publish(order)
                #expect(answer == .keptBack(.gate("loss is \(last)"), inService: nil))
                let record = try #require(try test.shelf.record(of: "a"))
                #expect(record.metrics.map(\.name) == ["epoch"])
                #expect(record.notFinite?.map(\.text) == ["\(last)"])
                // A later number counts again.
                let better = try test.model("b", metrics: [("loss", last), ("loss", 0.35)])
                #expect(try await test.publish(better) == .published(at: test.now, replaces: nil))
                #expect(try test.shelf.record(of: "b")?.notFinite == nil)
            }
        }
    }

    @Test func `a metric that was never logged keeps the model back`() async throws {
        try await TestShelf.with(TestShelf.gate(Self.loss)) { test in
            let answer = try await test.publish(try test.model("a", metrics: [("epoch", 1)]))
            #expect(answer == .keptBack(.gate("loss was never logged"), inService: nil))
        }
    }

    @Test func `a command sees the model, the one in service, the record and a copy of the source`() async throws {
        try await TestShelf.with(TestShelf.gate(nil, ["sh", "gate.sh", "two words"])) { test in
            try test.write(
                """
                echo changed >train.py
                echo "$1|$NIGHTSHIFT_NIGHT|$NIGHTSHIFT_PREVIOUS_MODEL|$SM_MODEL_DIR|$NIGHTSHIFT_MODEL_RECORD|$PWD" \
                  >"\(test.directory)/seen"
                test -f "$SM_MODEL_DIR/weights.bin" && test -f "$NIGHTSHIFT_MODEL_RECORD"
                """, to: "source/gate.sh")
            let models = test.job.outputPath
            #expect(try await test.publish(try test.model("a")) == .published(at: test.now, replaces: nil))
            #expect(
                test.text("seen")
                    == "two words|a||\(models)/a/model|\(models)/a/model.json|\(test.directory)/gate\n")
            _ = try await test.publish(try test.model("b"))
            #expect(test.text("seen")?.contains("|b|\(models)/a/model|") == true)
            #expect(test.text("source/train.py") == "import sys")
            #expect(!FileManager.default.fileExists(atPath: test.directory + "/gate"))
        }
    }

    @Test(
        arguments: [
            ("echo rmse too high; echo by far >&2; exit 1", "rmse too high / by far"),
            ("exit 3", "the gate's command gave no reason; it ended with exit code 3"),
            ("kill -9 $$", "the gate's command gave no reason; it ended with killed by signal 9 (Killed)"),
        ])
    func `a command that does not end with 0 gives the reason in its last words`(
        script: String, why: String
    ) async throws {
        try await TestShelf.with(TestShelf.gate(nil, ["sh", "-c", script])) { test in
            let answer = try await test.publish(try test.model("a"))
            #expect(answer == .keptBack(.gate(why), inService: nil))
        }
    }

    @Test func `a command that is not there keeps the model back`() async throws {
        try await TestShelf.with(TestShelf.gate(nil, ["./no-such-gate"])) { test in
            let answer = try await test.publish(try test.model("a"))
            #expect(answer == .keptBack(.gate("the gate's program ./no-such-gate is not found"), inService: nil))
        }
    }

    @Test func `a command that changes the model does not let it pass`() async throws {
        try await TestShelf.with(TestShelf.gate(nil, ["sh", "-c", "echo more >>\"$SM_MODEL_DIR/weights.bin\""])) {
            test in
            let order = try test.model("a")
            let answer = try await test.publish(order)
            guard case .failed(let why, inService: nil) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(why.hasPrefix("the model of a is not what its record says: its bytes give "))
            #expect(try test.shelf.inService() == nil)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a command that takes too long is killed with all its descendants`()
        async throws
    {
        // One in its group and one that left it; both would live for an hour.
        let script = "sleep 3600 & setsid sleep 3600 & wait"
        try await TestShelf.with(TestShelf.gate(nil, ["sh", "-c", script], timeout: .seconds(2))) { test in
            let answer = try await test.publish(try test.model("a"))
            #expect(answer == .keptBack(.gate("the gate's command gave no answer in its time"), inService: nil))
            #expect(Self.processes(of: test) == [])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a withdrawn publication ends its command, and the model stays out of service`() async throws {
        try await TestShelf.with(TestShelf.gate(nil, ["sleep", "3600"])) { test in
            let order = try test.model("a")
            let publisher = test.publisher()
            while Self.processes(of: test).isEmpty { #expect(try await publisher.publish(order) == nil) }
            #expect(try await publisher.withdraw(order) == .keptBack(.stoppedByPerson, inService: nil))
            #expect(Self.processes(of: test) == [])
            #expect(try await test.publish(order) == .keptBack(.stoppedByPerson, inService: nil))
        }
    }

    @Test(.timeLimit(.minutes(1))) func `called off by its runner's end, nothing is decided`() async throws {
        try await TestShelf.with(TestShelf.gate(nil, ["sleep", "3600"])) { test in
            let order = try test.model("a")
            let publisher = test.publisher()
            while Self.processes(of: test).isEmpty { #expect(try await publisher.publish(order) == nil) }
            let ending = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await publisher.end()
            }
            await ending.value
            #expect(Self.processes(of: test) == [], "also when whoever ends it was cancelled")
            #expect(try test.shelf.record(of: "a")?.decision == .undecided)
            test.job.publish = nil
            #expect(try await test.publish(order) == .published(at: test.now, replaces: nil))
        }
    }

    private static func processes(of test: TestShelf) -> [Int32] {
        ProcessTable.processes(withEnvironment: GateCommand.mark, test.shelf.recordPath(of: "a"))
    }
}
