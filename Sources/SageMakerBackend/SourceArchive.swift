// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `sourcedir.tar.gz` of a source directory, its files at the root, as SageMaker's containers unpack it.
///
/// The same files give the same bytes on every machine: order, owner, modes and times are fixed. It is not compressed:
/// source is small.
enum SourceArchive {
    struct CannotPack: Error, CustomStringConvertible {
        var path: String
        var why: String
        var description: String { "\(path): \(why)" }
    }

    /// More is no source: it would be uploaded before each night, and held in memory here.
    private static let limit = 256 << 20

    static func bytes(of directory: String) throws -> [UInt8] {
        guard let names = FileManager.default.enumerator(atPath: directory) else {
            throw CannotPack(path: directory, why: "is no directory that can be read")
        }
        var tar: [UInt8] = []
        for case let name as String in names.allObjects.sorted(by: { "\($0)" < "\($1)" }) {
            let path = "\(directory)/\(name)"
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
                continue
            }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CannotPack(path: path, why: "cannot be read")
            }
            guard tar.count + data.count <= limit else {
                throw CannotPack(path: directory, why: "is larger than 256 MiB, which is no source")
            }
            let isProgram = FileManager.default.isExecutableFile(atPath: path)
            tar += try header(name, size: data.count, mode: isProgram ? "0000755" : "0000644", path: path)
            tar += data
            tar += [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
        }
        return gzip(tar + [UInt8](repeating: 0, count: 1024))
    }

    /// POSIX `ustar`: names of up to 255 bytes.
    private static func header(_ name: String, size: Int, mode: String, path: String) throws -> [UInt8] {
        var prefix = ""
        var rest = name
        if name.utf8.count > 100 {
            // The cut nearest to the end that leaves both parts short enough.
            let cuts = name.indices.filter { name[$0] == "/" && name[..<$0].utf8.count <= 155 }
            guard let cut = cuts.last, name[name.index(after: cut)...].utf8.count <= 100 else {
                throw CannotPack(path: path, why: "the name is too long for an archive")
            }
            prefix = String(name[..<cut])
            rest = String(name[name.index(after: cut)...])
        }
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        let octal = String(size, radix: 8)
        put(rest, at: 0)
        put(mode, at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(String(repeating: "0", count: 11 - octal.count) + octal, at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(prefix, at: 345)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum, at: 148)
        block[154] = 0
        return block
    }

    /// RFC 1952 around stored blocks of RFC 1951.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65535)
            rest = rest.dropFirst(block.count)
            let count = UInt16(block.count)
            result.append(rest.isEmpty ? 1 : 0)
            for value in [count, ~count] { result += [UInt8(value & 255), UInt8(value >> 8)] }
            result += block
        } while !rest.isEmpty
        for value in [crc32(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
            result += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return result
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xffff_ffff) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }
}
