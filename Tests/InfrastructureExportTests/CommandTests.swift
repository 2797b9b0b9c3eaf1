// SPDX-License-Identifier: Apache-2.0

import Foundation
import InfrastructureExport
import JobFiles
import Testing
import TrainingJobs

/// The command as it is typed, on the shipped example.
@Suite(.timeLimit(.minutes(5))) struct CommandTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)
    static let options = [
        "--role-arn", "arn:aws:iam::123456789012:role/training", "--image",
        "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.3-gpu-py311", "--input",
        "train=s3://bucket/train", "--checkpoint-uri", "s3://bucket/checkpoints", "--output-uri", "s3://bucket/models",
    ]

    static func export(_ words: [String], in directory: String) throws -> CommandLine.Result {
        try #require(try CommandLine.run(CommandLine.nightshift, ["export"] + words, in: directory))
    }

    static func withDirectory(_ body: (String) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "export-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }  // Left behind it does no harm.
        try body(place.path(percentEncoded: false))
    }

    private static let example = root + "Examples/recommender/job.yaml"

    @Test(arguments: ExportFormat.allCases) func `the same job gives the same bytes, with how they were made`(
        format: ExportFormat
    ) throws {
        try Self.withDirectory { directory in
            let words = [format.rawValue, Self.example] + Self.options
            let first = try Self.export(words, in: directory)
            #expect(first.code == 0, "\(first.complaints)")
            #expect(try Self.export(words, in: directory).output == first.output)
            #expect(first.output.contains("Made by nightshift") && first.output.contains("from the job recommender"))
            #expect(first.output.contains("On-demand price of ml.p4d.24xlarge in us-west-2: not found"))
        }
    }

    @Test func `a price is told with its day and source, and with what a night on it costs`() throws {
        try Self.withDirectory { directory in
            let book = """
                {"format": "nightshift-price-book", "version": 1, "facts": [{"product": "sagemaker-training",
                "instanceType": "ml.p4d.24xlarge", "region": "us-west-2", "purchase": "on-demand",
                "pricePerHour": "25.251286", "asOf": "2026-09-01", "source": "AWS Price List API"}]}
                """
            try FileManager.default.createDirectory(
                atPath: directory + "/.nightshift", withIntermediateDirectories: true)
            try Data(book.utf8).write(to: URL(filePath: directory + "/.nightshift/price-book.json"))
            let result = try Self.export(["iam", Self.example] + Self.options, in: directory)
            #expect(
                result.output.contains(
                    "25.251286 USD an hour as of 2026-09-01 (AWS Price List API); a whole night on it $106.90."),
                "\(result.output.prefix(400)) \(result.complaints)")
        }
    }

    @Test func `role, image, volume and places are the job file's, and what is typed comes before them`() throws {
        try Self.withDirectory { directory in
            let text = try String(
                contentsOfFile: Self.root + "Examples/sagemaker-spot/nightshift.yaml", encoding: .utf8)
            try Data((text + "  volumeSize: 70 GB\n").utf8).write(to: URL(filePath: directory + "/nightshift.yaml"))
            let own = try Self.export(["step-functions"], in: directory)
            #expect(own.code == 0, "\(own.complaints)")
            for part in [
                "role/SageMakerTraining", "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.3-gpu-py311",
                "s3://training-data/recommender/val", "\"VolumeSizeInGB\": 70",
            ] {
                #expect(own.output.contains(part), "\(part) in \(own.output)")
            }
            let role = "arn:aws:iam::123456789012:role/another"
            let typed = try Self.export(["step-functions", "--role-arn", role, "--volume", "80"], in: directory)
            #expect(typed.output.contains(role) && !typed.output.contains("role/SageMakerTraining"))
            #expect(typed.output.contains("\"VolumeSizeInGB\": 80"))
        }
    }

    @Test func `every problem is told at once`() throws {
        try Self.withDirectory { directory in
            let result = try Self.export(
                [
                    "terraform", Self.example, "--role-arn", "training", "--input", "trian=s3://bucket/train",
                    "--output-uri", "/models", "--volume", "0", "--code-uri", "s3://bucket/code",
                ], in: directory)
            #expect(result.code == 2 && result.output.isEmpty)
            for part in [
                "--role-arn: must be the role that SageMaker takes, as arn:aws:iam::123456789012:role/training, not "
                    + "\"training\"",
                "--image: missing: the training image in ECR", "--checkpoint-uri: missing: where checkpoints are kept",
                "--output-uri: must be where models are put, as s3://bucket/recommender, not \"/models\"",
                "--code-uri: must be the source's archive", "--volume: must be whole gigabytes from 1 to 16384",
                "--input: the job has no channel \"trian\"; did you mean train?",
                "--input: where in S3 is the channel train?",
            ] {
                #expect(result.complaints.contains(part), "\(part) in \(result.complaints)")
            }
        }
    }

    @Test func `what it did not make is left as it is, unless it is told otherwise`() throws {
        try Self.withDirectory { directory in
            let words = ["step-functions", Self.example] + Self.options + ["--output", "out"]
            #expect(try Self.export(words, in: directory).code == 0)
            #expect(try Self.export(words, in: directory).code == 0, "its own it makes again")
            let path = URL(filePath: directory + "/out/open.asl.json")
            try Data("mine".utf8).write(to: path)
            try FileManager.default.removeItem(atPath: directory + "/out/night.asl.json")
            let refused = try Self.export(words, in: directory)
            #expect(refused.code == 2 && refused.complaints.contains("was not made by nightshift export"))
            #expect(try String(contentsOf: path, encoding: .utf8) == "mine")
            #expect(!FileManager.default.fileExists(atPath: directory + "/out/night.asl.json"), "all or none")
            #expect(try Self.export(words + ["--force"], in: directory).code == 0)
            #expect(try String(contentsOf: path, encoding: .utf8).contains("Made by nightshift"))
        }
    }

    @Test(arguments: [
        ("Europe/Dublin", "22:00"), ("America/New_York", "00:30"), ("Asia/Kolkata", "23:00"),
        ("Australia/Lord_Howe", "20:00"),
    ])
    func `a night's name and deadline are right on every night of two years, clock changes included`(
        zone: String, start: String
    ) throws {
        try Self.withDirectory { directory in
            let text = try String(contentsOfFile: Self.example, encoding: .utf8)
                .replacing("timeZone: Europe/Dublin", with: "timeZone: \(zone)")
                .replacing("start: \"22:00\"", with: "start: \"\(start)\"").replacing(
                    "maxWait: 12 h", with: "maxWait: 13 h")
            try Data(text.utf8).write(to: URL(filePath: directory + "/job.yaml"))
            let made = try Self.export(
                ["step-functions", "job.yaml", "--output", "."] + Self.options, in: directory)
            #expect(made.code == 0, "\(made.complaints)")
            let machine = try JSON(String(contentsOfFile: directory + "/open.asl.json", encoding: .utf8))
            let job = try JobFile.read(path: directory + "/job.yaml").job
            let dates = try #require(NightDates(schedule: job.schedule))
            let first = LocalDate(year: 2026, month: 2, day: 1)!
            let parsed = ParsedExpressions()
            for day in 0..<730 {
                let date = first.advanced(by: day)
                let window = dates.window(on: date)
                var run = MachineRun(machine, name: "open", world: NightOpenings(now: window.start), parsed: parsed)
                _ = try run.run(input: .object(["scheduled": .text(window.start.iso8601)]))
                #expect(run.world.opened == ["recommender-\(date): \(window.deadline.iso8601)"], "\(zone) \(date)")
            }
        }
    }

    @Test func `a night that is open already is left alone, and one that cannot be opened is told`() throws {
        let machine = try JSON(OpenMachine(Stacks.stack()).definition.pretty)
        let start = Instant(iso8601: "2026-11-25T00:00:00Z")!
        let input = JSON.object(["scheduled": .text("2026-11-25T00:00:00Z")])
        var twice = MachineRun(
            machine, name: "open", world: NightOpenings(now: start, failure: "Sfn.ExecutionAlreadyExistsException"))
        guard case .succeeded = try twice.run(input: input) else { throw JSONataError(description: "not left alone") }
        #expect(twice.world.alarms == 0 && twice.states.last == "AlreadyOpen")
        var denied = MachineRun(machine, name: "open", world: NightOpenings(now: start, failure: "Sfn.SfnException"))
        guard case .failed("Sfn.SfnException", _) = try denied.run(input: input) else {
            throw JSONataError(description: "not told")
        }
        #expect(denied.world.alarms == 1)
    }
}

/// Step Functions as the opening machine sees it.
struct NightOpenings: TaskWorld {
    var now: Instant
    var failure: String?
    private(set) var opened: [String] = []
    private(set) var alarms = 0

    init(now: Instant, failure: String? = nil) {
        self.now = now
        self.failure = failure
    }

    mutating func call(_ resource: String, _ arguments: JSON) throws(TaskFailure) -> JSON {
        if resource.hasSuffix("sns:publish") {
            alarms += 1
            return .object([:])
        }
        if let failure { throw TaskFailure(name: failure, cause: "no") }
        guard resource == "arn:aws:states:::aws-sdk:sfn:startExecution", let name = arguments["Name"]?.text,
            let input = arguments["Input"]?.text, let deadline = (try? JSON(input))?["deadline"]?.text
        else { throw TaskFailure(name: "States.Runtime", cause: arguments.written) }
        opened.append("\(name): \(deadline)")
        return .object([:])
    }
}
