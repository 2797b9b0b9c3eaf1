// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Spot that is taken away, in a server of its own: the market does not wait for a test that is held up.
@Suite(.timeLimit(.minutes(3))) struct InterruptionTests {
    /// Saves each of eight epochs, and a note when it is told to end.
    private static let script = """
        import json, os, signal, sys, time
        place = os.environ["SM_CHECKPOINT_DIR"]
        state = place + "/state.json"
        done = json.load(open(state))["epoch"] if os.path.exists(state) else 0
        def end(*_):
            open(place + "/told", "w").write(str(done))
            print("told", flush=True)
            os._exit(3)
        signal.signal(signal.SIGTERM, end)
        print("begin at", done)
        while done < 8:
            time.sleep(0.8)
            done += 1
            with open(state + ".new", "w") as out: json.dump({"epoch": done}, out)
            os.replace(state + ".new", state)
            print(f"epoch={done}")
        open(os.environ["SM_MODEL_DIR"] + "/m", "w").write("x")
        """

    /// What a job did whose capacity goes after 5 s of the wall and is back 0.4 s later.
    private func night(noticeSeconds: Int) throws -> String? {
        let market = """
            {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "test", "offers": [
             {"instanceType": "ml.p4d.24xlarge", "zone": "us-west-2a", "purchase": "spot", "pricePerHour": "7.5",
              "available": [{"fromMinute": 0, "untilMinute": 8.33, "noticeSeconds": \(noticeSeconds)},
                            {"fromMinute": 9, "untilMinute": 900}]},
             {"instanceType": "ml.p4d.24xlarge", "zone": "us-west-2a", "purchase": "on-demand", "pricePerHour": "25"}]}
            """
        let directory = NSTemporaryDirectory() + "night-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }  // it lies in the temporary directory
        try Data(market.utf8).write(to: URL(filePath: directory + "/market.json"))
        try Data(Self.script.utf8).write(to: URL(filePath: directory + "/train.py"))
        try Tools.run("tar", ["-czf", directory + "/source.tar.gz", "-C", directory, "train.py"])
        return try ServedStage(serveOptions: ["--market", directory + "/market.json", "--time-scale", "100"]).client(
            """
            import boto3
            s3, sagemaker, logs = boto3.client('s3'), boto3.client('sagemaker'), boto3.client('logs')
            s3.upload_file('\(directory)/source.tar.gz', 'code', 'source.tar.gz')
            sagemaker.create_training_job(
                TrainingJobName='spot', RoleArn='\(StageBench.role)', EnableManagedSpotTraining=True,
                AlgorithmSpecification=dict(TrainingImage='x', TrainingInputMode='File'),
                HyperParameters=dict(sagemaker_program='train.py', sagemaker_submit_directory='s3://code/source.tar.gz'),
                OutputDataConfig=dict(S3OutputPath='s3://models/'), CheckpointConfig=dict(S3Uri='s3://kept/c'),
                ResourceConfig=dict(InstanceType='ml.p4d.24xlarge', InstanceCount=1, VolumeSizeInGB=1),
                StoppingCondition=dict(MaxRuntimeInSeconds=14400, MaxWaitTimeInSeconds=28800))
            sagemaker.get_waiter('training_job_completed_or_stopped').wait(
                TrainingJobName='spot', WaiterConfig=dict(Delay=1, MaxAttempts=60))
            job = sagemaker.describe_training_job(TrainingJobName='spot')
            assert job['TrainingJobStatus'] == 'Completed', job
            print(' '.join(step['Status'] for step in job['SecondaryStatusTransitions']))
            print('share', round(job['BillableTimeInSeconds'] / job['TrainingTimeInSeconds'], 2))
            print(sorted(o['Key'] for o in s3.list_objects_v2(Bucket='kept')['Contents']))
            [stream] = logs.describe_log_streams(
                logGroupName='/aws/sagemaker/TrainingJobs', logStreamNamePrefix='spot/')['logStreams']
            for event in logs.get_log_events(logGroupName='/aws/sagemaker/TrainingJobs', startFromHead=True,
                                             logStreamName=stream['logStreamName'])['events']:
                print(event['message'])
            """)
    }

    private static let statuses =
        "Starting LaunchingMLInstances PreparingTrainingStack Downloading Training Interrupted Starting "
        + "LaunchingMLInstances PreparingTrainingStack Downloading Training Uploading Completed"

    @Test("Taken away without notice, it goes on from what had been copied, in the one stream, and pays Spot's price")
    func withoutNotice() throws {
        guard let text = try night(noticeSeconds: 0) else { return }
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == Self.statuses, "\(text)")
        // What a save has half done may be copied too: the platform copies files, not sets.
        #expect(lines[1] == "share 0.3" && lines[2].contains("'c/state.json'") && !lines[2].contains("'c/told'"))
        let begins = lines.filter { $0.hasPrefix("begin at") }
        #expect(begins.count == 2 && begins.last != "begin at 0" && !lines.contains("told"), "\(text)")
        #expect(lines.last == "epoch=8")
    }

    @Test("With a notice the script hears SIGTERM, and what it saves then is there for the next machine")
    func withNotice() throws {
        guard let text = try night(noticeSeconds: 120) else { return }
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == Self.statuses, "\(text)")
        #expect(lines[2].contains("'c/state.json'") && lines[2].contains("'c/told'"))
        #expect(lines.filter { $0 == "told" }.count == 1)
        #expect(lines.filter { $0.hasPrefix("begin at") }.count == 2 && lines.last == "epoch=8", "\(text)")
    }
}
