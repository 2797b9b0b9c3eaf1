// SPDX-License-Identifier: Apache-2.0

/// What the store asks of S3, as a proxy tells it from the request.
enum Operation: String, CaseIterable, Sendable {
    case put, conditionalPut, beginUpload, putPart, complete, abort, get, rangedGet, head, list, listUploads, delete

    init?(method: String, target: String, headers: [String: String]) {
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let names = Set(query.split(separator: "&").map { $0.split(separator: "=").first ?? $0 })
        switch method {
        case "PUT" where names.contains("partNumber"): self = .putPart
        case "PUT": self = headers["if-none-match"] == nil ? .put : .conditionalPut
        case "POST": self = names.contains("uploads") ? .beginUpload : .complete
        case "DELETE": self = names.contains("uploadId") ? .abort : .delete
        case "HEAD": self = .head
        case "GET" where names.contains("uploads"): self = .listUploads
        case "GET" where names.contains("list-type"): self = .list
        case "GET":
            let isFirst = headers["range"]?.hasPrefix("bytes=0-") ?? true
            self = isFirst ? .get : .rangedGet
        default: return nil
        }
    }

    var isWrite: Bool { ![.get, .rangedGet, .head, .list, .listUploads].contains(self) }
    var hasRequestBody: Bool { [.put, .conditionalPut, .putPart, .complete].contains(self) }
    var hasAnswerBody: Bool { [.beginUpload, .complete, .get, .rangedGet, .list, .listUploads].contains(self) }
}

/// What goes wrong between the store and S3.
enum Fault: String, CaseIterable, Sendable {
    /// Answers; nothing reaches the server.
    case internalError, slowDown, expiredToken, skewedClock, conflict, preconditionFailed, movedPermanently
    case temporaryRedirect
    /// The server does it, and answers otherwise.
    case internalErrorAfter, notFoundAfter
    case resetBefore, resetMidBody, timeoutBefore, timeoutAfter, trickle
    case shortBody, shortBodyWithoutLength, flippedByte, loopingList

    /// Whether the cell of the matrix exists.
    func applies(to operation: Operation) -> Bool {
        switch self {
        case .flippedByte: operation.hasRequestBody || operation.hasAnswerBody
        case .loopingList: operation == .list || operation == .listUploads
        default: true
        }
    }

    /// Status, code and headers of an answer that the proxy makes itself.
    var answer: (status: String, code: String, headers: String)? {
        switch self {
        case .internalError, .internalErrorAfter: ("500 Internal Server Error", "InternalError", "")
        case .slowDown: ("503 Slow Down", "SlowDown", "")
        case .expiredToken: ("403 Forbidden", "ExpiredToken", "")
        case .skewedClock: ("403 Forbidden", "RequestTimeTooSkewed", "Date: Tue, 24 Nov 2099 00:00:00 GMT\r\n")
        case .notFoundAfter: ("404 Not Found", "NoSuchKey", "")
        case .conflict: ("409 Conflict", "ConditionalRequestConflict", "")
        case .preconditionFailed: ("412 Precondition Failed", "PreconditionFailed", "")
        case .movedPermanently:
            ("301 Moved Permanently", "PermanentRedirect", "Location: http://127.0.0.1:9/\r\n")
        case .temporaryRedirect: ("307 Temporary Redirect", "TemporaryRedirect", "Location: http://127.0.0.1:9/\r\n")
        default: nil
        }
    }

    var reachesServer: Bool {
        switch self {
        case .internalErrorAfter, .notFoundAfter, .resetMidBody, .timeoutAfter, .trickle, .shortBody,
            .shortBodyWithoutLength, .flippedByte, .loopingList:
            true
        default: false
        }
    }
}
