// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// HTTP/1.1 over the system's sockets and its TLS, with connections that are kept for a while.
///
/// No redirect is followed, nothing is remembered, answers are bounded in size and in time. Each exchange blocks a
/// thread of its own, never one of Swift's. (Foundation's client ends the process when a server closes in the middle of
/// an answer's head, or redirects at the wrong moment.)
package final class HTTPTransport: AWSTransport {
    private struct Idle {
        var connection: HTTPConnection
        var since: ContinuousClock.Instant
    }

    private let proxies: ProxySettings
    private let authorities: String?
    private let idle = Mutex<[String: [Idle]]>([:])
    private let context = Mutex<TLSContext?>(nil)
    private static let mostIdle = 16
    private static let longestIdle = Duration.seconds(15)

    /// `environment` names a proxy and, by `AWS_CA_BUNDLE`, authorities other than the system's.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        proxies = ProxySettings(environment: environment)
        authorities = environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    package func send(_ request: AWSRequest, timeout: Duration) async throws(TransportFailure) -> AWSReply {
        let patience = Patience(timeout)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiting: CheckedContinuation<Result<AWSReply, TransportFailure>, Never>) in
                Thread.detachNewThread {
                    Self.blockPipeSignal()
                    do throws(TransportFailure) {
                        waiting.resume(returning: .success(try self.exchange(request, patience)))
                    } catch { waiting.resume(returning: .failure(error)) }
                }
            }
        } onCancel: {
            patience.cancel()
        }
        return try result.get()
    }

    private func exchange(_ request: AWSRequest, _ patience: Patience) throws(TransportFailure) -> AWSReply {
        let endpoint = request.endpoint
        let proxy = try proxies.proxy(for: endpoint)
        let place = String(request.address.dropFirst("\(endpoint.scheme)://\(endpoint.authority)".count))
        let isForwarded = proxy != nil && endpoint.scheme == "http"
        var extra: [AWSRequest.Field] = []
        if isForwarded, let words = proxy?.authorization { extra.append(.init("Proxy-Authorization", words.revealed)) }
        let target = isForwarded ? request.address : place
        let pool = "\(endpoint.scheme) \(endpoint.authority) \(proxy.map { "\($0.host):\($0.port)" } ?? "")"
        if let kept = takeIdle(pool) {
            kept.patience = patience
            var exchange = HTTPExchange(kept)
            do throws(TransportFailure) {
                let reply = try exchange.run(request, target: target, extra: extra)
                if exchange.mayFollow { keep(kept, pool) }
                return reply
            } catch {
                // The server may have closed it while it lay here; else it is this request's failure.
                if exchange.hasBegun { throw error }
            }
        }
        let connection = try connect(endpoint, proxy, patience)
        var exchange = HTTPExchange(connection)
        let reply = try exchange.run(request, target: target, extra: extra)
        if exchange.mayFollow { keep(connection, pool) }
        return reply
    }

    private func connect(
        _ endpoint: AWSEndpoint, _ proxy: ProxySettings.Proxy?, _ patience: Patience
    ) throws(TransportFailure) -> HTTPConnection {
        let isTLS = endpoint.scheme == "https"
        let port = endpoint.port ?? (isTLS ? 443 : 80)
        let connection = try HTTPConnection(
            host: proxy?.host ?? endpoint.host, port: proxy?.port ?? port, patience: patience)
        guard isTLS else { return connection }
        if let proxy {
            let place = "\(endpoint.host):\(port)"
            var headers = [AWSRequest.Field("Host", place)]
            if let words = proxy.authorization { headers.append(.init("Proxy-Authorization", words.revealed)) }
            var tunnel = HTTPExchange(connection)
            let reply = try tunnel.run(
                AWSRequest(method: "CONNECT", endpoint: endpoint, headers: headers), target: place)
            guard reply.status == 200 else {
                throw TransportFailure("the proxy \(proxy.host) answered \(reply.status) to CONNECT")
            }
        }
        try connection.startTLS(try tlsContext(), host: endpoint.host)
        return connection
    }

    private func tlsContext() throws(TransportFailure) -> TLSContext {
        try context.withLock { known throws(TransportFailure) in
            if let known { return known }
            let made = try TLSContext(authorities: authorities)
            known = made
            return made
        }
    }

    private func takeIdle(_ pool: String) -> HTTPConnection? {
        idle.withLock { all in
            while let last = all[pool]?.popLast() {
                if last.since.duration(to: .now) < Self.longestIdle, last.connection.isQuiet { return last.connection }
            }
            return nil
        }
    }

    private func keep(_ connection: HTTPConnection, _ pool: String) {
        idle.withLock { all in
            if all[pool, default: []].count < Self.mostIdle {
                all[pool, default: []].append(Idle(connection: connection, since: .now))
            }
        }
    }

    /// TLS writes to a connection that the other side has closed would end the process; here it is an error.
    private static func blockPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
