// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The conditions of a reading request, judged as RFC 9110 orders them: an entity tag wins over a date.
struct ReadCondition: Hashable, Sendable {
    enum Verdict: Hashable, Sendable { case go, notModified, failed }

    var ifMatch: String?
    var ifNoneMatch: String?
    var ifModifiedSince: String?
    var ifUnmodifiedSince: String?

    /// Of the object itself, or with the prefix `x-amz-copy-source-` of the one that is copied.
    init(_ request: StageRequest, prefix: String = "") {
        ifMatch = request.header(prefix + "if-match")
        ifNoneMatch = request.header(prefix + "if-none-match")
        ifModifiedSince = request.header(prefix + "if-modified-since")
        ifUnmodifiedSince = request.header(prefix + "if-unmodified-since")
    }

    func verdict(on object: StoredObject) -> Verdict {
        // Dates in header fields have whole seconds.
        let modified = object.modified.milliseconds / 1000
        func seconds(_ text: String?) -> Int64? { text.flatMap(HTTPDate.instant).map { $0.milliseconds / 1000 } }
        if let ifMatch {
            if !Self.names(ifMatch, object.etag) { return .failed }
        } else if let since = seconds(ifUnmodifiedSince), modified > since {
            return .failed
        }
        if let ifNoneMatch {
            if Self.names(ifNoneMatch, object.etag) { return .notModified }
        } else if let since = seconds(ifModifiedSince), modified <= since {
            return .notModified
        }
        return .go
    }

    private static func names(_ list: String, _ etag: String) -> Bool {
        list.split(separator: ",").contains { entry in
            let entry = entry.drop { $0 == " " }
            return entry == "*" || EntityTag.bare(String(entry)) == etag
        }
    }
}

enum EntityTag {
    static func quoted(_ etag: String) -> String { "\"\(etag)\"" }

    /// Without quotation marks and the mark of a weak one: clients send it back with or without.
    static func bare(_ text: String) -> String {
        var text = text.drop { $0 == " " }
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        return text.filter { $0 != "\"" && $0 != " " }
    }
}
