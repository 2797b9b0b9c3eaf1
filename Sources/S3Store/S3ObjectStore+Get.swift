// SPDX-License-Identifier: Apache-2.0

import AWSClient
package import CheckpointStore
import Digests

extension S3ObjectStore {
    package func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]? {
        try await explained {
            var damage: ObjectDamaged?
            for _ in 1...3 {
                switch try await read(place(key), limit: limit) {
                case .whole(let bytes): return bytes
                case .longer: throw ObjectDamaged(key, why: "it is longer than \(limit) bytes")
                case .absent:
                    // A second word: an object that is taken for absent would be work that is lost.
                    if try await bucket.head(place(key)) == nil { return nil }
                // On its way or where it lies: asking again tells.
                case .otherBytes: damage = ObjectDamaged(key, why: "its bytes are not those that were put")
                case .changed: continue
                }
            }
            throw damage ?? S3StoreError.contradiction(key: place(key))
        }
    }

    private enum Reading {
        case whole([UInt8])
        case absent, longer, otherBytes
        /// Deleted and created again between two parts.
        case changed
    }

    private func read(_ key: String, limit: Int) async throws -> Reading {
        let first = Int64(min(limit + 1, sizes.partBytes))
        guard let start = try await bucket.get(key, range: 0..<max(1, first)) else { return .absent }
        let info = start.info
        guard info.bytes <= Int64(limit) else { return .longer }
        var bytes = start.bytes
        if Int64(bytes.count) < info.bytes {
            guard let rest = try await readRest(key, of: info, from: Int64(bytes.count)) else { return .changed }
            bytes.reserveCapacity(Int(info.bytes))
            for part in rest { bytes += part }
        }
        guard Int64(bytes.count) == info.bytes else { return .otherBytes }
        // One without a digest was put by another program.
        guard let wanted = info.sha256 else { return .whole(bytes) }
        return SHA256.hex(of: bytes) == wanted ? .whole(bytes) : .otherBytes
    }

    /// In parallel, in order; `nil` when it is not the same object any more.
    private func readRest(_ key: String, of info: S3Bucket.ObjectInfo, from start: Int64) async throws -> [[UInt8]]? {
        let starts = Array(stride(from: start, to: info.bytes, by: sizes.partBytes))
        return try await withThrowingTaskGroup(of: (Int, [UInt8]?).self) { group in
            var parts = [[UInt8]](repeating: [], count: starts.count)
            var running = 0
            func take() async throws -> Bool {
                guard let (index, part) = try await group.next() else { return true }
                running -= 1
                guard let part else { return false }
                parts[index] = part
                return true
            }
            for (index, start) in starts.enumerated() {
                if running >= sizes.atOnce, try await !take() { return nil }
                group.addTask {
                    let range = start..<min(start + Int64(sizes.partBytes), info.bytes)
                    do {
                        let part = try await bucket.get(key, range: range, etag: info.etag)
                        return (index, part?.bytes)
                    } catch AWSError.service(_, 412, _, _) {
                        return (index, nil)
                    }
                }
                running += 1
            }
            while running > 0 { if try await !take() { return nil } }
            return parts
        }
    }
}
