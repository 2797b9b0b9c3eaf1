// SPDX-License-Identifier: Apache-2.0
import Digests
import FoundationEssentials

/// The bytes of a record: one line of JSON, then one line `sha256:<digest of the JSON>`.
extension LogRecord {
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = [UInt8](try encoder.encode(Body(self)))
        return body + Array("\nsha256:\(SHA256.hex(of: body))\n".utf8)
    }

    /// Believes nothing: the digest is checked before the JSON is parsed, then place, lineage and every promise in it.
    init(bytes: [UInt8], lineage: String, sequence: Int) throws(RecordUnreadable) {
        let trailerBytes = 1 + 7 + 64 + 1
        guard bytes.count > trailerBytes else { throw .damaged("it has only \(bytes.count) bytes") }
        let body = Array(bytes.dropLast(trailerBytes))
        guard bytes.suffix(trailerBytes).elementsEqual("\nsha256:\(SHA256.hex(of: body))\n".utf8) else {
            throw .damaged("its bytes do not match its digest")
        }
        let decoder = JSONDecoder()
        do {
            let header = try decoder.decode(Header.self, from: Data(body))
            guard header.format == StoreLayout.format else {
                throw RecordUnreadable.damaged("it is no checkpoint record")
            }
            guard header.version == StoreLayout.version else { throw RecordUnreadable.newer(version: header.version) }
            self = try decoder.decode(Body.self, from: Data(body)).record
        } catch let unreadable as RecordUnreadable {
            throw unreadable
        } catch {
            throw .damaged("it does not follow the format: \(error)")
        }
        guard self.lineage == lineage else { throw .damaged("it belongs to the lineage \(self.lineage)") }
        guard self.sequence == sequence else { throw .damaged("it is record \(self.sequence) under another's name") }
        guard epoch >= 0 else { throw .damaged("epoch \(epoch)") }
        if case .prune(let floor) = entry, !(1...sequence).contains(floor) { throw .damaged("floor \(floor)") }
        if let flaw = generation?.flaw { throw .damaged(flaw) }
    }

    private struct Header: Decodable {
        var format: String
        var version: Int
    }

    private struct Body: Codable {
        var format: String
        var version: Int
        var lineage: String
        var sequence: Int
        var previous: Digest?
        var epoch: Int
        var committedAt: Int64
        var kind: String
        var number: Int?
        var progress: Double?
        var label: String?
        var pieceBytes: Int?
        var files: [StoredFile]?
        var floor: Int?

        init(_ record: LogRecord) {
            format = StoreLayout.format
            version = StoreLayout.version
            lineage = record.lineage
            sequence = record.sequence
            previous = record.previous
            epoch = record.epoch
            committedAt = record.committedAt
            switch record.entry {
            case .claim:
                kind = "claim"
            case .generation(let generation):
                kind = "generation"
                number = generation.number
                progress = generation.progress
                label = generation.label
                pieceBytes = generation.pieceBytes
                files = generation.files
            case .prune(let floor):
                kind = "prune"
                self.floor = floor
            }
        }

        var record: LogRecord {
            get throws {
                let entry: Entry
                switch kind {
                case "claim":
                    entry = .claim
                case "generation":
                    guard let number, let progress, let pieceBytes, let files else {
                        throw RecordUnreadable.damaged("its generation is incomplete")
                    }
                    entry = .generation(
                        Generation(
                            sequence: sequence, number: number, epoch: epoch, committedAt: committedAt,
                            progress: progress, label: label, pieceBytes: pieceBytes, files: files))
                case "prune":
                    guard let floor else { throw RecordUnreadable.damaged("its floor is missing") }
                    entry = .prune(floor: floor)
                default:
                    throw RecordUnreadable.damaged("the kind \(kind.debugDescription) is not known")
                }
                return LogRecord(
                    lineage: lineage, sequence: sequence, previous: previous, epoch: epoch, committedAt: committedAt,
                    entry: entry)
            }
        }
    }
}

/// Why a record cannot be used.
enum RecordUnreadable: Error, Hashable, CustomStringConvertible {
    case damaged(String)
    /// Whole, but of a later version of the format: an older program must stop, not fall back to an older generation.
    case newer(version: Int)

    var description: String {
        switch self {
        case .damaged(let why): why
        case .newer(let version): "it is of version \(version) of the format, this program knows \(StoreLayout.version)"
        }
    }
}
