// SPDX-License-Identifier: Apache-2.0

import CTLS
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A TCP connection, perhaps with TLS on it. Its calls block their thread until `patience` is over.
///
/// One thread at a time uses it. `@unchecked` because of that: a connection lies in the pool or is in one exchange.
final class HTTPConnection: @unchecked Sendable {
    private let descriptor: Int32
    private var tls: OpaquePointer?
    /// Set anew for every exchange.
    var patience: Patience

    /// Tries each address of the host in turn.
    init(host: String, port: Int, patience: Patience) throws(TransportFailure) {
        self.patience = patience
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let code = getaddrinfo(name, String(port), &hints, &list)
        guard code == 0 else { throw TransportFailure("\(host): \(String(cString: gai_strerror(code)))") }
        defer { freeaddrinfo(list) }
        var failure = TransportFailure("\(host) has no address")
        var next = list
        while let address = next?.pointee {
            do throws(TransportFailure) {
                descriptor = try Self.connected(address, patience)
                return
            } catch { failure = error }
            next = address.ai_next
        }
        throw failure
    }

    deinit {
        if let tls {
            SSL_shutdown(tls)
            SSL_free(tls)
        }
        close(descriptor)
    }

    private static func connected(_ address: addrinfo, _ patience: Patience) throws(TransportFailure) -> Int32 {
        let descriptor = socket(address.ai_family, address.ai_socktype, 0)
        guard descriptor >= 0 else { throw .last("no socket") }
        do throws(TransportFailure) {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            var one: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
            if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
            guard errno == EINPROGRESS else { throw TransportFailure.last("no connection") }
            try patience.wait(descriptor, for: POLLOUT)
            var code: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
            guard code == 0 else { throw TransportFailure("no connection: \(String(cString: strerror(code)))") }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The other side has to prove that it is `host`.
    func startTLS(_ context: TLSContext, host: String) throws(TransportFailure) {
        guard let tls = SSL_new(context.pointer) else { throw TransportFailure("TLS: no memory") }
        self.tls = tls
        nightshift_tls_set_modes(tls)
        guard SSL_set1_host(tls, host) == 1, nightshift_tls_set_name(tls, host) == 1, SSL_set_fd(tls, descriptor) == 1
        else { throw TransportFailure("TLS: \(host) is no name") }
        while true {
            let result = SSL_connect(tls)
            if result == 1 { return }
            try waitForTLS(result, else: TransportFailure("TLS: \(Self.reason(tls))"))
        }
    }

    /// Whether nothing came while nobody asked: an end, or words of the server that belong to no request.
    var isQuiet: Bool {
        var asked = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&asked, 1, 0) == 0
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(TransportFailure) {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.count - sent, start = bytes.baseAddress! + sent
            if let tls {
                let count = SSL_write(tls, start, Int32(min(rest, 1 << 20)))
                if count > 0 {
                    sent += Int(count)
                } else {
                    try waitForTLS(count, else: TransportFailure("the connection ended"))
                }
            } else {
                let count = send(descriptor, start, rest, Self.quietly)
                if count > 0 {
                    sent += count
                } else if errno == EAGAIN {
                    try patience.wait(descriptor, for: POLLOUT)
                } else if errno != EINTR {
                    throw .last("the connection ended")
                }
            }
        }
    }

    /// How many bytes came; 0 at the orderly end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportFailure) -> Int {
        while true {
            if let tls {
                let count = SSL_read(tls, buffer.baseAddress!, Int32(min(buffer.count, 1 << 20)))
                if count > 0 { return Int(count) }
                if SSL_get_error(tls, count) == SSL_ERROR_ZERO_RETURN { return 0 }
                try waitForTLS(count, else: TransportFailure("the connection broke off"))
            } else {
                let count = recv(descriptor, buffer.baseAddress!, buffer.count, 0)
                if count >= 0 { return count }
                if errno == EAGAIN {
                    try patience.wait(descriptor, for: POLLIN)
                } else if errno != EINTR {
                    throw .last("the connection broke off")
                }
            }
        }
    }

    private func waitForTLS(
        _ result: Int32, else failure: @autoclosure () -> TransportFailure
    ) throws(TransportFailure) {
        guard let tls else { return }
        switch SSL_get_error(tls, result) {
        case SSL_ERROR_WANT_READ: try patience.wait(descriptor, for: POLLIN)
        case SSL_ERROR_WANT_WRITE: try patience.wait(descriptor, for: POLLOUT)
        default: throw failure()
        }
    }

    private static func reason(_ tls: OpaquePointer) -> String {
        let verdict = SSL_get_verify_result(tls)
        if verdict != Int(X509_V_OK) {
            return "the certificate is not accepted: \(String(cString: X509_verify_cert_error_string(verdict)))"
        }
        let code = ERR_get_error()
        return code == 0 ? "the connection ended" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "error"
    }

    #if canImport(Darwin)
        private static let quietly: Int32 = 0
    #else
        /// No signal when the other side is gone.
        private static let quietly = Int32(MSG_NOSIGNAL)
    #endif
}

/// How long an exchange may still take; a cancelled one takes no longer.
final class Patience: Sendable {
    private let end: ContinuousClock.Instant
    private let cancelled = Atomic(false)

    init(_ patience: Duration) { end = .now + patience }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    func wait(_ descriptor: Int32, for events: Int32) throws(TransportFailure) {
        while true {
            let left = ContinuousClock.now.duration(to: end)
            if cancelled.load(ordering: .relaxed) { throw TransportFailure("cancelled") }
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            if milliseconds <= 0 { throw TransportFailure("no answer in time") }
            var asked = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            // In steps, so that a cancellation is seen.
            let count = poll(&asked, 1, Int32(min(milliseconds, 200)))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .last("poll") }
        }
    }
}

extension TransportFailure {
    fileprivate static func last(_ what: String) -> TransportFailure {
        TransportFailure("\(what): \(String(cString: strerror(errno)))")
    }
}
