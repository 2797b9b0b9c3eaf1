// SPDX-License-Identifier: Apache-2.0

import Foundation
import InfrastructureExport
import Testing
import TrainingJobs

/// Exported files under the checkers of those who use them. One that is missing here is skipped with a word.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LintTests {
    private func withFiles(_ format: ExportFormat, _ body: (String, TrainingStack) throws -> Void) throws {
        try CommandTests.withDirectory { directory in
            let stack = try Stacks.stack()
            for file in format.files(stack) {
                try Data(file.text.utf8).write(to: URL(filePath: "\(directory)/\(file.name)"))
            }
            try body(directory, stack)
        }
    }

    private func skipped(_ what: String) { print("skipped: \(what); Scripts/setup --test installs what it can") }

    @Test func `cfn-lint finds nothing in the template`() throws {
        try withFiles(.cloudFormation) { directory, _ in
            guard let result = try CommandLine.run("cfn-lint", ["template.json"], in: directory) else {
                return skipped("cfn-lint is not here")
            }
            #expect(result.code == 0, "\(result.output)")
            // It can find something.
            let path = URL(filePath: directory + "/template.json")
            let broken = try String(contentsOf: path, encoding: .utf8).replacing(
                "\"Type\": \"Choice\"", with: "\"Type\": \"Choise\"")
            try Data(broken.utf8).write(to: path)
            #expect(try CommandLine.run("cfn-lint", ["template.json"], in: directory)?.code != 0)
        }
    }

    @Test(arguments: ["night.asl.json", "open.asl.json"]) func `statelint finds nothing in a machine`(
        name: String
    ) throws {
        try withFiles(.stepFunctions) { directory, _ in
            guard let result = try CommandLine.run("statelint", [name], in: directory) else {
                return skipped("statelint is not here")
            }
            #expect(result.code == 0, "\(result.output) \(result.complaints)")
            let path = URL(filePath: "\(directory)/\(name)")
            let broken = try String(contentsOf: path, encoding: .utf8)
                .replacing("\"Next\": \"Alarm\"", with: "\"Next\": \"Alram\"")
            try Data(broken.utf8).write(to: path)
            #expect(try CommandLine.run("statelint", [name], in: directory)?.code != 0)
        }
    }

    /// Needs the AWS provider without a network: a file mirror, named by NIGHTSHIFT_TERRAFORM_MIRROR.
    @Test func `terraform takes the module`() throws {
        guard CommandLine.find("terraform") != nil else { return skipped("terraform is not here") }
        guard let mirror = ProcessInfo.processInfo.environment["NIGHTSHIFT_TERRAFORM_MIRROR"] ?? Self.mirror else {
            return skipped("no mirror of Terraform's AWS provider (NIGHTSHIFT_TERRAFORM_MIRROR)")
        }
        try withFiles(.terraform) { directory, _ in
            let configuration = directory + "/terraformrc"
            try Data("provider_installation { filesystem_mirror { path = \"\(mirror)\" } }\n".utf8)
                .write(to: URL(filePath: configuration))
            let environment = ["TF_CLI_CONFIG_FILE": configuration, "CHECKPOINT_DISABLE": "1"]
            func terraform(_ words: [String]) throws -> CommandLine.Result {
                try #require(try CommandLine.run("terraform", words, in: directory, environment: environment))
            }
            let begun = try terraform(["init", "-no-color", "-input=false"])
            try #require(begun.code == 0, "\(begun.output) \(begun.complaints)")
            let result = try terraform(["validate", "-no-color"])
            #expect(result.code == 0, "\(result.output) \(result.complaints)")
            let format = try terraform(["fmt", "-check", "-diff"])
            #expect(format.code == 0, "\(format.output)")
        }
    }

    /// A file mirror in one of the places where programs keep what they come with.
    private static var mirror: String? {
        ["/opt", "/usr/share", "/usr/local/share"].flatMap { place in
            // A place that is not there has nothing in it.
            ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted().map { "\(place)/\($0)" }
        }.first { FileManager.default.fileExists(atPath: $0 + "/registry.terraform.io/hashicorp/aws") }
    }

    @Test func `Python takes the script, with the job's values as they are`() throws {
        try withFiles(.sdk) { directory, stack in
            let check = "import ast; ast.parse(open('estimator.py').read())"
            guard let result = try CommandLine.run("python3", ["-c", check], in: directory) else {
                return skipped("python3 is not here")
            }
            #expect(result.code == 0, "\(result.complaints)")
            let text = EstimatorScript(stack).text
            for part in [
                "use_spot_instances=True", "max_run=min(28800, max_wait)", "max_wait=max_wait",
                "checkpoint_s3_uri=\"s3://bucket/checkpoints/recommender-\" + str(deadline.date())",
                "\"optimizer\": json.loads(\"\\\"adam\\\"\")", "\"train\": \"s3://bucket/train\"",
            ] {
                #expect(text.contains(part), "\(part)")
            }
        }
    }

    /// Another's implementation of the language: the interpreter of these tests would believe itself.
    @Test func `every expression of two nights gives what JSONata gives`() throws {
        guard try CommandLine.run("python3", ["-c", "import jsonata"])?.code == 0 else {
            return skipped("jsonata-python is not here")
        }
        let stack = try Stacks.stack()
        let start = Instant(iso8601: "2026-11-25T00:00:00Z")!
        let parsed = ParsedExpressions()
        let definition = try JSON(NightMachine(stack).definition.pretty)
        for spot in [[0..<9000], [0..<5000, 6000..<90000]] {
            var run = MachineRun(
                definition, name: "recommender-2026-11-25",
                world: ScriptedSageMaker(start: start, script: .init(spot: spot)), parsed: parsed)
            _ = try run.run(input: .object(["deadline": .text("2026-11-25T08:00:00Z")]))
        }
        var open = MachineRun(
            try JSON(OpenMachine(stack).definition.pretty), name: "open", world: NightOpenings(now: start),
            parsed: parsed)
        _ = try open.run(input: .object(["scheduled": .text("2026-11-25T00:00:00Z")]))
        let evaluations = parsed.evaluations.map { text, evaluation in
            JSON.object([
                "text": .text(text), "variables": .object(evaluation.variables), "value": evaluation.value,
                "now": .number(Double(evaluation.now.milliseconds)),
            ])
        }
        #expect(evaluations.count > 40)
        try CommandTests.withDirectory { directory in
            try Data(JSON.list(evaluations).written.utf8).write(to: URL(filePath: directory + "/evaluations.json"))
            let script = """
                import json, jsonata
                for e in json.load(open("evaluations.json")):
                    expression = jsonata.Jsonata(e["text"][2:-2])
                    frame = expression.create_frame()
                    for name, value in e["variables"].items(): frame.bind(name, value)
                    expression.register_lambda("millis", lambda: e["now"])
                    found = expression.evaluate(None, frame)
                    same = abs(found - e["value"]) < 1e-6 if type(found) in (int, float) else found == e["value"]
                    if not same: print(e["text"], "ours:", e["value"], "theirs:", found)
                """
            let result = try #require(try CommandLine.run("python3", ["-c", script], in: directory))
            #expect(result.code == 0 && result.output.isEmpty, "\(result.output) \(result.complaints)")
        }
    }

    @Test func `a role is granted what the machine calls, on this job's own resources`() throws {
        let stack = try Stacks.stack()
        let document = try JSON(StackPolicies(stack).document.pretty)
        func actions(_ role: String) -> Set<String> {
            let statements = document[role]?["PolicyDocument"]?["Statement"]?.list ?? []
            return Set(statements.flatMap { $0["Action"]?.list ?? [$0["Action"] ?? .null] }.compactMap(\.text))
        }
        func calls(_ machine: ExportedJSON) throws -> Set<String> {
            let states = try JSON(machine.pretty)["States"]?.members ?? [:]
            return Set(
                states.values.compactMap { $0["Resource"]?.text?.split(separator: ":").suffix(2) }.map { words in
                    let action = words.last!
                    let service = words.first! == "sfn" ? "states" : words.first!
                    return "\(service):\(action.prefix(1).uppercased())\(action.dropFirst())"
                })
        }
        #expect(
            actions("NightRole")
                == (try calls(NightMachine(stack).definition)).union(["iam:PassRole", "sagemaker:AddTags"]))
        #expect(try actions("OpenRole") == calls(OpenMachine(stack).definition))
        #expect(actions("ScheduleRole") == ["states:StartExecution"])
        for role in ["NightRole", "OpenRole", "ScheduleRole"] {
            for statement in document[role]?["PolicyDocument"]?["Statement"]?.list ?? [] {
                #expect(
                    statement["Resource"]?.text?.contains("recommender") == true
                        || statement["Sid"] == .text("PassTrainingRole"))
            }
        }
    }
}
