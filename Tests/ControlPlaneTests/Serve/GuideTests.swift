// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// docs/sagemaker-guide.md, typed as it stands.
@Suite(.timeLimit(.minutes(8))) struct GuideTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("Every `sh` block of the guide works, in its order, from the script to the night and out again")
    func guide() throws {
        let sdk = Self.root.appending(path: ".venv-sagemaker/bin").path
        let hasSDK = FileManager.default.isExecutableFile(atPath: sdk + "/python3")
        let python = hasSDK ? sdk + "/python3" : ServedStage.python
        guard try ServedStage.run([python, "-c", "import numpy"]).status == 0, let aws = try ServedStage.program("aws")
        else {
            print("skipped: Python has no NumPy, or there is no aws")
            return
        }
        if !hasSDK { print("without the lines of the SageMaker SDK, which Scripts/setup --test installs") }
        let place = NSTemporaryDirectory() + "guide-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: place) }  // it lies in the temporary directory
        try FileManager.default.copyItem(
            atPath: Self.root.appending(path: "Examples/sagemaker-spot").path, toPath: place)
        let path = [
            URL(filePath: ServedStage.program).deletingLastPathComponent().path,
            URL(filePath: python).deletingLastPathComponent().path, URL(filePath: aws).deletingLastPathComponent().path,
            ProcessInfo.processInfo.environment["PATH"] ?? "",
        ].filter { !$0.isEmpty && $0 != "." }.joined(separator: ":")
        let page = try String(contentsOf: Self.root.appending(path: "docs/sagemaker-guide.md"), encoding: .utf8)
        let script = Self.script(page, port: try ServedStage.freePort(), withSDK: hasSDK)
        let ran = try ServedStage.run(
            ["sh", "-ec", "cd \"$0\"\n" + script, place], environment: ["PATH": path, "AWS_PAGER": ""])
        #expect(ran.status == 0, "\(ran.output)\n\(ran.errors)")
        for words in Self.promised(withSDK: hasSDK) {
            #expect((ran.output + ran.errors).contains(words), "\(words) in\n\(ran.output)\n\(ran.errors)")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: place + "/infrastructure").sorted()
        #expect(files == ["main.tf"])
        let module = try String(contentsOfFile: place + "/infrastructure/main.tf", encoding: .utf8)
        #expect(module.contains("role/SageMakerTraining") && module.contains("25.251286 USD an hour as of 2026-09-01"))
    }

    @Test("A drill of a job whose data is in a bucket says at once where it wants the data, and what was typed wrong")
    func drillInputs() throws {
        let job = Self.root.appending(path: "Examples/sagemaker-spot/nightshift.yaml").path
        let bare = try ServedStage.nightshift(["drill", job])
        #expect(bare.status == 2 && bare.output.isEmpty)
        for channel in ["train", "val"] {
            #expect(
                bare.errors.contains(
                    "inputs.\(channel): s3://training-data/recommender/\(channel) is in a bucket, and a drill trains on "
                        + "this machine; copy (a part of) it here and say where: --input \(channel)=data/\(channel)"),
                "\(bare.errors)")
        }
        let typed = try ServedStage.nightshift([
            "drill", job, "--input", "trian=/tmp", "--input", "val=/nowhere", "--input", "train", "--input",
            "train=/tmp", "--input", "train=/tmp",
        ])
        #expect(typed.status == 2)
        for problem in [
            "--input: the job has no channel \"trian\"; did you mean train?",
            "--input: val: there is no directory /nowhere",
            "--input: must be a channel and a directory, as train=data/train, not \"train\"",
            "--input: train is there twice",
        ] {
            #expect(typed.errors.contains(problem), "\(problem) in \(typed.errors)")
        }
    }

    private static func promised(withSDK: Bool) -> [String] {
        let night = [
            "PASSED  recommender: 7 training runs", "SageMaker on-demand", "ready in time",
            "platform-synced, unverified",
            "in service     recommender-", "wrote infrastructure/main.tf",
        ]
        return withSDK
            ? ["resumed after epoch", "Managed Spot Training savings: 70", "Interrupted - Training job"] + night : night
    }

    /// The blocks as one script. A terminal of its own becomes a process beside it; a second server ends the first.
    private static func script(_ page: String, port: Int, withSDK: Bool) -> String {
        var lines = ["trap '[ -z \"$server\" ] || kill $server' EXIT"]
        var isCommand = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                isCommand = line == "```sh"
            } else if isCommand, line.hasPrefix("nightshift serve") {
                let command = line.split(separator: "#").first.map(String.init) ?? line
                lines += [
                    "[ -z \"$server\" ] || { kill $server; wait $server; }",
                    "\(command) --port \(port) > serve.log 2>&1 &", "server=$!",
                    "until grep -q Ctrl-C serve.log; do kill -0 $server; sleep 0.1; done",
                ]
            } else if isCommand, withSDK || !line.contains("train_on_spot.py") {
                lines.append(line.replacing("nightshift env", with: "nightshift env --port \(port)"))
            }
        }
        return lines.joined(separator: "\n")
    }
}
