// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

import CheckpointStore
import FoundationEssentials
import Glibc

/// The models below one output path, and the pointer to the one that is in service (`docs/model-files.md`).
///
/// Everything here blocks its thread. Whatever it is killed at, the pointer leads to a whole model or to none that was
/// there before.
package struct ModelShelf: Sendable {
    package let outputPath: String

    package init(outputPath: String) { self.outputPath = outputPath }

    package var pointerPath: String { outputPath + "/latest" }
    var lockPath: String { outputPath + "/.latest.lock" }
    package func directory(of night: String) -> String { outputPath + "/" + night }
    package func modelPath(of night: String) -> String { directory(of: night) + "/model" }
    package func recordPath(of night: String) -> String { directory(of: night) + "/model.json" }
    package func packPath(of night: String) -> String { directory(of: night) + "/model.tar.gz" }

    /// The night that `latest` leads to; `nil` when there is no such link. Anything else of that name is an error.
    package func inService() throws -> String? {
        func foreign(_ what: String) -> ShelfError { .foreignPointer(path: pointerPath, what: what) }
        switch try ShelfFiles.entry(pointerPath) {
        case .none: return nil
        case .directory: throw foreign("a directory")
        case .file: throw foreign("a file")
        case .other: throw foreign("a special file")
        case .link(let destination):
            let parts = destination.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, parts[1] == "model", Self.isNight(parts[0]) else {
                throw foreign("a link to \(destination.debugDescription)")
            }
            return parts[0]
        }
    }

    /// Nights with a record, newest model first, and what is wrong with records that cannot be read.
    package func records() throws -> (records: [ModelRecord], unreadable: [ShelfError]) {
        // No directory: no model yet.
        guard FileManager.default.fileExists(atPath: outputPath) else { return ([], []) }
        var (records, unreadable): ([ModelRecord], [ShelfError]) = ([], [])
        for name in try FileManager.default.contentsOfDirectory(atPath: outputPath).sorted() where Self.isNight(name) {
            do {
                if let record = try record(of: name) { records.append(record) }
            } catch let error as ShelfError {
                unreadable.append(error)
            }
        }
        return (records.sorted { ($0.readyAt, $0.night) > ($1.readyAt, $1.night) }, unreadable)
    }

    /// `nil` when the night has none.
    package func record(of night: String) throws -> ModelRecord? {
        guard Self.isNight(night) else { throw ShelfError.badNight(night) }
        let path = recordPath(of: night)
        guard try ShelfFiles.entry(directory(of: night)) == .directory, try ShelfFiles.entry(path) != .none else {
            return nil
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ShelfError.io(what: "read", path: path, code: errno)
        }
        struct Head: Decodable {
            var format: String
            var version: Int
        }
        do {
            let head = try JSONDecoder().decode(Head.self, from: data)
            guard head.format == ModelRecord.format else {
                throw ShelfError.badRecord(path: path, why: "its format is \(head.format.debugDescription)")
            }
            guard head.version == ModelRecord.version else {
                throw ShelfError.newerRecord(path: path, version: head.version)
            }
            let record = try JSONDecoder().decode(ModelRecord.self, from: data)
            guard record.night == night else {
                throw ShelfError.badRecord(path: path, why: "it is about \(record.night.debugDescription)")
            }
            return record
        } catch let error as DecodingError {
            throw ShelfError.badRecord(path: path, why: "\(error)")
        }
    }

    /// Reads every byte of a night's model; throws when it is not the one that the record is about.
    package func verify(_ record: ModelRecord) throws {
        let digest = try contents(of: record.night).digest
        guard digest == record.model.digest else {
            throw ShelfError.damaged(
                night: record.night, why: "its bytes give \(digest.prefix(16))…, not \(record.model.digest.prefix(16))…"
            )
        }
        guard let pack = record.pack else { return }
        let packed = try Self.pack(at: packPath(of: record.night))
        guard packed == pack else {
            throw ShelfError.damaged(night: record.night, why: "model.tar.gz is not the one that was made of it")
        }
    }

    /// Digest, size and number of files. No link on the way: what is put into service lies below the output path.
    func contents(of night: String) throws -> TreeDigest.Measure {
        guard Self.isNight(night) else { throw ShelfError.badNight(night) }
        let path = modelPath(of: night)
        guard try ShelfFiles.entry(directory(of: night)) == .directory, try ShelfFiles.entry(path) == .directory else {
            throw ShelfError.noModel(night: night, path: path)
        }
        do {
            return try TreeDigest.measure(directory: path, leavingOut: [])
        } catch let error as PathRefused {
            throw ShelfError.damaged(night: night, why: error.description)
        }
    }

    static func pack(at path: String) throws -> ModelRecord.Pack {
        let measured = try TreeDigest.measure(file: path)
        return ModelRecord.Pack(bytes: measured.bytes, sha256: measured.digest)
    }

    func write(_ record: ModelRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try ShelfFiles.write(Array(try encoder.encode(record)) + [UInt8(ascii: "\n")], to: recordPath(of: record.night))
    }

    /// A job's name, a date and perhaps a number: never a way out of the output path, never `latest`.
    static func isNight(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 128, name != "latest" else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        return isAlphanumeric(first)
            && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}
