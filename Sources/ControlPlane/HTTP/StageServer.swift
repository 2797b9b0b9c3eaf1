// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The address cannot be had.
package struct CannotListen: Error, CustomStringConvertible {
    package var address: String
    package var port: Int
    package var why: String
    /// Another program has it.
    package var isTaken: Bool

    package var description: String { "cannot listen on \(address) port \(port): \(why)" }
}

/// One port for every service of the stage.
package struct StageServer: Sendable {
    private static let patience = Duration.seconds(5)

    private let access: StageAccess
    private let port: Int
    private let responder: StageResponder

    /// Services by the prefix of their targets: `SageMaker`, `Logs_20140328`. Port 0 is any free one. `timeScale` is
    /// told to who asks for the stage's health.
    package init(
        access: StageAccess, port: Int, timeScale: Int, buckets: Buckets, targets: [String: any StageService]
    ) {
        self.access = access
        self.port = port
        responder = StageResponder(
            access: access, timeScale: timeScale, s3: S3Service(buckets: buckets), targets: targets,
            queries: ["sts": TokenService(), "iam": AccessService()])
    }

    /// Serves until SIGINT or SIGTERM, then lets what is being answered finish for a few seconds. Tells the port once
    /// it can be reached; throws when it cannot have it.
    package func run(onReady: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        var http = HTTP1Channel.Configuration(additionalChannelHandlers: [ConnectionGuard()])
        http.httpDecoder.maxHeaderListSize = 64 << 10
        http.httpDecoder.maxHeaderFieldSize = 32 << 10
        http.httpDecoder.maxHeaderFieldCount = 200
        // What it would log is told to clients, or ends this with an error.
        let silent = Logger(label: "nightshift.stage") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: responder, server: .http1(configuration: http),
            configuration: ApplicationConfiguration(address: .hostname(access.address, port: port)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) }, logger: silent)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: silent)
        configuration.maximumGracefulShutdownDuration = Self.patience
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw CannotListen(
                address: access.address, port: port, why: String(cString: strerror(error.errnoCode)),
                isTaken: error.errnoCode == EADDRINUSE)
        } catch let error as SocketAddressError {
            throw CannotListen(address: access.address, port: port, why: "\(error)", isTaken: false)
        }
    }
}
