// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Foundation
import SpotMarket
import Testing
import TrainingAgent
import TrainingJobs

/// A script that counts epochs, saves after each and says where it began.
private let counting = """
    import argparse, json, os, time
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--flag", default="")
    args = parser.parse_args()
    place = os.environ.get("SM_CHECKPOINT_DIR", "/opt/ml/checkpoints")
    state = os.path.join(place, "state.json")
    done = json.load(open(state))["epoch"] if os.path.exists(state) else 0
    print(f"begin at {done}")
    for epoch in range(done + 1, args.epochs + 1):
        time.sleep(args.seconds)
        with open(state + ".new", "w") as out: json.dump({"epoch": epoch}, out)
        os.replace(state + ".new", state)
        print(f"epoch={epoch}")
    for name in sorted(json.loads(os.environ["SM_CHANNELS"])):
        folder = os.environ["SM_CHANNEL_" + name.upper()]
        print(name, sorted(os.listdir(folder)))
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w") as out: out.write("trained")
    with open(os.path.join(os.environ["SM_OUTPUT_DATA_DIR"], "notes.txt"), "w") as out: out.write("notes")
    """

@Suite(.timeLimit(.minutes(3)))
struct StageTests {
    @Test("A job trains, its lines are there once, and its model and output are in the bucket")
    func completes() async throws {
        let bench = try StageBench()
        try bench.putSource(["train.py": counting], at: "code/sourcedir.tar.gz")
        try bench.put("1", at: "data/train/a.csv")
        try bench.put("2", at: "data/train/deep/b.csv")
        let channels: JSONValue = .array([
            .object([
                "ChannelName": "train",
                "DataSource": .object([
                    "S3DataSource": .object(["S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data/train"])
                ]),
            ])
        ])
        try await bench.play { client in
            let made = try await client.ask(
                "CreateTrainingJob",
                StageBench.request("one", hyperparameters: ["epochs": "2"], changes: ["InputDataConfig": channels]))
            #expect(made["TrainingJobArn"] == "arn:aws:sagemaker:us-west-2:000000000000:training-job/one")
            #expect(try await client.describe("one")["TrainingJobStatus"] == "InProgress")
            let job = try await client.wait(for: "one")
            #expect(job["TrainingJobStatus"] == "Completed", "\(job)")
            #expect(
                job.statuses == [
                    "Starting", "LaunchingMLInstances", "PreparingTrainingStack", "Downloading", "Training",
                    "Uploading",
                    "Completed",
                ])
            #expect(job["ModelArtifacts"]?["S3ModelArtifacts"] == "s3://bucket/one/output/model.tar.gz")
            #expect(job["BillableTimeInSeconds"] == job["TrainingTimeInSeconds"])
            #expect(
                try await client.lines("one") == ["begin at 0", "epoch=1", "epoch=2", "train ['a.csv', 'deep']"])
        }
        #expect(try bench.archive(at: "one/output/model.tar.gz") == ["model.txt": "trained"])
        #expect(try bench.archive(at: "one/output/output.tar.gz") == ["notes.txt": "notes"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.settings.directory + "/machines").isEmpty)
    }

    @Test("A script that fails says so as the toolkit does")
    func fails() async throws {
        let bench = try StageBench()
        try bench.putSource(
            ["train.py": "import sys\nprint('so far')\nraise ValueError('no such file')\n"], at: "code/sourcedir.tar.gz"
        )
        try await bench.play { client in
            _ = try await client.ask("CreateTrainingJob", StageBench.request("bad"))
            let job = try await client.wait(for: "bad")
            #expect(job["TrainingJobStatus"] == "Failed")
            let reason = try #require(job["FailureReason"]?.text)
            #expect(reason.hasPrefix("AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"Traceback"))
            #expect(reason.contains("ValueError: no such file") && reason.hasSuffix(", exit code: 1"))
        }
        #expect(try bench.buckets.object(bucket: "bucket", key: "bad/output/model.tar.gz") == nil)
    }

    @Test("A stopped job is told SIGTERM, and what its script saved then is published")
    func stops() async throws {
        let script = """
            import os, signal, sys, time
            def end(*_):
                open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w").write("half")
                sys.exit(3)
            signal.signal(signal.SIGTERM, end)
            print("ready")
            while True: time.sleep(0.05)
            """
        let bench = try StageBench()
        try bench.putSource(["train.py": script], at: "code/sourcedir.tar.gz")
        try await bench.play { client in
            _ = try await client.ask("CreateTrainingJob", StageBench.request("stopme"))
            _ = try await client.wait(for: "stopme") { $0["SecondaryStatus"] == "Training" }
            while try await client.lines("stopme").isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            let name: JSONValue = .object(["TrainingJobName": "stopme"])
            #expect(try await client.ask("StopTrainingJob", name) == .null)
            let job = try await client.wait(for: "stopme")
            #expect(job["TrainingJobStatus"] == "Stopped" && job["SecondaryStatus"] == "Stopped")
            let fault = await #expect(throws: ServiceFault.self) { try await client.ask("StopTrainingJob", name) }
            #expect(
                fault
                    == .validation("The request was rejected because the training job is in status Stopped"))
        }
        #expect(try bench.archive(at: "stopme/output/model.tar.gz") == ["model.txt": "half"])
    }

    @Test("A channel without an object fails the job as the platform does")
    func emptyChannel() async throws {
        let bench = try StageBench()
        try bench.putSource(["train.py": counting], at: "code/sourcedir.tar.gz")
        let channels: JSONValue = .array([
            .object([
                "ChannelName": "train",
                "DataSource": .object([
                    "S3DataSource": .object(["S3DataType": "S3Prefix", "S3Uri": "s3://bucket/nothing"])
                ]),
            ])
        ])
        try await bench.play { client in
            _ = try await client.ask(
                "CreateTrainingJob", StageBench.request("empty", changes: ["InputDataConfig": channels]))
            let job = try await client.wait(for: "empty")
            #expect(job["TrainingJobStatus"] == "Failed")
            #expect(
                job["FailureReason"]?.text?.hasPrefix(
                    "ClientError: Data download failed:No S3 objects found under S3 URL \"s3://bucket/nothing\"")
                    == true)
        }
    }

    @Test(
        "A server that ends takes its machines along: Spot goes on with the next server, on-demand says why it failed")
    func restarts() async throws {
        let bench = try StageBench(timeScale: 10)
        try bench.putSource(["train.py": counting], at: "code/sourcedir.tar.gz")
        try await bench.play { client in
            _ = try await client.ask(
                "CreateTrainingJob",
                StageBench.request(
                    "spot", hyperparameters: ["epochs": "6", "seconds": "0.5"], changes: StageBench.spot()))
            _ = try await client.ask(
                "CreateTrainingJob",
                StageBench.request("fixed", hyperparameters: ["epochs": "600", "seconds": "0.5"]))
            _ = try await client.wait(for: "spot") { _ in (try? bench.text(at: "checkpoints/state.json")) != nil }
            _ = try await client.wait(for: "fixed") { $0["SecondaryStatus"] == "Training" }
        }
        try await bench.play { client in
            let fixed = try await client.wait(for: "fixed")
            #expect(fixed["TrainingJobStatus"] == "Failed")
            #expect(fixed["FailureReason"]?.text?.hasPrefix("InternalServerError: ") == true)
            let spot = try await client.wait(for: "spot")
            #expect(spot["TrainingJobStatus"] == "Completed", "\(spot)")
            #expect(spot.statuses.contains("Interrupted"))
            let lines = try await client.lines("spot")
            #expect(lines.filter { $0.hasPrefix("begin") }.count == 2)
            #expect(lines.last { $0.hasPrefix("begin") } != "begin at 0")
        }
    }
}
