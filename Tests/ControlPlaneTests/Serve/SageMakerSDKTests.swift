// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The example's script, unchanged, with the SageMaker SDK from PyPI.
@Suite(
    .enabled(if: SDK.isThere, "Scripts/setup --test installs the SageMaker SDK"), .serialized, .timeLimit(.minutes(5)))
struct SageMakerSDKTests {
    @Test("The unchanged script trains here: its lines come once each, the savings are told, the model is in S3")
    func quiet() throws {
        let stage = try SDK.stage(epochSeconds: "0.05")
        let ran = try SDK.fit(stage)
        #expect(SDK.epochs(in: ran) == Array(1...20), "\(ran.output)\(ran.errors)")
        // Of a few seconds only whole ones are told, so the share is a rough one here.
        let savings = ran.output.firstMatch(of: /Managed Spot Training savings: ([0-9.]+)%/).flatMap {
            Double($0.output.1)
        }
        #expect((33...70).contains(try #require(savings, "\(ran.output)")))
        #expect(!ran.output.contains("Interrupted"))
        #expect(!ran.errors.contains("Traceback"), "\(ran.errors)")
        let found = try stage.inEnvironment([SDK.python, "-c", SDK.readModel])
        #expect(found.output == "['model.npz']\n", "\(found.output)\(found.errors)")
    }

    @Test("Interrupted in the middle, it resumes after the epoch that had been copied, and still ends well")
    func interrupted() throws {
        // 200 market seconds a second: capacity goes after 9 s of the wall and is back 3 s later.
        let market = """
            {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "test", "offers": [
             {"instanceType": "ml.p4d.24xlarge", "zone": "us-west-2a", "purchase": "spot", "pricePerHour": "7.575386",
              "available": [{"fromMinute": 0, "untilMinute": 30}, {"fromMinute": 40, "untilMinute": 900}]},
             {"instanceType": "ml.p4d.24xlarge", "zone": "us-west-2a", "purchase": "on-demand",
              "pricePerHour": "25.251286"}]}
            """
        let file = NSTemporaryDirectory() + UUID().uuidString + ".json"
        try Data(market.utf8).write(to: URL(filePath: file))
        defer { unlink(file) }
        let stage = try SDK.stage(["--market", file, "--time-scale", "200"], epochSeconds: "0.8")
        let ran = try SDK.fit(stage)
        #expect(ran.output.contains("Interrupted - Training job interrupted"), "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("Managed Spot Training savings: 70.0%"))
        let lines = ran.output.split(whereSeparator: \.isNewline).map(String.init)
        let resumed = try #require(lines.firstIndex { $0.hasPrefix("resumed after epoch ") }, "\(ran.output)")
        let last = try #require(Int(lines[resumed].split(separator: " ").last ?? ""))
        #expect(lines[resumed + 1].hasPrefix("epoch=\(last + 1) "))
        // What the interruption took was trained again; nothing else was.
        let epochs = SDK.epochs(in: ran)
        #expect(Set(epochs) == Set(1...20) && epochs.last == 20)
        #expect(epochs.count - 20 <= 2, "\(epochs)")
        #expect(lines.filter { $0.hasPrefix("resumed after") }.count == 1)
    }
}

private enum SDK {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The project's own environment for it, else one that the variable names.
    static let python =
        ProcessInfo.processInfo.environment["NIGHTSHIFT_SAGEMAKER_PYTHON"]
        ?? root.appending(path: ".venv-sagemaker/bin/python3").path
    static let isThere = FileManager.default.isExecutableFile(atPath: python)

    static let readModel = """
        import boto3, io, tarfile
        s3 = boto3.client("s3")
        [key] = [o["Key"] for o in s3.list_objects_v2(Bucket="nightshift-stage")["Contents"] if "/output/" in o["Key"]]
        body = s3.get_object(Bucket="nightshift-stage", Key=key)["Body"].read()
        print(tarfile.open(fileobj=io.BytesIO(body)).getnames())
        """

    /// A stage whose buckets hold the script's data.
    static func stage(_ options: [String] = [], epochSeconds: String) throws -> ServedStage {
        let stage = try ServedStage(
            serveOptions: ["--python", python] + options, environment: ["EPOCH_SECONDS": epochSeconds])
        let put = try stage.inEnvironment([
            python, "-W", "ignore", "-c",
            """
            import boto3, random
            random.seed(1)
            for name, count in [("train", 2000), ("val", 200)]:
                rows = [(x, 2 * x + 1) for x in (random.uniform(-1, 1) for _ in range(count))]
                boto3.client("s3").put_object(
                    Bucket="training-data", Key=f"recommender/{name}/points.csv",
                    Body="".join(f"{x},{y}\\n" for x, y in rows).encode())
            """,
        ])
        try #require(put.status == 0, "\(put.errors)")
        return stage
    }

    static func fit(_ stage: ServedStage) throws -> ServedStage.Ran {
        let example = root.appending(path: "Examples/sagemaker-spot").path
        let ran = try stage.inEnvironment(["sh", "-c", "cd \"$0\" && exec \"$@\"", example, python, "train_on_spot.py"])
        #expect(ran.status == 0, "\(ran.output)\n\(ran.errors)")
        return ran
    }

    /// The epochs that the client printed, in its order; it ends a line of its own only when the next one comes.
    static func epochs(in ran: ServedStage.Ran) -> [Int] {
        ran.output.matches(of: /epoch=([0-9]+)\s/).compactMap { Int($0.output.1) }
    }
}
