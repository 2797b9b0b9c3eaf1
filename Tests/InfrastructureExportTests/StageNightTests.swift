// SPDX-License-Identifier: Apache-2.0

import Foundation
import InfrastructureExport
import Testing
import TrainingJobs

/// The exported state machine, executed against the stage: real training, a market and a night 360 times as fast.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StageNightTests {
    typealias Run = MachineRun<StageWorld>
    private static let night = "recommender-2026-11-25"

    /// An hour of work, of which the script needs nine seconds' worth; real programs start slowly at this speed.
    private static func job() throws -> TrainingJob {
        var job = try Stacks.job()
        job.expectedRuntime = .hours(1)
        job.checkpoint.interval = .minutes(6)
        job.maxRun = .hours(3)
        job.maxWait = .hours(6)
        job.restartOverhead = .minutes(20)
        job.onDemandWait = .minutes(30)
        job.uploadTime = .minutes(10)
        job.safetyMargin = .minutes(10)
        return job
    }

    private func play(
        _ stage: PlayedStage, deadline: Duration = .hours(4), stoppedByHandAfter: Duration? = nil
    ) throws -> (end: Run.End, run: Run) {
        let definition = try JSON(NightMachine(Stacks.stack(Self.job())).definition.pretty)
        let world = StageWorld(stage, stoppedByHandAfter: stoppedByHandAfter)
        var run = Run(definition, name: Self.night, world: world)
        let end = try run.run(input: .object(["deadline": .text((world.start + deadline).iso8601)]))
        let live = try jobs(stage).filter { ["InProgress", "Stopping"].contains($0.status) }
        #expect(live.isEmpty, "still running: \(live)")
        return (end, run)
    }

    private func jobs(_ stage: PlayedStage) throws -> [(name: String, status: String)] {
        let answer = try stage.sageMaker("ListTrainingJobs", .object(["SortBy": .text("CreationTime")])).answer
        return (answer["TrainingJobSummaries"]?.list ?? []).map {
            (
                ($0["TrainingJobName"]?.text ?? "").replacing(Self.night + "-", with: ""),
                $0["TrainingJobStatus"]?.text ?? ""
            )
        }.sorted { $0.name > $1.name }
    }

    private func names(_ run: Run) -> [String] {
        run.world.calls.map { $0.replacing("TrainingJob \(Self.night)-", with: " ") }
    }

    private func completed(_ end: Run.End, by job: String, _ stage: PlayedStage) throws -> JSON {
        guard case .succeeded(let output) = end else { throw JSONataError(description: "\(end)") }
        #expect(output["trainingJob"]?.text == "\(Self.night)-\(job)" && output["late"] == .bool(false))
        let model = "bucket/models/\(Self.night)-\(job)/output/model.tar.gz"
        #expect(output["model"]?.text == "s3://" + model)
        #expect(try stage.object(model) != nil, "the model is in S3")
        return output
    }

    /// Where each start of the script began, by its checkpoint.
    private func starts(_ stage: PlayedStage) throws -> [Double] {
        let bytes = try stage.object("bucket/checkpoints/\(Self.night)/state.json") ?? Data("{}".utf8)
        return (try JSON(String(decoding: bytes, as: UTF8.self))["starts"]?.list ?? []).compactMap(\.number)
    }

    @Test func `a quiet night is one Spot job, and its model is there`() throws {
        let stage = try PlayedStage(spot: [0..<9000])
        let (end, run) = try play(stage)
        #expect(try completed(end, by: "spot", stage)["fellBackBecause"] == .text(""))
        #expect(names(run) == ["create spot"] && run.world.alarms.isEmpty)
        #expect(try starts(stage) == [0])
    }

    @Test func `without capacity Spot is left at the latest safe switch, and on-demand is in time`() throws {
        let stage = try PlayedStage(spot: [5000..<9000])
        let (end, run) = try play(stage)
        let reason = try completed(end, by: "ondemand-1", stage)["fellBackBecause"]?.text ?? ""
        #expect(reason.contains("the latest safe switch was reached while Spot was Starting"))
        #expect(names(run) == ["create spot", "stop spot", "create ondemand-1"])
        #expect(try jobs(stage).map(\.status) == ["Stopped", "Completed"])
        #expect(run.world.alarms == ["\(Self.night): on-demand"])
    }

    @Test func `an interrupted night goes on from what it had saved`() throws {
        let stage = try PlayedStage(spot: [0..<35, 40..<9000])
        let (end, run) = try play(stage)
        _ = try completed(end, by: "spot", stage)
        #expect(names(run) == ["create spot"])
        let starts = try starts(stage)
        #expect(starts.count == 2 && starts.last != 0, "\(starts)")
    }

    @Test func `a quota of Spot sends the night to on-demand at once, and one of on-demand ends it`() throws {
        let spot = "ml.p4d.24xlarge for spot training job usage=0"
        let refused = try PlayedStage(spot: [0..<9000], options: ["--quota", spot])
        let (end, run) = try play(refused)
        #expect(try completed(end, by: "ondemand-1", refused)["fellBackBecause"]?.text?.contains("quota") == true)
        #expect(names(run) == ["create spot", "create ondemand-1"])
        #expect(try jobs(refused).map(\.name) == ["ondemand-1"])
        let both = try PlayedStage(
            spot: [0..<9000], options: ["--quota", spot, "--quota", "ml.p4d.24xlarge for training job usage=0"])
        guard case .failed("QuotaRefused", let cause) = try play(both).end else { throw CocoaError(.coderInvalidValue) }
        #expect(cause.contains("The account-level service limit 'ml.p4d.24xlarge for training job usage' is 0"))
        #expect(try jobs(both).isEmpty)
    }

    @Test func `what a person stopped stays stopped, and nothing more is bought`() throws {
        let stage = try PlayedStage(spot: [0..<9000])
        let (end, run) = try play(stage, stoppedByHandAfter: .minutes(25))
        guard case .failed("StoppedByHand", _) = end else { throw JSONataError(description: "\(end)") }
        #expect(names(run) == ["create spot"] && run.world.alarms == ["\(Self.night): StoppedByHand"])
        #expect(try jobs(stage).map(\.status) == ["Stopped"])
    }

    @Test func `a deadline that on-demand could not keep buys nothing`() throws {
        let stage = try PlayedStage(spot: [0..<9000])
        let (end, run) = try play(stage, deadline: .minutes(125))
        guard case .failed("DeadlineTooNear", _) = end else { throw JSONataError(description: "\(end)") }
        #expect(run.world.calls.isEmpty && run.world.alarms == ["\(Self.night): DeadlineTooNear"])
        #expect(try jobs(stage).isEmpty)
    }
}
