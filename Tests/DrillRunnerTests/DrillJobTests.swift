// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing
import TrainingAgent
import TrainingJobs

@testable import DrillRunner

@Suite struct DrillJobTests {
    private func job(_ hyperparameters: KeyValuePairs<String, String>, total: Double = 20) -> TrainingJob {
        var job = ScriptedDrill.job
        job.hyperparameters = hyperparameters.map { Hyperparameter(name: $0.key, json: $0.value) }
        job.progress = .metric(name: "epoch", total: total)
        return job
    }

    @Test("the hyperparameter that says how many units there are is found by its value")
    func byValue() {
        #expect(DrillJob.hyperparameterOfTotal(job(["lr": "0.05", "rounds": "20"])) == "rounds")
        #expect(DrillJob.hyperparameterOfTotal(job(["rounds": "\"20\""])) == "rounds")
        #expect(DrillJob.hyperparameterOfTotal(job(["rounds": "20.0"])) == "rounds")
        #expect(DrillJob.hyperparameterOfTotal(job(["total": "1e6"], total: 1_000_000)) == "total")
    }

    @Test(
        "where several have that value, the name decides",
        arguments: ["epochs", "num_train_epochs", "n-epochs", "max_steps", "STEPS", "iterations"])
    func byName(name: String) {
        #expect(DrillJob.hyperparameterOfTotal(job(["batch-size": "20", name: "20", "warmup": "\"20\""])) == name)
    }

    @Test("where none has that value, or none of several is named like it, nothing is guessed")
    func none() {
        #expect(DrillJob.hyperparameterOfTotal(job([:])) == nil)
        #expect(DrillJob.hyperparameterOfTotal(job(["epochs": "21", "name": "\"twenty\"", "list": "[20]"])) == nil)
        #expect(DrillJob.hyperparameterOfTotal(job(["batch-size": "20", "warmup": "20"])) == nil)
        #expect(DrillJob.shortened(job(["epochs": "21"]), to: 4) == nil)
    }

    @Test("a shortened job has fewer units in its hyperparameter, in the form it had, and in its progress alike")
    func shortened() throws {
        let number = try #require(DrillJob.shortened(job(["lr": "0.05", "epochs": "20"]), to: 4))
        #expect(number.hyperparameters.map(\.json) == ["0.05", "4"])
        #expect(number.progress == .metric(name: "epoch", total: 4))
        let quoted = try #require(DrillJob.shortened(job(["epochs": "\"20\""]), to: 4))
        #expect(quoted.hyperparameters.map(\.json) == ["\"4\""])
        var named = job(["epochs": "20"])
        named.progress = .checkpointName(regex: "step-([0-9]+)", total: 20)
        let steps = try #require(DrillJob.shortened(named, to: 7))
        #expect(steps.progress == .checkpointName(regex: "step-([0-9]+)", total: 7))
    }

    @Test("nothing but the number of units changes")
    func nothingElse() throws {
        var back = try #require(DrillJob.shortened(job(["epochs": "20", "lr": "0.05"]), to: 4))
        back.hyperparameters[0].json = "20"
        back.progress = .metric(name: "epoch", total: 20)
        #expect(back == job(["epochs": "20", "lr": "0.05"]))
    }
}

/// What a drill finds in log lines beside the job's own metrics.
@Suite struct WatchedLogTests {
    private func value(_ name: String, in line: String, own: [MetricDefinition] = []) throws -> Double? {
        var job = ScriptedDrill.job
        job.metricDefinitions = own
        let watched = DrillJob.watched(job)
        let reader = try LogReader(metrics: watched.metricDefinitions, progress: watched.progress)
        return reader.metrics(in: line).first { $0.name == name }?.value
    }

    @Test(
        "a learning rate is found in its usual spellings",
        arguments: [
            ("epoch=3 loss=0.12 lr=0.001", 0.001), ("lr: 0.05", 0.05), ("LR = 1e-3, loss 2", 1e-3),
            ("{'loss': 2.31, 'learning_rate': 5e-05, 'epoch': 1.0}", 5e-5),
            ("{\"epoch\":3,\"lr\":0.00025}", 0.00025), ("learning rate: 0.1", 0.1), ("Learning-Rate=3E-4", 3e-4),
            ("step 7 learningRate: .5", 0.5), ("train/lr=0.2", 0.2), ("optimizer.lr=0.3", 0.3),
            ("loss=0.1,lr=0.4", 0.4), ("learning_rate: 1.0000e-03 - 2s", 1e-3), ("the lr=0.001.", 0.001),
            ("lr=[0.01]", 0.01), ("lr=1.", 1), ("(lr=0.7)", 0.7),
        ])
    func learningRate(line: String, rate: Double) throws {
        #expect(try value(DrillJudge.learningRateName, in: line) == rate)
    }

    @Test(
        "and not where its letters only happen to stand",
        arguments: [
            "lrelu=0.2", "allr=0.3", "lr_scheduler=cosine", "base_clr=0.1", "lr is 0.1", "lr=cosine", "LRU=5",
            "learning_rate_decay=0.9", "blr: 1", "éclr=1", "lr==", "",
        ])
    func noLearningRate(line: String) throws {
        #expect(try value(DrillJudge.learningRateName, in: line) == nil)
    }

    @Test(
        "a seed is found in its usual spellings", arguments: ["seed=42", "Seed: 42", "{\"seed\": 42}", "(seed = 42)"])
    func seed(line: String) throws {
        #expect(try value(DrillJudge.seedName, in: line) == 42)
    }

    @Test(
        "and not where its letters only happen to stand",
        arguments: ["linseed=4", "seeds=4", "seeded=1", "seed=none", "unseed: 3"])
    func noSeed(line: String) throws {
        #expect(try value(DrillJudge.seedName, in: line) == nil)
    }

    @Test("a job that defines its own learning rate or seed keeps its own alone")
    func own() {
        var job = ScriptedDrill.job
        job.metricDefinitions = [
            MetricDefinition(name: "train:lr", regex: "rate ([0-9.]+)"),
            MetricDefinition(name: "seed", regex: "chance ([0-9]+)"),
        ]
        #expect(DrillJob.watched(job) == job)
        job.metricDefinitions = []
        #expect(DrillJob.watched(job).metricDefinitions.map(\.name) == ["learning rate", "seed"])
    }

    @Test("a line of two thousand characters costs no time that anyone notices")
    func longLine() throws {
        let line = String(repeating: "lr lrlr learning learning rate seed=", count: 200)
        let took = processorSeconds { for _ in 0..<20 { #expect(throws: Never.self) { try value("seed", in: line) } } }
        #expect(took < 10, "\(took) s")
    }
}
