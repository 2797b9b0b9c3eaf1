// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

extension EndToEnd {
    /// Each tripwire in a night of its own: a real agent, a script that misbehaves in just that way, and the words that a
    /// person reads in the morning.
    @Suite(.timeLimit(.minutes(3)))
    struct TripwireNightTests {
        /// Two seconds on the wall, and one and a half more for a start.
        private static let patience = "stalled: {after: 2 h}"

        @Test(arguments: ["hangs", "stops"])
        func `a training process that hangs, or is stopped, is killed and goes on from its newest checkpoint`(
            wrong: String
        ) async throws {
            let night = try WaywardNight(wrong, once: true, tripwires: "{\(Self.patience)}") {
                $0.restartOverhead = "90 min"
            }
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            let alarm = try #require(try night.alarms.first)
            #expect(try night.alarms.count == 1)
            guard case .stalled(let seconds, limitSeconds: 7200) = alarm.sighting else {
                Issue.record("\(alarm)")
                return
            }
            #expect(seconds >= 7200)
            #expect(alarm.units == 3)
            let newest = try #require(try night.commits.last { $0.units == 3 }).generation
            #expect(alarm.action == .restarted(generation: newest))
            #expect(night.starts == 2, "\(result.complaints)")
            #expect(
                result.output.contains(
                    "(limit 2 h) at 3 units: training was started again from checkpoint \(newest)"),
                "\(result.output)")
            #expect(try night.commits.map(\.units).max() == 20)
            #expect(night.project.processes.isEmpty)
            night.delete()
        }

        @Test func `a hang is ended while nobody steers, and told to whoever steers next`() async throws {
            let night = try WaywardNight("hangs", once: true, seconds: 0.1, tripwires: "{\(Self.patience)}") {
                $0.restartOverhead = "90 min"
            }
            let run = try await night.project.run()
            try await eventually("it is about to hang") { night.epoch >= 3 }
            run.signal(SIGKILL)
            #expect(await run.result().wasKilled)
            #expect(night.starts == 1)
            try await eventually("it was started again") { night.starts == 2 }
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            #expect(try night.alarms.map(\.tripwire) == [.stalled])
            #expect(result.output.contains("(limit 2 h) at 3 units"), "\(result.output)")
            night.delete()
        }

        @Test func `an agent that was itself stopped for longer than the limit hears first what happened meanwhile`()
            async throws
        {
            let night = try WaywardNight("nothing", seconds: 0.2, tripwires: "{\(Self.patience)}") {
                $0.restartOverhead = "90 min"
            }
            let run = try await night.project.run()
            try await eventually("it trains") { night.epoch >= 2 }
            let agent = try #require(night.project.processes.first { $0.role == .agent }).pid
            kill(agent, SIGSTOP)
            // Three seconds of the wall.
            try await eventually("training went on") { night.epoch >= 17 }
            kill(agent, SIGCONT)
            #expect(await run.result().code == 0)
            #expect(try night.alarms == [])
            #expect(night.starts == 1)
            night.delete()
        }

        @Test func `one that hangs each time is started three times more, then the previous model is kept`()
            async throws
        {
            let night = try WaywardNight("never begins", tripwires: "{stalled: {after: 90 min}}") {
                $0.restartOverhead = "30 min"
            }
            let result = try await night.project.run().result()
            #expect(result.code == 4, "\(result.complaints)")
            #expect(
                try night.alarms.map(\.action)
                    == Array(repeating: .restarted(generation: nil), count: 3) + [.stopped(restarts: 3)])
            #expect(night.starts == 4)
            #expect(
                result.output.contains("(limit 2 h) at 0 units: the night was stopped after 3 restarts without a new"),
                "\(result.output)")
            #expect(night.project.processes.isEmpty)
            night.delete()
        }

        @Test func `progress without a checkpoint is told, and training goes on`() async throws {
            let night = try WaywardNight("never saves", seconds: 0.4)
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            #expect(try night.alarms.map(\.tripwire) == [.noCheckpoint])
            #expect(try night.alarms.map(\.action) == [.wentOn])
            #expect(result.output.contains("although training made progress at"), "\(result.output)")
            #expect(night.starts == 1)
            night.delete()
        }

        @Test func `a loss that is no number stops the night, and nothing of it was committed`() async throws {
            let night = try WaywardNight("nan", seconds: 0.1)
            let previous = night.project.directory + "/models/tiny-2026-11-23/model"
            try FileManager.default.createDirectory(atPath: previous, withIntermediateDirectories: true)
            let result = try await night.project.run().result()
            #expect(result.code == 4, "\(result.complaints)")
            #expect(
                try night.alarms.map(\.sighting) == [.lossNotFinite(metric: "loss", text: "nan")])
            #expect(try night.commits.map(\.units).max() ?? 0 <= 3)
            #expect(
                result.output.contains("the previous one stays in service: a tripwire stopped it: loss is nan"),
                "\(result.output)")
            #expect(!FileManager.default.fileExists(atPath: night.project.model))
            #expect(FileManager.default.fileExists(atPath: previous))
            #expect(night.project.processes.isEmpty)
            // The same command tells it again.
            #expect(try await night.project.run().result().code == 4)
            night.delete()
        }

        @Test func `an exploding loss goes back to the newest checkpoint when the job wants it`() async throws {
            let night = try WaywardNight("explodes", once: true, tripwires: "{badLoss: {then: restart}}")
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            let alarm = try #require(try night.alarms.first)
            guard case .lossExploding(metric: "loss", let loss, let smallest) = alarm.sighting else {
                Issue.record("\(alarm)")
                return
            }
            #expect(loss >= 6000 && smallest <= 0.5)
            guard case .restarted(_?) = alarm.action else { Issue.record("\(alarm)"); return }
            #expect(night.starts == 2, "\(result.complaints)")
            #expect(result.output.contains("loss explodes from "), "\(result.output)")
            night.delete()
        }

        @Test func `a loss that is higher after a resume than before is told`() async throws {
            let night = try WaywardNight("jumps", seconds: 0.1) { WaywardNight.interrupt(&$0) }
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            let alarm = try #require(try night.alarms.first)
            #expect(try night.alarms.count == 1)
            guard case .lossJump(metric: "loss", let before, let after) = alarm.sighting else {
                Issue.record("\(alarm)")
                return
            }
            // The loss of an epoch is one by its number, and three times that after the resume.
            let restored = try #require(
                try night.project.events.lazy.compactMap {
                    if case .trainingStarted(_, let start) = $0.kind, start.generation != nil { start } else { nil }
                }.first)
            #expect(abs(before - 1 / restored.units) < 0.001)
            #expect(abs(after - 3 / (restored.units + 1)) < 0.001)
            #expect(alarm.action == .wentOn)
            #expect(result.output.contains("after a resume"), "\(result.output)")
            night.delete()
        }

        @Test func `a resume whose loss goes on where it was is no jump`() async throws {
            let night = try WaywardNight("nothing", seconds: 0.1) { WaywardNight.interrupt(&$0) }
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            #expect(try night.alarms == [])
            #expect(night.starts == 2, "\(result.complaints)")
            night.delete()
        }

        @Test func `a script that starts again silently stops the night`() async throws {
            let night = try WaywardNight("starts over", seconds: 0.1) { WaywardNight.interrupt(&$0) }
            let result = try await night.project.run().result()
            #expect(result.code == 4, "\(result.complaints)")
            let alarm = try #require(try night.alarms.first)
            guard case .startedOver(_, let restored, toldUnits: 1) = alarm.sighting else {
                Issue.record("\(alarm)")
                return
            }
            #expect(restored > 1)
            #expect(result.output.contains("units was restored, but the script began again at 1"), "\(result.output)")
            night.delete()
        }

        @Test func `a disk that fills is told before it is full`() async throws {
            let small = try SmallDisk()
            // Without a file system of 16 MB, a bound that any disk is below.
            let below = small.isMounted ? "12 MB" : "900000 TB"
            let night = try WaywardNight(
                "nothing", seconds: 0.1, tripwires: "{diskFilling: {below: \(below)}}", checkpointBytes: 2_500_000
            ) { $0.checkpointUri = small.path + "/checkpoints" }
            let result = try await night.project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            let alarm = try #require(try night.alarms.first)
            guard case .diskFilling(let path, let free, let limit) = alarm.sighting else {
                Issue.record("\(alarm)")
                return
            }
            #expect(free < limit)
            if small.isMounted { #expect(path == small.path + "/checkpoints" && limit == 12_000_000) }
            #expect(alarm.action == .wentOn)
            #expect(try night.alarms.count == 1)
            #expect(result.output.contains(" free at "), "\(result.output)")
            night.delete()
        }

        @Test(arguments: [true, false])
        func `training that leaves no model keeps the previous one, or is started again`(isStopped: Bool) async throws {
            let night = try WaywardNight(
                "no model", once: true, tripwires: isStopped ? nil : "{noModel: {then: restart}}")
            let result = try await night.project.run().result()
            #expect(result.code == (isStopped ? 4 : 0), "\(result.complaints)")
            #expect(try night.alarms.map(\.tripwire) == [.noModel])
            #expect(result.output.contains("wrote nothing to SM_MODEL_DIR"), "\(result.output)")
            #expect(FileManager.default.fileExists(atPath: night.project.model) == !isStopped)
            #expect(night.starts == (isStopped ? 1 : 2))
            night.delete()
        }

        @Test(arguments: [true, false])
        func `checkpoints that are gone end the night, or are trained again from zero, loudly`(isStopped: Bool)
            async throws
        {
            let night = try WaywardNight(
                "nothing", seconds: 0.1, tripwires: isStopped ? nil : "{nothingToResume: {then: goOn}}"
            ) { WaywardNight.interrupt(&$0) }
            let run = try await night.project.run()
            // Its journal is there by then, and not made by both at once.
            try await eventually("it trains") { night.epoch >= 1 }
            try await eventually("the first machine has gone") {
                try night.project.events.contains { if case .launchEnded = $0.kind { true } else { false } }
            }
            try FileManager.default.removeItem(atPath: night.project.directory + "/checkpoints")
            let result = await run.result()
            #expect(result.code == (isStopped ? 5 : 0), "\(result.complaints)")
            let alarm = try #require(try night.alarms.first)
            #expect(try night.alarms.count == 1)
            #expect(alarm.tripwire == .nothingToResume)
            #expect(alarm.action == (isStopped ? .stopped(restarts: 0) : .restarted(generation: nil)))
            #expect(result.output.contains("was to be restored, but there is none"), "\(result.output)")
            #expect(night.starts == (isStopped ? 1 : 2))
            night.delete()
        }
    }
}
