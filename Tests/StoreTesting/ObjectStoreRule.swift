// SPDX-License-Identifier: Apache-2.0

package import CheckpointStore

/// The law of `ObjectStore`, for every body of it: one is finished when no rule has a complaint.
package enum ObjectStoreRule: String, CaseIterable, Sendable {
    case readsWhatWasPut = "what was put is read back"
    case neverReplaces = "an object is never replaced"
    case absenceIsFine = "what is not there is nil, nothing and fine"
    case limitHolds = "an object over the limit is damaged, one at the limit is not"
    case listsBelowThePrefix = "a listing has the keys below the prefix in byte order"
    case deletedIsFree = "a deleted key is free again"
    case oneCreatorWins = "of many creators at once exactly one wins, and its bytes stay"

    /// What is wrong with an empty store, in words; nothing when it keeps the rule.
    package func complaints(about store: any ObjectStore) async throws -> [String] {
        var found: [String] = []
        func hold(_ isSo: Bool, _ complaint: @autoclosure () -> String) { if !isSo { found.append(complaint()) } }
        func key(_ text: String) -> ObjectKey {
            guard let key = ObjectKey(text) else { preconditionFailure("\(text) is no key") }
            return key
        }
        let a = key("x/y/a.json"), folder = key("x/y")
        switch self {
        case .readsWhatWasPut:
            for (name, bytes) in [(a, []), (key("x/y/z/b"), Self.bytes(100_000))] {
                hold(try await store.putIfAbsent(name, bytes) == .created, "\(name) was not created")
                hold(try await store.get(name, limit: 100_000) == bytes, "\(name) reads otherwise")
            }
        case .neverReplaces:
            hold(try await store.putIfAbsent(a, [1]) == .created, "not created")
            hold(try await store.putIfAbsent(a, [2, 2]) == .exists, "created twice")
            hold(try await store.get(a, limit: 10) == [1], "replaced")
        case .absenceIsFine:
            hold(try await store.get(a, limit: 10) == nil, "something is there")
            hold(try await store.list(folder).isEmpty, "something is listed")
            try await store.delete(a)
            try await store.removeLeftovers(folder)
        case .limitHolds:
            _ = try await store.putIfAbsent(a, [1, 2, 3])
            hold(try await store.get(a, limit: 3) == [1, 2, 3], "not read at the limit")
            do {
                _ = try await store.get(a, limit: 2)
                found.append("read over the limit")
            } catch is ObjectDamaged {}
        case .listsBelowThePrefix:
            let keys = ["x/y/b", "x/y/a/1", "x/y/a.1", "x/y/B", "x/y/a-1"].map(key)
            for key in keys { _ = try await store.putIfAbsent(key, [0, 0]) }
            for other in ["x/yy", "x/z", "q"].map(key) { _ = try await store.putIfAbsent(other, []) }
            let listed = try await store.list(folder)
            hold(listed == keys.sorted().map { ListedObject(key: $0, bytes: 2) }, "listed: \(listed)")
        case .deletedIsFree:
            _ = try await store.putIfAbsent(a, [1])
            try await store.delete(a)
            try await store.delete(a)
            hold(try await store.get(a, limit: 10) == nil, "still there")
            hold(try await store.putIfAbsent(a, [2]) == .created, "not free")
        case .oneCreatorWins:
            for round in 0..<20 {
                let key = key("x/y/race-\(round)")
                let winners = try await withThrowingTaskGroup(of: (UInt8, PutOutcome).self) { group in
                    for writer in UInt8(0)..<8 {
                        group.addTask { (writer, try await store.putIfAbsent(key, [writer])) }
                    }
                    return try await group.reduce(into: [UInt8]()) { if $1.1 == .created { $0.append($1.0) } }
                }
                hold(winners.count == 1, "round \(round): \(winners.count) winners")
                hold(try await store.get(key, limit: 10) == winners, "round \(round): another's bytes")
            }
        }
        return found
    }

    /// The same bytes for the same number and seed.
    package static func bytes(_ count: Int, seed: UInt64 = 42) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }
}
