// SPDX-License-Identifier: Apache-2.0

package import FlyingFox
import FlyingSocks
import Foundation
package import TrainingJobs

/// A machine's instance-metadata service on a loopback port, with EC2's own paths and IMDSv2's session tokens.
///
/// Source: EC2 user guide, "Use the Instance Metadata Service", "Spot Instance interruption notices", "Rebalance
/// recommendations". Requests without a token are refused, as on an instance with `HttpTokens=required`.
package actor MetadataService {
    private let offer: Offer
    private let instance: String
    private var tokens: Set<String> = []
    private var interruptionAt: Instant?
    private var noticedAt: Instant?

    package init(offer: Offer, instance: String) {
        self.offer = offer
        self.instance = instance
    }

    /// From now on the two Spot paths and the rebalance path answer.
    package func announceInterruption(at interruption: Instant, noticedAt now: Instant) {
        interruptionAt = interruption
        noticedAt = now
    }

    /// A server that listens on a free loopback port once `run` has been called.
    package nonisolated func server() throws -> HTTPServer {
        HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled,
            handler: ClosureHTTPHandler { await self.answer($0) })
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        if request.path == "/latest/api/token" { return token(request) }
        guard let token = request.headers[HTTPHeader("X-aws-ec2-metadata-token")], tokens.contains(token) else {
            return HTTPResponse(statusCode: .unauthorized)
        }
        guard request.method == .GET, let text = document(request.path) else {
            return HTTPResponse(statusCode: .notFound)
        }
        return HTTPResponse(statusCode: .ok, body: Data(text.utf8))
    }

    private func token(_ request: HTTPRequest) -> HTTPResponse {
        let lifetime = request.headers[HTTPHeader("X-aws-ec2-metadata-token-ttl-seconds")].flatMap { Int($0) }
        guard request.method == .PUT else { return HTTPResponse(statusCode: .methodNotAllowed) }
        guard let lifetime, (1...21600).contains(lifetime) else { return HTTPResponse(statusCode: .badRequest) }
        var random = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in String(random.next(), radix: 16) }.joined()
        tokens.insert(token)
        return HTTPResponse(statusCode: .ok, body: Data(token.utf8))
    }

    private func document(_ path: String) -> String? {
        switch path {
        case "/latest/meta-data/instance-id": instance
        case "/latest/meta-data/instance-type": offer.instanceType
        case "/latest/meta-data/instance-life-cycle": offer.purchase.rawValue
        case "/latest/meta-data/placement/availability-zone": offer.zone
        case "/latest/meta-data/placement/region": offer.region
        case "/latest/meta-data/spot/instance-action":
            interruptionAt.map { #"{"action":"terminate","time":"\#(Self.seconds($0))"}"# }
        case "/latest/meta-data/spot/termination-time": interruptionAt.map(Self.seconds)
        case "/latest/meta-data/events/recommendations/rebalance":
            noticedAt.map { #"{"noticeTime":"\#(Self.seconds($0))"}"# }
        default: nil
        }
    }

    /// EC2 writes times to the second.
    private static func seconds(_ instant: Instant) -> String {
        String(instant.iso8601.dropLast(5)) + "Z"
    }
}
