// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightshiftTesting
import Testing
import TrainingJobs

@testable import PublishedModels

@Suite struct PublishTests {
    @Test func `a whole model in time is in service, recorded, and the same answer comes again`() async throws {
        try await TestShelf.with { test in
            let first = try test.model("job-2026-11-23", "old", metrics: [("loss", 0.5)])
            #expect(try await test.publish(first) == .published(at: test.now, replaces: nil))
            let second = try test.model(
                "job-2026-11-24", "new", metrics: [("loss", 0.4), ("loss", 0.3), ("epoch", 20)])
            let answer = PublicationAnswer.published(at: test.now, replaces: "job-2026-11-23")
            #expect(try await test.publish(second) == answer)
            let later = test.now
            test.now += .hours(9)
            #expect(try await test.publish(second) == answer)
            #expect(test.text("models/latest/weights.bin") == "new")
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: test.latest) == "job-2026-11-24/model",
                "the link is relative, so the output path may be moved")
            let record = try #require(try test.shelf.record(of: "job-2026-11-24"))
            #expect(record.decision == .published(at: later, byPerson: false))
            #expect(record.replaces == "job-2026-11-23")
            #expect(record.model == .init(digest: second.model.digest, bytes: 5, files: 2))
            #expect(record.metrics.map(\.name) == ["epoch", "loss"])
            #expect(record.value(of: "loss") == 0.3)
            #expect(record.lineage == second.lineage)
            #expect(record.sourceDigest?.count == 64)
            #expect(test.leftAside == [])
            try test.shelf.verify(record)
            #expect(try test.shelf.records().records.map(\.night) == ["job-2026-11-24", "job-2026-11-23"])
            try test.write("{\"format\":\"nightshift-model\",\"version\":2}", to: "models/job-2026-11-23/model.json")
            let (records, unreadable) = try test.shelf.records()
            #expect(records.map(\.night) == ["job-2026-11-24"])
            let path = test.shelf.recordPath(of: "job-2026-11-23")
            #expect(unreadable == [.newerRecord(path: path, version: 2)])
        }
    }

    @Test func `a model that comes after the deadline is kept back unless the job says otherwise`() async throws {
        for whenLate in [PublishSettings.WhenLate.keepPrevious, .publish] {
            try await TestShelf.with(PublishSettings(pack: false, whenLate: whenLate, gate: nil)) { test in
                _ = try await test.publish(try test.model("a"))
                test.now = Fixtures.start + .hours(8) + .milliseconds(1)
                let answer = try await test.publish(try test.model("b"))
                switch whenLate {
                case .publish: #expect(answer == .published(at: test.now, replaces: "a"))
                case .keepPrevious:
                    #expect(answer == .keptBack(.late, inService: "a"))
                    // Not lost: a person may think otherwise.
                    #expect(
                        try test.shelf.publish("b", packing: false, at: test.now)
                            == .published(at: test.now, replaces: "a"))
                }
                #expect(try test.shelf.inService() == "b")
            }
        }
    }

    @Test func `bytes that are not the model's that was reported are never put into service`() async throws {
        try await TestShelf.with { test in
            _ = try await test.publish(try test.model("a"))
            let order = try test.model("b")
            try test.write("other", to: "models/b/model/weights.bin")
            #expect(try await test.publish(order).failedBeside == .some("a"), "at once: no other try would help")
            #expect(try test.shelf.inService() == "a")
            try test.write("weights", to: "models/b/model/weights.bin")
            #expect(try await test.publish(order) == .published(at: test.now, replaces: "a"))
        }
    }

    @Test(arguments: ["directory", "file", "link elsewhere", "link up", "absolute link"])
    func `a latest that was not made here is refused and left alone`(kind: String) async throws {
        try await TestShelf.with { test in
            let order = try test.model("a")
            let files = FileManager.default
            switch kind {
            case "directory": try files.createDirectory(atPath: test.latest, withIntermediateDirectories: true)
            case "file": try test.write("mine", to: "models/latest")
            case "link elsewhere": try files.createSymbolicLink(atPath: test.latest, withDestinationPath: "a/other")
            case "link up": try files.createSymbolicLink(atPath: test.latest, withDestinationPath: "../model")
            default: try files.createSymbolicLink(atPath: test.latest, withDestinationPath: "/a/model")
            }
            let before = try files.attributesOfItem(atPath: test.latest)[.systemFileNumber] as? Int
            #expect(try await test.publish(order).failedBeside == .some(nil))
            #expect(try await test.publisher().withdraw(order).failedBeside == .some(nil))
            #expect(try files.attributesOfItem(atPath: test.latest)[.systemFileNumber] as? Int == before)
        }
    }

    @Test func `what may pass is no answer: the same order is asked for again`() async throws {
        try await TestShelf.with { test in
            let order = try test.model("a")
            // A lock that cannot be opened, as on a full disk.
            try FileManager.default.createDirectory(atPath: test.shelf.lockPath, withIntermediateDirectories: true)
            await #expect(throws: ShelfError.self) { try await test.publish(order) }
            try FileManager.default.removeItem(atPath: test.shelf.lockPath)
            #expect(try await test.publish(order) == .published(at: test.now, replaces: nil))
        }
    }

    @Test(arguments: ["..", ".", "a/b", "latest", "", "-a", "ä", ".a"])
    func `a name that is no night's leads nowhere`(name: String) async throws {
        try await TestShelf.with { test in
            let shelf = test.shelf
            #expect(throws: ShelfError.badNight(name)) { try shelf.record(of: name) }
        }
    }

    @Test func `a night's directory or model that is a link is no model`() async throws {
        try await TestShelf.with { test in
            let order = try test.model("a")
            let files = FileManager.default
            for part in ["models/a", "models/a/model"] {
                let path = test.directory + "/" + part
                try files.moveItem(atPath: path, toPath: test.directory + "/elsewhere")
                try files.createSymbolicLink(atPath: path, withDestinationPath: test.directory + "/elsewhere")
                #expect(try await test.publish(order).failedBeside == .some(nil))
                try files.removeItem(atPath: path)
                try files.moveItem(atPath: test.directory + "/elsewhere", toPath: path)
            }
            #expect(try test.shelf.inService() == nil)
        }
    }

    @Test func `values that look like secrets are not in the record`() async throws {
        try await TestShelf.with { test in
            test.job.hyperparameters = [
                Hyperparameter(name: "api_key", json: "\"hunter2\""), Hyperparameter(name: "epochs", json: "20"),
            ]
            test.job.environment = ["PASSWORD": "hunter2"]
            _ = try await test.publish(try test.model("a"))
            let text = try #require(test.text("models/a/model.json"))
            #expect(!text.contains("hunter2"))
            #expect(text.contains("api_key"))
        }
    }

    @Test func `the archive has the model's files at its root, and the same bytes each time`() async throws {
        var archives: [Data] = []
        for _ in 1...2 {
            try await TestShelf.with(PublishSettings(pack: true, whenLate: .keepPrevious, gate: nil)) { test in
                let order = try test.model("a")
                try test.write("odd", to: "models/a/model/-x file")
                let whole = try test.model("a")
                #expect(whole.model.digest != order.model.digest)
                _ = try await test.publish(whole)
                let path = test.shelf.packPath(of: "a")
                archives.append(try #require(FileManager.default.contents(atPath: path)))
                let out = test.directory + "/out"
                try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
                let tar = try Process.run(
                    URL(filePath: "/bin/tar"), arguments: ["xzf", path, "-C", out], terminationHandler: nil)
                tar.waitUntilExit()
                #expect(test.text("out/weights.bin") == "weights")
                #expect(test.text("out/more/config.json") == "{}")
                #expect(test.text("out/-x file") == "odd")
                #expect(test.leftAside == [])
                let record = try #require(try test.shelf.record(of: "a"))
                #expect(record.pack?.bytes == Int64(archives.last?.count ?? 0))
                try test.write("other", to: "models/a/model.tar.gz")
                #expect(throws: ShelfError.self) { try test.shelf.verify(record) }
            }
        }
        #expect(archives.count == 2 && archives[0] == archives[1])
    }

    @Test func `a model of more names than a command line holds is packed`() async throws {
        try await TestShelf.with(PublishSettings(pack: true, whenLate: .keepPrevious, gate: nil)) { test in
            _ = try test.model("a")
            let tail = String(repeating: "x", count: 200)
            for number in 0..<12_000 {
                let path = "\(test.directory)/models/a/model/\(number)-\(tail)"
                #expect(FileManager.default.createFile(atPath: path, contents: nil))
            }
            #expect(try await test.publish(try test.model("a")) == .published(at: test.now, replaces: nil))
            #expect(try test.shelf.record(of: "a")?.pack != nil)
            #expect(test.leftAside == [])
        }
    }

    @Test func `two publishers at once leave one of the two in service, and both whole`() async throws {
        try await TestShelf.with { test in
            let orders = try (0..<8).map { try test.model("n\($0)", "weights \($0)") }
            let copy = test
            let answers = try await withThrowingTaskGroup(of: PublicationAnswer.self) { group in
                for order in orders { group.addTask { try await copy.publish(order) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // Each replaced another one: the chain has no fork.
            let replaced = answers.map { answer -> String? in
                if case .published(_, let replaces) = answer { replaces } else { "not published" }
            }
            #expect(Set(replaced).count == orders.count, "\(replaced)")
            let last = try #require(try test.shelf.inService())
            #expect(!replaced.contains(last))
            #expect(test.leftAside == [])
        }
    }
}

extension PublicationAnswer {
    /// What was in service when the publication failed; `nil` when it did not fail.
    fileprivate var failedBeside: String?? {
        if case .failed(_, let inService) = self { .some(inService) } else { nil }
    }
}
