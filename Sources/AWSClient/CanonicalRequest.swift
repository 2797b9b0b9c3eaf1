// SPDX-License-Identifier: Apache-2.0

/// A request in the one form that both sides hash.
struct CanonicalRequest: Hashable, Sendable {
    let text: String

    /// `path` is encoded once, as it goes over the wire; `query` has names and values encoded, in any order; `headers`
    /// are those to be signed, by their lower-case names, in order.
    init(
        method: String, path: String, query: [(name: String, value: String)],
        headers: [(name: String, values: [String])], service: String, payload: String
    ) {
        let query = query.sorted { $0 < $1 }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        var lines = [method, Self.path(path, service: service), query]
        for (name, values) in headers {
            lines.append("\(name):" + values.map(Self.trimmed).joined(separator: ","))
        }
        text = (lines + ["", headers.map(\.name).joined(separator: ";"), payload]).joined(separator: "\n")
    }

    init(_ request: AWSRequest, names: [String], service: String, payload: String) {
        self.init(
            method: request.method, path: AWSRequest.encoded(request.path, keeping: "/"),
            query: request.query.map { (AWSRequest.encoded($0.name), AWSRequest.encoded($0.value)) },
            headers: names.map { name in
                let sent = request.headers.filter { $0.name.lowercased() == name }.map(\.value)
                return (name, name == "host" && sent.isEmpty ? [request.authority] : sent)
            }, service: service, payload: payload)
    }

    /// S3's keys may hold anything, so its paths stay as they are; every other service's are freed of dots and empty
    /// parts, and encoded a second time.
    private static func path(_ path: String, service: String) -> String {
        guard service != "s3" else { return path.isEmpty ? "/" : path }
        var kept: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = kept.popLast() } else { kept.append(part) }
        }
        let last = path.hasSuffix("/") && !kept.isEmpty ? "/" : ""
        return AWSRequest.encoded("/" + kept.joined(separator: "/") + last, keeping: "/")
    }

    /// Runs of white space become one space.
    private static func trimmed(_ value: String) -> String {
        value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
