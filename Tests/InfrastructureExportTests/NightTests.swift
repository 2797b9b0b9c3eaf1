// SPDX-License-Identifier: Apache-2.0

import InfrastructureExport
import Testing
import TrainingJobs

/// The exported state machine, executed.
@Suite struct NightTests {
    typealias Run = MachineRun<ScriptedSageMaker>
    private static let night = "recommender-2026-11-25"
    private static let start = Instant(iso8601: "2026-11-25T00:00:00Z")!
    /// Eight hours, less the four of work and all that on-demand needs beside it.
    private static let slack = 9060

    private func play(
        _ script: ScriptedSageMaker.Script, deadline: String = "2026-11-25T08:00:00Z"
    ) throws -> (end: Run.End, run: Run) {
        let definition = try JSON(NightMachine(Stacks.stack()).definition.pretty)
        var run = Run(
            definition, name: Self.night, world: ScriptedSageMaker(start: Self.start, script: script))
        let end = try run.run(input: .object(["deadline": .text(deadline)]))
        #expect(run.world.nonsense.isEmpty, "\(run.world.nonsense)")
        let live = run.world.jobs.filter { $0.endedAt == nil && $0.stopping == nil }
        #expect(live.isEmpty, "still running: \(live.map(\.name))")
        return (end, run)
    }

    private func completed(_ end: Run.End) throws -> JSON {
        guard case .succeeded(let output) = end else { throw JSONataError(description: "\(end)") }
        return output
    }

    private func isInTime(_ end: Run.End) -> Bool {
        if case .succeeded(let output) = end { output["late"] == .bool(false) } else { false }
    }

    private func names(_ run: Run) -> [String] { run.world.calls.map { $0.call.replacing("\(Self.night)-", with: "") } }

    /// Seconds after the start.
    private func finish(_ run: Run) -> Int { run.world.jobs.compactMap(\.endedAt).max() ?? 0 }

    @Test func `a quiet night is one Spot job and no alarm`() throws {
        let (end, run) = try play(.init())
        #expect(names(run) == ["create spot"])
        #expect(run.world.alarms.isEmpty)
        let output = try completed(end)
        #expect(
            output["model"]?.text == "s3://models/\(Self.night)-spot/model.tar.gz" && output["late"] == .bool(false))
        #expect(output["fellBackBecause"] == .text("") && finish(run) < 8 * 3600)
        // SageMaker's own limits come from the deadline.
        #expect(run.world.jobs[0].maxWait == 8 * 3600 - 900 && run.world.jobs[0].maxRun == 8 * 3600 - 900)
    }

    @Test func `without capacity on-demand is bought at the latest safe switch, in time even after its whole wait`()
        throws
    {
        let (end, run) = try play(.init(spot: [], onDemandWaits: [3600]))
        #expect(names(run) == ["create spot", "stop spot", "create ondemand-1"])
        let stopped = run.world.calls[1].at
        #expect((Self.slack - 480...Self.slack).contains(stopped), "left at \(stopped)")
        #expect(run.world.calls[2].at <= Self.slack)
        #expect(isInTime(end) && finish(run) <= 8 * 3600 - 900)
        #expect(run.world.alarms == ["\(Self.night): on-demand"])
    }

    @Test func `an interrupted night resumes on Spot, and on on-demand when Spot does not return`() throws {
        let back = try play(.init(spot: [0..<9000, 10000..<90000]))
        #expect(names(back.run) == ["create spot"] && isInTime(back.end))
        let gone = try play(.init(spot: [0..<9000], onDemandWaits: [3600]))
        #expect(names(gone.run) == ["create spot", "stop spot", "create ondemand-1"])
        // What was kept moves the switch: eleven whole checkpoints, of which one and a start are not relied on.
        #expect(gone.run.world.calls[1].at > Self.slack + 7000 && finish(gone.run) <= 8 * 3600 - 900)
        #expect(gone.run.world.durable.count == 1, "both jobs use the night's one checkpoint prefix")
        #expect(try completed(gone.end)["fellBackBecause"]?.text?.contains("while Spot was Interrupted") == true)
    }

    @Test func `a quota of Spot is not waited for, and one of on-demand ends the night at once`() throws {
        let spot = try play(.init(spotQuota: false))
        #expect(names(spot.run) == ["refused spot", "create ondemand-1"])
        #expect(spot.run.world.calls[1].at < 60 && isInTime(spot.end))
        let both = try play(.init(spotQuota: false, onDemandQuota: false))
        guard case .failed("QuotaRefused", let cause) = both.end else { throw JSONataError(description: "\(both.end)") }
        #expect(
            cause.contains("ml.p4d.24xlarge for training job usage in eu-west-1") && cause.contains("service limit"))
        #expect(both.run.world.alarms == ["\(Self.night): QuotaRefused"] && both.run.world.jobs.isEmpty)
    }

    @Test(arguments: [100, 5000]) func `what a person stopped stays stopped, and is no success`(at: Int) throws {
        let (end, run) = try play(.init(stoppedByHand: at))
        guard case .failed("StoppedByHand", _) = end else { throw JSONataError(description: "\(end)") }
        #expect(names(run) == ["create spot"] && run.world.alarms == ["\(Self.night): StoppedByHand"])
    }

    @Test func `a deadline that on-demand could not keep buys nothing`() throws {
        let (end, run) = try play(.init(), deadline: "2026-11-25T05:28:00Z")
        guard case .failed("DeadlineTooNear", let cause) = end else { throw JSONataError(description: "\(end)") }
        #expect(run.world.calls.isEmpty && cause.contains("2026-11-25T05:28:00.000Z"))
        let near = try play(.init(onDemandWaits: [3600]), deadline: "2026-11-25T05:40:00Z")
        #expect(names(near.run) == ["create ondemand-1"], "too near for Spot, not for on-demand")
        #expect(isInTime(near.end) && finish(near.run) <= 20400 - 900)
    }

    @Test func `throttling is waited out, an unclear creation is found again, and neither makes two jobs`() throws {
        let throttled = try play(.init(throttled: 12))
        #expect(names(throttled.run) == ["create spot"] && isInTime(throttled.end))
        let unclear = try play(.init(throttled: 1, areUnclear: true))
        #expect(names(unclear.run) == ["create spot"] && isInTime(unclear.end))
        let forever = try play(.init(onDemandWaits: [3600], spotIsThrottled: true))
        #expect(names(forever.run) == ["create ondemand-1"] && isInTime(forever.end))
    }

    @Test func `unreachable is not dead, and Spot is still left in time`() throws {
        let quiet = try play(.init(unreachable: 3000..<6000))
        #expect(names(quiet.run) == ["create spot"] && isInTime(quiet.end))
    }

    @Test func `Stopped after MaxWaitTimeInSeconds is no end but a fallback`() throws {
        let (end, run) = try play(.init(spot: [], onDemandWaits: [3600], maxWaitPasses: 4000))
        #expect(names(run) == ["create spot", "create ondemand-1"] && isInTime(end))
        #expect(try completed(end)["fellBackBecause"]?.text?.contains("within MaxWaitTimeInSeconds") == true)
    }

    @Test func `on-demand without capacity is tried again under a new name`() throws {
        let (end, run) = try play(.init(spot: [], onDemandWaits: [nil, nil, 60]))
        #expect(
            names(run) == ["create spot", "stop spot", "create ondemand-1", "create ondemand-2", "create ondemand-3"])
        #expect(try completed(end)["fellBackBecause"]?.text?.contains("CapacityError") == true)
    }

    @Test func `a script that fails is not bought a second machine`() throws {
        let (end, run) = try play(.init(fails: "AlgorithmError: ExecuteUserScriptError"))
        guard case .failed("TrainingFailed", let cause) = end else { throw JSONataError(description: "\(end)") }
        #expect(names(run) == ["create spot"] && cause.contains("ExecuteUserScriptError"))
    }

    @Test func `on-demand that comes late is told, and the model still made`() throws {
        let (end, run) = try play(.init(spot: [], onDemandWaits: [9000]))
        #expect(try completed(end)["late"] == .bool(true))
        #expect(
            run.world.alarms == ["on-demand", "will be late", "finished late"].map { "\(Self.night): \($0)" })
    }

    @Test func `alarms that cannot be sent hold nothing up`() throws {
        let (end, _) = try play(.init(spot: [], onDemandWaits: [600], alarmsFail: true))
        #expect(isInTime(end))
    }

    /// Hostile markets: whenever Spot comes and goes, on-demand within its promised wait keeps the deadline.
    @Test func `no market makes a night late`() throws {
        var seed: UInt64 = 7
        func draw(_ below: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(below))
        }
        for number in 0..<60 {
            var spells: [Range<Int>] = []
            var at = draw(4000)
            while at < 28800 {
                let length = 1 + draw(6000)
                spells.append(at..<at + length)
                at += length + 1 + draw(5000)
            }
            let (end, run) = try play(.init(spot: spells, onDemandWaits: [3600]))
            #expect(isInTime(end), "night \(number), seed 7: \(spells)")
            #expect(finish(run) <= 8 * 3600 - 900, "night \(number)")
            #expect(run.world.jobs.count <= 2)
        }
    }
}
