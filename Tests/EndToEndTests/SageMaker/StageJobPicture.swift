// SPDX-License-Identifier: Apache-2.0

/// What `DescribeTrainingJob` says of one job.
struct StageJobPicture: Decodable, Sendable {
    struct Step: Decodable, Sendable {
        var status: String
        enum CodingKeys: String, CodingKey { case status = "Status" }
    }

    var name: String
    var status: String
    var isSpot: Bool?
    var trained: Int64?
    var billed: Int64?
    var steps: [Step]
    var limits: [String: Int]

    enum CodingKeys: String, CodingKey {
        case name = "TrainingJobName"
        case status = "TrainingJobStatus"
        case isSpot = "EnableManagedSpotTraining"
        case trained = "TrainingTimeInSeconds"
        case billed = "BillableTimeInSeconds"
        case steps = "SecondaryStatusTransitions"
        case limits = "StoppingCondition"
    }

    var isRunning: Bool { status == "InProgress" || status == "Stopping" }
}
