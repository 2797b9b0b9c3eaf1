// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What a listing asks for.
struct ListingQuery: Hashable, Sendable {
    var bucket: String
    var prefix = ""
    /// Empty is none.
    var delimiter = ""
    /// Begins after this key, or after everything that begins with it when it is a common prefix. In bytes.
    var after: [UInt8] = []
    var most = 1000
}

struct ListingPage: Hashable, Sendable {
    enum Entry: Hashable, Sendable {
        case object(StoredObject)
        /// What all keys up to the next delimiter have in common.
        case commonPrefix(String)

        var name: String {
            switch self {
            case .object(let object): object.key
            case .commonPrefix(let prefix): prefix
            }
        }
    }

    /// In byte order of names.
    var entries: [Entry] = []
    var isTruncated = false
}

extension Buckets {
    /// A page of a bucket's objects. What a common prefix hides is skipped, not read.
    func page(_ query: ListingQuery) throws -> ListingPage {
        try database.read { database in
            guard try Self.exists(query.bucket, database) else { throw BucketsError.noSuchBucket(query.bucket) }
            var page = ListingPage()
            guard query.most > 0 else { return page }
            let prefix = Array(query.prefix.utf8)
            var next: [UInt8]? = query.after.isEmpty ? prefix : query.after + [0]
            if let hidden = Self.commonPrefix(of: query.after, query), hidden == query.after {
                next = Self.end(ofPrefix: query.after)
            }
            while let start = next {
                let from = start.lexicographicallyPrecedes(prefix) ? prefix : start
                let limit = query.most + 1 - page.entries.count
                let objects = try objects(query.bucket, from: from, prefix: query.prefix, limit: limit, database)
                next = nil
                for object in objects {
                    let key = Array(object.key.utf8)
                    let common = Self.commonPrefix(of: key, query)
                    guard page.entries.count < query.most else {
                        page.isTruncated = true
                        return page
                    }
                    if let common {
                        page.entries.append(.commonPrefix(String(decoding: common, as: UTF8.self)))
                        next = Self.end(ofPrefix: common)
                        break
                    }
                    page.entries.append(.object(object))
                }
            }
            return page
        }
    }

    /// Up to and with the first delimiter after the prefix; `nil` where there is none.
    private static func commonPrefix(of key: [UInt8], _ query: ListingQuery) -> [UInt8]? {
        let (prefix, delimiter) = (Array(query.prefix.utf8), Array(query.delimiter.utf8))
        guard !delimiter.isEmpty, key.starts(with: prefix), key.count >= prefix.count + delimiter.count else {
            return nil
        }
        for index in prefix.count...(key.count - delimiter.count)
        where key[index..<(index + delimiter.count)].elementsEqual(delimiter) {
            return Array(key[..<(index + delimiter.count)])
        }
        return nil
    }
}
