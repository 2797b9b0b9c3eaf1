// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import JobFiles

@Suite struct JobSchemaTests {
    /// The published file; `RECORD_SNAPSHOTS=1 swift test` writes it anew.
    private static let published = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../schema/nightshift.schema.json").standardizedFileURL

    @Test func `the published schema is the one of the table`() throws {
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try Data(JobSchema.json().utf8).write(to: Self.published)
        }
        #expect(try String(contentsOf: Self.published, encoding: .utf8) == JobSchema.json())
    }

    @Test func `every key has a description and an example that is valid`() throws {
        func visit(_ keys: [JobKey], path: String) {
            for key in keys {
                #expect(key.summary.hasSuffix("."), "\(path)\(key.name)")
                #expect(YAMLDocument(text: key.example).root != nil, "\(path)\(key.name)")
                switch key.kind {
                case .group(let inner, _), .groups(let inner, _): visit(inner, path: "\(path)\(key.name).")
                default: break
                }
            }
        }
        visit(JobKeys.all, path: "")
        let known = Set(JobKeys.all.map(\.name))
        #expect(known.count == JobKeys.all.count)
    }

    /// Texts by what must happen: `both` are refused by reader and schema, `readerOnly` need more than one key.
    private enum Fate: String { case good, both, readerOnly }

    private static let cases: [(Fate, String)] = {
        var cases: [(Fate, String)] = [(.good, Samples.whole), (.good, Samples.least), (.both, "a: 1"), (.both, "[]")]
        func add(_ fate: Fate, _ key: String, _ lines: String...) {
            cases += lines.map { (fate, Samples.whole(key, $0)) }
        }
        add(
            .both, "name", "", "name: 1", "name: my_job", "name: [a]", "name: ''", "name: -a",
            "name: \(String(repeating: "a", count: 41))", "name: null")
        add(.good, "name", "name: a-b--c", "name: 'no'", "name: \(String(repeating: "a", count: 40))")
        add(.both, "entryPoint", "entryPoint: /train.py", "entryPoint: ../train.py", "entryPoint: a/../b.py")
        add(.good, "entryPoint", "entryPoint: src/train.py", "entryPoint: a..b.py", "entryPoint: ...")
        add(.both, "sourceDir", "sourceDir: s3://a", "sourceDir: ~", "sourceDir: ~/a", "sourceDir: 3", "nothing: 1")
        add(.good, "sourceDir", "sourceDir: ..", "sourceDir: /a b", "sourceDir: file:///a", "sourceDir: a~b", "")
        add(.both, "interpreter", "interpreter: []", "interpreter: [1]", "interpreter: {a: b}", "interpreter: ''")
        add(.good, "interpreter", "interpreter: [a, b]", "interpreter: [/usr/bin/env, python3]")
        add(
            .both, "hyperparameters", "hyperparameters: 3", "hyperparameters: [a]", "hyperparameters: {'': 1}",
            "hyperparameters: {\((0..<101).map { "a\($0): 1" }.joined(separator: ", "))}")
        add(
            .good, "hyperparameters", "hyperparameters:", "hyperparameters: {}", "hyperparameters: {a: [1, {b: null}]}",
            "hyperparameters: {x: no}")
        add(
            .readerOnly, "hyperparameters", "hyperparameters: {a: .nan}",
            "hyperparameters: {a: \(String(repeating: "b", count: 2600))}")
        add(
            .both, "environment", "environment: {A-B: c}", "environment: {A: [1]}", "environment: {A: }",
            "environment: {1A: b}", "environment: {A: \(String(repeating: "b", count: 513))}")
        add(.good, "environment", "environment: {_a1: b, B: 1, C: true, D: ''}", "environment:")
        add(
            .both, "inputs", "inputs: {a b: c}", "inputs: {a: 1}", "inputs: {a: s3://b}", "inputs: {a: }",
            "inputs: {a: ''}")
        add(.good, "inputs", "inputs: {a.b-c_D: ../x}", "inputs:")
        add(.both, "checkpointLocalPath", "checkpointLocalPath: a")
        add(
            .both, "checkpointInterval", "checkpointInterval: 12", "checkpointInterval: 0 min",
            "checkpointInterval: 1.5 h",
            "checkpointInterval: 30 min 1 h", "checkpointInterval: '5 min '", "checkpointInterval: five minutes", "")
        add(.good, "checkpointInterval", "checkpointInterval: 1h 5min", "checkpointInterval: 90 s")
        add(.both, "checkpointSize", "checkpointSize: 2", "checkpointSize: 2 mb", "checkpointSize: -1 MB")
        add(.good, "checkpointSize", "checkpointSize: 1.5 GiB", "checkpointSize: 2MB")
        func speed(_ text: String) -> String { "checkpointSize: 2MB\ncheckpointWriteSpeed: \(text)" }
        add(
            .both, "checkpointSize", speed("500"), speed("500 MB"), speed("0 MB/s"), speed("0.000 GiB/s"),
            speed("0.5 B/s"),
            speed("-1 MB/s"), speed("1 mb/s"))
        add(.good, "checkpointSize", speed("500 MB/s"), speed("1.5GiB/s"), speed("0.001 kB/s"), speed("1.5 B/s"))
        add(.both, "budgetPerNight", "runsOnce: once", "runsOnce: 1")
        add(.good, "budgetPerNight", "runsOnce: true", "runsOnce: false")
        add(
            .both, "checkpointKeep", "checkpointKeep: 0", "checkpointKeep: 101", "checkpointKeep: '3'",
            "checkpointKeep: 1.5")
        add(.both, "  start", "  start: 8", "  start: '24:00'", "  begin: '08:00'", "  start: 7:00")
        add(.both, "  timeZone", "  timeZone: EST", "  timeZone: Dublin", "  timeZone: ''")
        add(
            .good, "  timeZone", "  timeZone: UTC", "  timeZone: America/Argentina/Buenos_Aires",
            "  timeZone: Etc/GMT+1")
        add(.readerOnly, "  timeZone", "  timeZone: Mars/Base")
        add(.readerOnly, "  deadline", "  deadline: '02:00'")
        add(.readerOnly, "maxRun", "maxRun: 1 h", "maxRun: 20 h")
        add(.both, "budgetPerNight", "budgetPerNight: 120", "budgetPerNight: 120 EUR", "budgetPerNight: $-1")
        add(.good, "budgetPerNight", "budgetPerNight: $120.50", "budgetPerNight: 120USD", "")
        add(
            .both, "  - {name: epoch", "  - {name: epoch}", "  - {regex: '(a)'}", "  - epoch",
            "  - {name: epoch, Name: e, regex: '(a)'}", "  - {name: epoch, regex: '(a)', unit: s}")
        add(.good, "  - {name: epoch", "  - {Name: epoch, Regex: '(a)'}", "  - {name: epoch, Regex: '(a)'}")
        add(
            .readerOnly, "  - {name: epoch", "  - {name: epoch, regex: 'a'}", "  - {name: epoch, regex: '('}",
            "  - {name: other, regex: '(a)'}")
        add(
            .both, "progress", "progress: {metric: epoch}", "progress: {total: 1}",
            "progress: {metric: epoch, total: 0}",
            "progress: {metric: epoch, checkpointName: '(a)', total: 1}", "progress: epoch",
            "progress: {metric: epoch, total: '20'}")
        add(.good, "progress", "progress: {metric: epoch, total: 0.5}", "progress: {checkpointName: '(a)', total: 1e3}")
        func wires(_ text: String) -> String { "tripwires: {\(text)}\npolicy: greedy" }
        add(
            .both, "policy", wires("stalled: {after: 0 s}"), wires("stalled: {then: goon}"), wires("stalled: restart"),
            wires("stalled: {before: 1 h}"), wires("unknown: {}"), wires("noCheckpoint: {intervals: 0}"),
            wires("badLoss: {explodesAt: 0}"), wires("lossJump: {above: 50}"), wires("lossJump: {above: -5 %}"),
            wires("diskFilling: {then: restart}"), wires("diskFilling: {below: 5}"), wires("noModel: {then: goOn}"),
            wires("nothingToResume: {then: restart}"), "tripwires: off\npolicy: greedy")
        add(
            .good, "policy", wires(""), wires("stalled: {}"), wires("stalled: {then: off}"),
            wires("stalled: {after: 30 min, then: stop}"), wires("lossJump: {above: 12.5%}"),
            wires("badLoss: {metric: epoch, explodesAt: 2.5, then: goOn}"),
            wires("diskFilling: {below: 5 GB, then: stop}, noModel: {then: restart}, nothingToResume: {then: goOn}"))
        add(.readerOnly, "policy", wires("badLoss: {metric: los}"))
        add(
            .both, "policy", "policy: cheapest", "policy: Greedy", "policy: spot-until:2", "policy: spot-until:-1h",
            "policy: up_switch07")
        add(
            .good, "policy", "", "policy: nightshift", "policy: up-switch07", "policy: spot-until:90m",
            "policy: spot-until:2.5h")
        add(.both, "  - backend", "  - backend: ec2", "  - backend: [local]")
        add(.both, "    zones", "    zones: []", "    zones: eu-west-1a", "    zones: [1]")
        add(.both, "    purchaseOptions", "    purchaseOptions: [reserved]", "    purchaseOptions: spot")
        add(.readerOnly, "    purchaseOptions", "    purchaseOptions: [spot]")
        return cases
    }()

    @Test func `schema and reader agree`() throws {
        var instances: [OrderedJSON] = []
        for (fate, text) in Self.cases {
            let errors = Samples.problems(text).filter { $0.severity == .error }
            #expect(errors.isEmpty == (fate == .good), "\(fate): \(text)\n\(errors)")
            instances.append(OrderedJSON(try #require(YAMLDocument(text: text).root)))
        }
        let script = """
            import json, sys
            from jsonschema import Draft7Validator
            schema, instances = json.load(sys.stdin)
            Draft7Validator.check_schema(schema)
            validator = Draft7Validator(schema)
            for instance in instances:
                errors = [e.json_path + ' ' + e.message for e in validator.iter_errors(instance)]
                print(json.dumps(errors[:3]))
            """
        let input = "[\(JobSchema.json()), \(OrderedJSON.list(instances).compact)]"
        guard let output = try Python.run(script, input: input, needing: "jsonschema") else {
            // A word instead of a failure: the schema was not tried on this machine.
            print("skipped: Python's jsonschema is not installed")
            return
        }
        let answers = output.split(separator: "\n")
        #expect(answers.count == Self.cases.count)
        for ((fate, text), answer) in zip(Self.cases, answers) {
            #expect((answer == "[]") == (fate != .both), "\(fate): \(answer)\n\(text)")
        }
    }
}
