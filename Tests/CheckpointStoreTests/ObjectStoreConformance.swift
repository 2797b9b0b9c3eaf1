// SPDX-License-Identifier: Apache-2.0
import StoreTesting
import Testing

@testable import CheckpointStore

/// The bodies of `ObjectStore` that live in this room.
enum StoreBody: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, directory

    var testDescription: String { rawValue }

    /// An empty store; the directory must outlive it.
    func make(in directory: TemporaryDirectory) throws -> any ObjectStore {
        switch self {
        case .memory: MemoryObjectStore()
        case .directory: try DirectoryObjectStore(root: directory("objects"))
        }
    }
}

@Suite struct ObjectStoreConformance {
    @Test(arguments: StoreBody.allCases, ObjectStoreRule.allCases)
    func `a store keeps every rule of stores`(body: StoreBody, rule: ObjectStoreRule) async throws {
        let directory = try TemporaryDirectory()
        let complaints = try await rule.complaints(about: try body.make(in: directory))
        #expect(complaints.isEmpty, "\(body): \(rule.rawValue)")
    }
}
