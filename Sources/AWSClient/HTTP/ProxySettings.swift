// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The proxy that the usual variables name.
struct ProxySettings: Sendable {
    struct Proxy: Hashable, Sendable {
        var host: String
        var port: Int
        /// `Basic …`
        var authorization: Secret?
    }

    let environment: [String: String]

    /// `nil` for none. `HTTP_PROXY` in capitals is not read, as with other tools: a web server may set it.
    func proxy(for endpoint: AWSEndpoint) throws(TransportFailure) -> Proxy? {
        let names = endpoint.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard
            let (name, text) = (names + ["all_proxy", "ALL_PROXY"]).lazy.compactMap({ name in
                environment[name].flatMap { $0.isEmpty ? nil : (name, $0) }
            }).first, !isSpared(endpoint.host)
        else { return nil }
        let pattern = /(?:http:\/\/)?(?:([^@\/]+)@)?([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})\/?/
        guard let match = text.wholeMatch(of: pattern), let port = Int(match.output.3) else {
            throw TransportFailure("\(name): must be as http://host:port")
        }
        let user = match.output.1.flatMap { PresentedRequest.decoded(String($0)) }
        return Proxy(
            host: String(match.output.2), port: port,
            authorization: user.map { Secret("Basic \(Data($0.utf8).base64EncodedString())") })
    }

    private func isSpared(_ host: String) -> Bool {
        let spared = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        return spared.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }.contains { word in
            let suffix = word.hasPrefix(".") ? word : "." + word
            return word == "*" || host == word || (!word.isEmpty && host.hasSuffix(suffix))
        }
    }
}
