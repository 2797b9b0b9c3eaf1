// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

/// A Python that has `sagemaker-training` installed: the toolkit itself then says what is right.
private let toolkitPython = ProcessInfo.processInfo.environment["SAGEMAKER_TRAINING_PYTHON"]

@Suite struct TrainingCommandTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func order(_ hyperparameters: [(String, String)], environment: [String: String] = [:]) throws -> AgentOrder
    {
        let job = Orders.job(
            source: try scratch.directory("source"), uri: scratch.path + "/store", output: scratch.path + "/models",
            hyperparameters: hyperparameters.map { Hyperparameter(name: $0.0, json: $0.1) }, environment: environment,
            channels: [
                InputChannel(name: "train", path: try scratch.directory("data")),
                InputChannel(name: "eval-1", path: try scratch.directory("data")),
            ])
        return AgentOrder(
            launch: Orders.launch(notAfter: SystemClock.now()), job: job,
            deadline: Instant(milliseconds: 1_800_000_000_000),
            clock: Orders.clock(), sourceDirectory: scratch.path + "/source", root: scratch.path + "/ml",
            reportDirectory: scratch.path)
    }

    private func command(
        _ hyperparameters: [(String, String)], environment: [String: String] = [:], resumeStep: String? = nil,
        inherited: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) throws -> TrainingCommand {
        let order = try order(hyperparameters, environment: environment)
        let layout = TrainingLayout(root: order.root, checkpointLocalPath: order.job.checkpoint.localPath)
        return try TrainingCommand(order: order, layout: layout, inherited: inherited, resumeStep: resumeStep)
    }

    /// (name, JSON text, the word it becomes); confirmed by the toolkit where it is there.
    static let values: [(String, String, String)] = [
        ("epochs", "20", "20"), ("ratio", "20.0", "20.0"), ("lr", "0.05", "0.05"), ("tiny", "1e-5", "1e-05"),
        ("big", "123456789012345678901234567890", "123456789012345678901234567890"), ("exp", "1e3", "1000.0"),
        ("negative", "-1", "-1"), ("huge", "1e16", "1e+16"), ("zero", "-0.0", "-0.0"), ("nan", "NaN", "nan"),
        ("yes", "true", "True"), ("no", "false", "False"), ("nothing", "null", ""), ("optimizer", "\"adam\"", "adam"),
        ("bare", "adam", "adam"), ("spaces", "\"two words\"", "two words"),
        ("list", "[1, 2.5, \"a\", null]", "[1, 2.5, 'a', None]"),
        ("quotes", #"["it's", "a\"b", "'\""]"#, #"["it's", 'a"b', '\'"']"#),
        ("map", #"{"b": 1, "a": "x y", "c": null}"#, "a=x y,b=1,c=None"),
        ("escape", #""\u00e9\ud83d\ude42\n""#, "é🙂\n"), ("listed", #"["\n\t\u0001"]"#, #"['\n\t\x01']"#),
        ("k", "5", "5"),
        ("empty", "\"\"", ""), ("leading", "007", "007"), ("plus", "+1", "+1"), ("dot", "1.", "1."),
        ("padded", " 3 ", "3"),
        ("torn", "[1, 2", "[1, 2"), ("raw-quote", "\"", "\""),
        ("nested", "[[1], {\"a\": [true]}]", "[[1], {'a': [True]}]"),
    ]

    @Test(arguments: values)
    func `a value becomes the word that the toolkit makes of it`(name: String, json: String, word: String) throws {
        let command = try command([(name, json)])
        #expect(command.arguments == ["train.py", name.count == 1 ? "-\(name)" : "--\(name)", word])
    }

    @Test(
        .enabled(
            if: toolkitPython != nil, "set SAGEMAKER_TRAINING_PYTHON to a Python with sagemaker-training installed"),
        .tags(.realProcesses), .timeLimit(.minutes(1)))
    func `the toolkit itself agrees, variable for variable`() async throws {
        let platform = [("sagemaker_program", "\"train.py\""), ("sagemaker_job_name", "\"recommender-2026-11-24\"")]
        let order = try order(Self.values.map { ($0.0, $0.1) } + platform)
        let layout = TrainingLayout(root: order.root, checkpointLocalPath: "/opt/ml/checkpoints")
        try layout.prepare(for: order)
        let ours = try TrainingCommand(
            order: order, layout: layout, inherited: ["PATH": "/usr/bin:/bin"], resumeStep: nil)
        let script = """
            import json, sys, logging; logging.disable(50)
            from sagemaker_training import environment
            it = environment.Environment()
            open(sys.argv[1], "w").write(json.dumps([it.to_cmd_args(), it.to_env_vars()]))
            """
        let child = try await ChildProcess.start(
            SpawnRequest(
                executable: toolkitPython ?? "", arguments: ["-c", script, scratch.path + "/answer"],
                environment: ["SAGEMAKER_BASE_DIR": order.root, "PATH": "/usr/bin:/bin", "HOME": scratch.path],
                directory: scratch.path, output: nil, tie: .diesWithParent))
        #expect(await child.exitStatus() == .exited(0))
        let answer = try #require(JSONText.value(of: scratch.text("answer") ?? ""))
        guard case .array(let parts) = answer, case .array(let words) = parts[0], case .object(let variables) = parts[1]
        else { throw NeverHappened(what: "an answer of the toolkit") }
        #expect(ours.arguments.dropFirst() == ArraySlice(words.map(\.argument)))
        // What differs on purpose: the source is not in S3, this machine has no accelerators of the toolkit's kinds, and
        // the last one is all of the others in one.
        let exempt: Set = ["SM_MODULE_DIR", "SM_NUM_GPUS", "SM_NUM_CPUS", "SM_NUM_NEURONS", "SM_TRAINING_ENV"]
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) where !exempt.contains(name) {
            #expect(ours.environment[name] == value.argument, "\(name)")
        }
    }

    @Test(arguments: [
        "; $(touch X) \n --flag", "`touch X`", "$(touch X)", "a b  c", "'", "\"", "--flag", "-", "\n", "| touch X", "*",
        "~",
        "a\\", "\u{1b}[31m", "& touch X &", "> X",
    ])
    func `no value, name or job can become more than one word`(text: String) throws {
        let command = try command([("value", text), (text, "1")], environment: ["FROM_JOB": text])
        #expect(command.arguments.count == 5)
        #expect(command.arguments.contains(text))
        #expect(command.environment["SM_HP_VALUE"] == text)
        #expect(command.environment["FROM_JOB"] == text)
        #expect(command.executable == "/usr/bin/python3" || command.executable.hasPrefix("/"))
    }

    @Test func `NUL is refused before anything is started`() throws {
        let command = try command([("value", "a\0--flag")])
        let request = SpawnRequest(
            executable: "/bin/true", arguments: command.arguments, environment: command.environment, directory: nil,
            output: nil, tie: .diesWithParent)
        #expect(throws: SpawnError.self) { try request.spawn() }
    }

    @Test func `paths of the container are paths of this machine, on the command line and in variables`() throws {
        let command = try command(
            [("data", "\"/opt/ml/input/data/train\""), ("other", "\"/opt/mlx\""), ("root", "/opt/ml")],
            environment: ["PLACE": "/opt/ml/model"])
        let root = scratch.path + "/ml"
        #expect(
            command.arguments == [
                "train.py", "--data", root + "/input/data/train", "--other", "/opt/mlx", "--root", root,
            ])
        #expect(command.environment["SM_HP_DATA"] == root + "/input/data/train")
        #expect(command.environment["PLACE"] == root + "/model")
        #expect(command.environment["SM_CHANNEL_TRAIN"] == root + "/input/data/train")
        #expect(command.environment["SM_CHANNEL_EVAL-1"] == root + "/input/data/eval-1")
    }

    @Test func `the contract's variables are ours to set`() throws {
        let lies = [
            "NIGHTSHIFT_RESUME_STEP": "9", "NIGHTSHIFT_NOTICE_FILE": "/x", "NIGHTSHIFT_ATTEMPT": "7",
            "PATH": "/usr/bin:/bin",
        ]
        let fresh = try command([], inherited: lies)
        #expect(fresh.environment["NIGHTSHIFT_RESUME_STEP"] == nil)
        #expect(fresh.environment["NIGHTSHIFT_ATTEMPT"] == "1")
        #expect(fresh.environment["NIGHTSHIFT_DEADLINE"] == "2027-01-15T08:00:00.000Z")
        #expect(fresh.environment["SM_CHECKPOINT_DIR"] == scratch.path + "/ml/checkpoints")
        let resumed = try command([], environment: ["NIGHTSHIFT_RESUME_STEP": "1"], resumeStep: "12")
        #expect(resumed.environment["NIGHTSHIFT_RESUME_STEP"] == "12")
    }

    @Test func `an interpreter that is not there is named`() {
        let error = #expect(throws: InterpreterNotFound.self) { try command([], inherited: ["PATH": "/nowhere"]) }
        #expect(error?.description == "the interpreter \"python3\" is not in PATH on the training machine")
    }

    @Test(
        arguments: [
            (12, "12"), (0.375, "0.375"), (0, "0"), (1e-5, "0.00001"), (1e15, "1000000000000000"),
            (1e300, "1" + String(repeating: "0", count: 300)),
        ] as [(Double, String)])
    func `the step to resume from is plain decimal`(value: Double, text: String) {
        #expect(value > 1e100 ? Double(DecimalText.of(value)) == value : DecimalText.of(value) == text)
    }

    @Test(arguments: [
        ("/opt/ml/checkpoints", "checkpoints"), ("/opt/ml/model/ck", "model/ck"), ("/opt/ml/a//b/", "a/b"),
        ("/tmp/ck", "checkpoints"),
        ("/opt/ml", "checkpoints"), ("/opt/ml/", "checkpoints"), ("/opt/ml/../x", "checkpoints"),
        ("/opt/ml/./x", "checkpoints"),
        ("/opt/ml/input/data/train/ck", "checkpoints"), ("/opt/ml/code", "checkpoints"), ("", "checkpoints"),
    ])
    func `checkpoints lie below the root and never among the user's own files`(localPath: String, place: String) {
        #expect(TrainingLayout(root: "/r", checkpointLocalPath: localPath).checkpoints == "/r/" + place)
    }
}
