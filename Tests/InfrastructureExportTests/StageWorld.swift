// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

/// A state machine's world in which SageMaker is the stage, and time the wall's, so many times as fast.
struct StageWorld: TaskWorld {
    let stage: PlayedStage
    let start: Instant
    private let begun = ContinuousClock.now
    /// Somebody stops Spot's job once it has trained so long.
    var stoppedByHandAfter: Duration?
    private(set) var calls: [String] = []
    private(set) var alarms: [String] = []

    init(_ stage: PlayedStage, stoppedByHandAfter: Duration? = nil) {
        self.stage = stage
        self.stoppedByHandAfter = stoppedByHandAfter
        start = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// To set it is to wait until it is so.
    var now: Instant {
        get { start + begun.duration(to: .now) * PlayedStage.scale }
        set {
            let left = newValue - now
            if left > .zero { Thread.sleep(forTimeInterval: left.realSeconds / Double(PlayedStage.scale)) }
        }
    }

    mutating func call(_ resource: String, _ arguments: JSON) throws(TaskFailure) -> JSON {
        if resource == "arn:aws:states:::sns:publish" {
            alarms.append(arguments["Subject"]?.text ?? "")
            return .object(["MessageId": .text("1")])
        }
        guard let call = resource.split(separator: ":").last, resource.contains(":aws-sdk:sagemaker:") else {
            throw TaskFailure(name: "States.Runtime", cause: "no resource \(resource)")
        }
        if call == "describeTrainingJob" {
            try stopByHand(arguments)
        } else {
            calls.append("\(call) \(arguments["TrainingJobName"]?.text ?? "")")
        }
        return try ask(call.prefix(1).uppercased() + call.dropFirst(), arguments)
    }

    private mutating func stopByHand(_ arguments: JSON) throws(TaskFailure) {
        guard let after = stoppedByHandAfter, now - start >= after else { return }
        guard try ask("DescribeTrainingJob", arguments)["SecondaryStatus"]?.text == "Training" else { return }
        _ = try ask("StopTrainingJob", arguments)
        stoppedByHandAfter = nil
    }

    private func ask(_ operation: String, _ arguments: JSON) throws(TaskFailure) -> JSON {
        let status: Int, answer: JSON
        do { (status, answer) = try stage.sageMaker(operation, arguments) } catch {
            throw TaskFailure(name: "SageMaker.SageMakerException", cause: "Unable to execute HTTP request: \(error)")
        }
        guard status == 200 else {
            // As Step Functions names the SDK's errors.
            let code = answer["__type"]?.text ?? "", message = answer["message"]?.text ?? ""
            let own = ["ResourceInUse", "ResourceLimitExceeded"].contains(code)
            throw TaskFailure(
                name: own ? "SageMaker.\(code)Exception" : "SageMaker.SageMakerException",
                cause: "\(message) (Service: SageMaker, Status Code: \(status))")
        }
        return told(answer)
    }

    /// Moments as Step Functions writes them, and in the night's time: the stage tells the wall's.
    private func told(_ value: JSON) -> JSON {
        switch value {
        case .list(let items): return .list(items.map(told))
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        guard name.hasSuffix("Time"), let seconds = value.number else { return (name, told(value)) }
                        let wall = Instant(milliseconds: Int64((seconds * 1000).rounded()))
                        return (name, .text((start + (wall - start) * PlayedStage.scale).iso8601))
                    }))
        default: return value
        }
    }
}
