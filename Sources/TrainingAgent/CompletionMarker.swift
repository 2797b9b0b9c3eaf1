// SPDX-License-Identifier: Apache-2.0

import Digests
import CheckpointStore
import FoundationEssentials
import Glibc

/// `.complete` inside a checkpoint's directory: the word of the script that all of it is there.
///
/// What it says is not trusted: a marker that breaks one of the contract's rules makes its checkpoint torn.
struct CompletionMarker {
    static let fileName = ".complete"
    private static let byteLimit = 4 << 20

    struct File: Decodable {
        var path: String
        var bytes: Int64
        var sha256: String
    }

    private struct Document: Decodable {
        var format: String
        var version: Int
        var step: Int
        var files: [File]
    }

    let step: Int
    let files: [File]

    /// Throws `TornMarker`. `name` is the directory's name below `parent`.
    init(of name: String, in parent: String) throws {
        let data = try Self.contents(of: parent + "/" + name + "/" + Self.fileName)
        guard let document = try? JSONDecoder().decode(Document.self, from: data) else {  // any reason: it is torn
            throw TornMarker(why: "its marker is not the JSON that it should be")
        }
        guard document.format == "nightshift-checkpoint", document.version == 1 else {
            throw TornMarker(why: "its marker is of format \(document.format) version \(document.version)")
        }
        guard Self.step(inName: name) == document.step else {
            throw TornMarker(why: "its marker is for step \(document.step)")
        }
        guard !document.files.isEmpty else { throw TornMarker(why: "its marker names no files") }
        var last: [UInt8] = []
        for file in document.files {
            guard let path = try? TreePath(file.path), path.text != Self.fileName else {  // refused, for any reason
                throw TornMarker(why: "its marker names the path \(file.path.debugDescription)")
            }
            let bytes = Array(path.text.utf8)
            guard last.lexicographicallyPrecedes(bytes) else {
                throw TornMarker(why: "its marker does not name each file once, in order")
            }
            last = bytes
            guard file.bytes >= 0, Digest(hex: file.sha256) != nil else {
                throw TornMarker(why: "its marker has no size or digest for \(file.path.debugDescription)")
            }
        }
        step = document.step
        files = document.files
    }

    /// The step of `checkpoint-<step>`; `nil` for any other name, another spelling of the number included.
    static func step(inName name: String) -> Int? {
        let digits = name.dropFirst("checkpoint-".count)
        guard name.hasPrefix("checkpoint-"), digits.utf8.allSatisfy({ (48...57).contains($0) }), digits.utf8.count >= 8,
            digits.utf8.count == 8 || digits.first != "0"
        else { return nil }
        return Int(digits)
    }

    /// Training code may put anything in the marker's place at any moment: no link is followed, nothing is waited for.
    private static func contents(of path: String) throws -> Data {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw TornMarker(why: "its marker cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw TornMarker(why: "its marker is not a regular file")
        }
        guard status.st_size <= byteLimit else { throw TornMarker(why: "its marker is longer than \(byteLimit) bytes") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= byteLimit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return Data(bytes) }
            bytes += buffer[..<count]
        }
        throw TornMarker(why: "its marker grew while it was read")
    }
}

/// Why a checkpoint is not whole, as the end of a sentence.
struct TornMarker: Error {
    var why: String
}
