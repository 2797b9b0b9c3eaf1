// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightshiftTesting
import Testing
import TrainingJobs

@testable import PublishedModels

@Suite struct RollbackTests {
    @Test func `a rollback goes to what was replaced, and a second one further`() async throws {
        try await TestShelf.with { test in
            for night in ["a", "b", "c"] { _ = try await test.publish(try test.model(night)) }
            let first = try test.shelf.rollBack(to: nil, at: test.now)
            #expect(first.from == "c" && first.to == "b")
            #expect(try test.shelf.record(of: "c")?.decision == .keptBack(.rolledBack))
            let second = try test.shelf.rollBack(to: nil, at: test.now)
            #expect(second.from == "b" && second.to == "a")
            #expect(throws: ShelfError.nothingReplaced(night: "a")) { try test.shelf.rollBack(to: nil, at: test.now) }
            let third = try test.shelf.rollBack(to: "c", at: test.now)
            #expect(third.from == "a" && third.to == "c")
            #expect(try test.shelf.record(of: "c")?.replaces == "b")
            #expect(throws: ShelfError.inServiceAlready(night: "c")) {
                try test.shelf.rollBack(to: "c", at: test.now)
            }
        }
    }

    @Test func `what is gone, damaged, or was never in service is refused, and nothing changes`() async throws {
        try await TestShelf.with(TestShelf.gate(MetricGate(name: "loss", bound: .atMost(1), percentWorse: nil))) {
            test in
            _ = try await test.publish(try test.model("a", metrics: [("loss", 0.5)]))
            _ = try await test.publish(try test.model("b", metrics: [("loss", 0.5)]))
            _ = try await test.publish(try test.model("c", metrics: [("loss", 1.5)]))
            #expect(throws: ShelfError.neverInService(night: "c")) { try test.shelf.rollBack(to: "c", at: test.now) }
            #expect(throws: ShelfError.self) { try test.shelf.rollBack(to: "x", at: test.now) }
            try test.write("other", to: "models/a/model/weights.bin")
            #expect(throws: ShelfError.self) { try test.shelf.rollBack(to: nil, at: test.now) }
            try FileManager.default.removeItem(atPath: test.directory + "/models/a/model")
            #expect(throws: ShelfError.self) { try test.shelf.rollBack(to: nil, at: test.now) }
            #expect(try test.shelf.inService() == "b")
            #expect(try test.shelf.record(of: "b")?.decision == .published(at: test.now, byPerson: false))
        }
    }

    @Test func `a night that asks again after the next one was published does not come back`() async throws {
        try await TestShelf.with { test in
            let order = try test.model("a")
            let answer = try await test.publish(order)
            _ = try await test.publish(try test.model("b"))
            let again = try await test.publish(order)
            #expect(again == answer)
            #expect(try test.shelf.inService() == "b")
        }
    }

    @Test func `a night that asks again after many others does not come back, also when one of them is gone`()
        async throws
    {
        try await TestShelf.with { test in
            let order = try test.model("a")
            let answer = try await test.publish(order)
            for night in ["b", "c", "d", "e"] { _ = try await test.publish(try test.model(night)) }
            #expect(try await test.publish(order) == answer)
            #expect(try test.shelf.inService() == "e")
            try FileManager.default.removeItem(atPath: test.shelf.directory(of: "c"))
            #expect(try await test.publish(order) == answer)
            #expect(try test.shelf.inService() == "e")
        }
    }

    @Test func `a rollback past several models keeps each of them from coming back`() async throws {
        try await TestShelf.with { test in
            let orders = try ["a", "b", "c"].map { try test.model($0) }
            for order in orders { _ = try await test.publish(order) }
            _ = try test.shelf.rollBack(to: "a", at: test.now)
            for order in orders.dropFirst() {
                #expect(try await test.publish(order) == .keptBack(.rolledBack, inService: "a"))
            }
            #expect(try test.shelf.inService() == "a")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `models that replaced one another in a circle are all known as replaced`()
        async throws
    {
        try await TestShelf.with { test in
            let orders = try ["a", "b", "c"].map { try test.model($0) }
            for order in orders { _ = try await test.publish(order) }
            _ = try test.shelf.publish("a", packing: false, at: test.now)
            for order in orders { _ = try await test.publish(order) }
            #expect(try test.shelf.inService() == "a")
            // Published, but killed before its pointer was moved: not in the circle, so it still goes in.
            let late = try test.model("d")
            _ = try await test.publish(late)
            try FileManager.default.removeItem(atPath: test.latest)
            try FileManager.default.createSymbolicLink(atPath: test.latest, withDestinationPath: "a/model")
            #expect(try await test.publish(late) == .published(at: test.now, replaces: "a"))
            #expect(try test.shelf.inService() == "d")
        }
    }

    @Test func `a night that asks again after a person's rollback does not undo it`() async throws {
        try await TestShelf.with { test in
            _ = try await test.publish(try test.model("a"))
            let order = try test.model("b")
            _ = try await test.publish(order)
            _ = try test.shelf.rollBack(to: nil, at: test.now)
            #expect(try await test.publish(order) == .keptBack(.rolledBack, inService: "a"))
            #expect(try test.shelf.inService() == "a")
        }
    }
}
