// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What a service says is wrong, in JSON's or in XML's shape.
struct ErrorReply {
    let status: Int
    /// Without a namespace: `ThrottlingException`.
    let code: String
    let message: String
    private let serverTime: Instant?

    init(_ reply: AWSReply) {
        status = reply.status
        serverTime = reply.header("Date").flatMap { Self.instant(httpDate: $0) }
        struct Words: Decodable {
            var type: String?, code: String?, message: String?
            enum CodingKeys: String, CodingKey { case type = "__type", code, message }
        }
        var found: (code: String?, message: String?)
        if let words = try? AWSJSON.decode(Words.self, from: reply.body) {  // else it is XML, or nothing
            found = (words.type ?? words.code, words.message)
        } else if let root = XMLElement(reply.body) {
            let error = root.name == "Error" ? root : root.first("Error")
            found = (error?.first("Code")?.text, error?.first("Message")?.text)
        }
        let named = reply.header("x-amzn-ErrorType") ?? found.code ?? ""
        let bare = named.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        code = String(bare.split(separator: "#").last ?? "")
        message = found.message ?? ""
    }

    /// The clock's error, where that is what the service complains about.
    func skew(at now: Instant) -> Duration? {
        let codes = [
            "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
            "SignatureDoesNotMatch", "AuthFailure",
        ]
        guard codes.contains(code), let serverTime else { return nil }
        let skew = serverTime - now
        return skew.milliseconds.magnitude > 240_000 ? skew : nil
    }

    func error(of service: AWSService, throttled: Bool) -> AWSError {
        if throttled { return .throttled(service: service.id, code: code) }
        if AWSError.deniedCodes.contains(code) || status == 401 || status == 403 {
            return .denied(service: service.id, code: code, message: message)
        }
        return .service(service: service.id, status: status, code: code, message: message)
    }

    /// `Tue, 24 Nov 2026 14:33:38 GMT`
    static func instant(httpDate text: String) -> Instant? {
        let pattern = /[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) GMT/
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let match = text.wholeMatch(of: pattern), let month = months.firstIndex(of: String(match.output.2)) else {
            return nil
        }
        let number = (month < 9 ? "0" : "") + String(month + 1)
        return Instant(iso8601: "\(match.output.3)-\(number)-\(match.output.1)T\(match.output.4)Z")
    }

    /// The same in the form of `X-Amz-Date`.
    static func compact(httpDate text: String) -> String? { instant(httpDate: text).map(SigV4.compact) }
}
