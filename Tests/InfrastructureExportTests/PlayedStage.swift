// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `nightshift serve --sagemaker` in a process of its own, with a bucket that has what the exported job needs.
final class PlayedStage: Sendable {
    static let scale = 360
    /// Twenty epochs in nine seconds; notes in its checkpoint where each start began.
    private static let script = """
        import json, os, time
        place = os.environ["SM_CHECKPOINT_DIR"] + "/state.json"
        state = json.load(open(place)) if os.path.exists(place) else {"epoch": 0, "starts": []}
        state["starts"].append(state["epoch"])
        while state["epoch"] < 20:
            time.sleep(0.45)
            state["epoch"] += 1
            with open(place + ".new", "w") as out: json.dump(state, out)
            os.replace(place + ".new", place)
            print("epoch=%d" % state["epoch"], flush=True)
        json.dump(state, open(os.environ["SM_MODEL_DIR"] + "/m.json", "w"))
        """

    let port: Int
    private let directory: String
    private let process: Process

    /// `spot` are stretches of capacity in minutes after a job's creation. Returns when it serves.
    init(spot: [Range<Int>], options: [String] = []) throws {
        directory = NSTemporaryDirectory() + "played-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let windows = spot.map { "{\"fromMinute\": \($0.lowerBound), \"untilMinute\": \($0.upperBound)}" }
        let market = """
            {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "test", "offers": [
             {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "spot", "pricePerHour": "7.5",
              "available": [\(windows.joined(separator: ", "))]},
             {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "on-demand", "pricePerHour": "25",
              "waitMinutes": [5]}]}
            """
        try Data(market.utf8).write(to: URL(filePath: directory + "/market.json"))
        try Data(Self.script.utf8).write(to: URL(filePath: directory + "/train.py"))
        let archive = directory + "/source.tar.gz"
        _ = try CommandLine.run("tar", ["-czf", archive, "-C", directory, "train.py"])
        let words = "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); print(s.getsockname()[1])"
        let free = try CommandLine.run("python3", ["-c", words])?.output ?? ""
        guard let port = Int(free.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.featureUnsupported)
        }
        self.port = port
        process = Process()
        process.executableURL = URL(filePath: CommandLine.nightshift)
        process.arguments =
            [
                "serve", "--sagemaker", "--port", String(port), "--state", directory + "/state", "--market",
                directory + "/market.json", "--time-scale", String(Self.scale),
            ] + options
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        guard !output.fileHandleForReading.availableData.isEmpty else { throw CocoaError(.executableLoad) }
        try put("bucket/train/ratings.csv", Data("1".utf8))
        try put("bucket/models/recommender/source/sourcedir.tar.gz", Data(contentsOf: URL(filePath: archive)))
    }

    deinit {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: directory)  // the rest lies in the temporary directory
    }

    private func put(_ place: String, _ bytes: Data) throws {
        guard try send("PUT", place, bytes).status == 200 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// `nil` when it is not there.
    func object(_ place: String) throws -> Data? {
        let answer = try send("GET", place)
        return answer.status == 200 ? answer.body : nil
    }

    /// One operation of SageMaker's API.
    func sageMaker(_ operation: String, _ arguments: JSON) throws -> (status: Int, answer: JSON) {
        let headers = ["X-Amz-Target": "SageMaker.\(operation)", "Content-Type": "application/x-amz-json-1.1"]
        let (status, body) = try send("POST", "", Data(arguments.written.utf8), headers)
        // Some operations answer nothing.
        return (status, body.isEmpty ? .object([:]) : try JSON(String(decoding: body, as: UTF8.self)))
    }

    private struct Answer: Sendable {
        var status = 0
        var body = Data()
        var failure: String?
    }

    /// Blocks until the answer is there: the interpreter carries one task out at a time.
    private func send(
        _ method: String, _ place: String, _ body: Data = Data(), _ headers: [String: String] = [:]
    ) throws -> (status: Int, body: Data) {
        guard let address = URL(string: "http://127.0.0.1:\(port)/\(place)") else { throw CocoaError(.fileNoSuchFile) }
        var request = URLRequest(url: address)
        request.httpMethod = method
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if !body.isEmpty { request.httpBody = body }
        let (answers, tell) = (DispatchSemaphore(value: 0), Box())
        URLSession.shared.dataTask(with: request) { body, reply, error in
            tell.answer = Answer(
                status: (reply as? HTTPURLResponse)?.statusCode ?? 0, body: body ?? Data(),
                failure: error.map { "\($0)" })
            answers.signal()
        }.resume()
        answers.wait()
        if let failure = tell.answer.failure { throw TaskFailure(name: "HTTP", cause: failure) }
        return (tell.answer.status, tell.answer.body)
    }

    /// Written before the semaphore is signalled and read after it.
    private final class Box: @unchecked Sendable { var answer = Answer() }
}
