// SPDX-License-Identifier: Apache-2.0

import TrainingAgent

/// SageMaker's training part.
package struct SageMakerService: StageService {
    private let stage: Stage

    package init(stage: Stage) { self.stage = stage }

    package func reply(to call: ServiceCall) async -> ServiceReply {
        if call.operation == "StopTrainingJob" { return await stop(call) }
        return await ServiceReply.answering { try await answer(call) }
    }

    private func answer(_ call: ServiceCall) async throws -> JSONValue {
        let request = try call.members()
        switch call.operation {
        case "CreateTrainingJob": return try await stage.create(request, region: call.region)
        case "DescribeTrainingJob": return try await stage.describe(try Self.name(in: request))
        case "ListTrainingJobs": return try await stage.list(request)
        case "Search": return try await stage.search(request)
        case "AddTags":
            try RequestShapes.addTags.check(request)
            let new = request["Tags"]?.elements ?? []
            return .object(["Tags": .array(try await changeTags(request) { try TagList.adding(new, to: $0) })])
        case "ListTags":
            try RequestShapes.listTags.check(request)
            return .object(["Tags": .array(try await changeTags(request) { $0 })])
        case "DeleteTags":
            try RequestShapes.deleteTags.check(request)
            let keys = request["TagKeys"]?.elements ?? []
            _ = try await changeTags(request) { TagList.removing(keys, from: $0) }
            return .object([String: JSONValue]())
        default: throw ServiceFault.unknownOperation(call.operation)
        }
    }

    /// Answers nothing at all where it succeeds.
    private func stop(_ call: ServiceCall) async -> ServiceReply {
        var reply = await ServiceReply.answering {
            try await stage.stop(try Self.name(in: try call.members()))
            return .null
        }
        if reply.status == 200 { reply.body = [] }
        return reply
    }

    private func changeTags(
        _ request: JSONValue, _ change: @Sendable ([JSONValue]) throws -> [JSONValue]
    ) async throws -> [JSONValue] {
        try await stage.changeTags(request["ResourceArn"]?.text ?? "", change)
    }

    private static func name(in request: JSONValue) throws -> String {
        try RequestShapes.nameOnly.check(request)
        return request["TrainingJobName"]?.text ?? ""
    }
}
