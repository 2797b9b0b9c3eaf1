// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Sits between the wire and Hummingbird on each connection: answers `Expect: 100-continue` at once, as every upload of
/// boto3's asks for (it waits a second otherwise), and ends connections that stand still or go on for ever.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        /// For a request's head, from the connection or the last answer on; also how long an idle connection is kept.
        var head = TimeAmount.seconds(65)
        /// In each of which a body has to make progress.
        var period = TimeAmount.seconds(30)
        var leastBytesPerPeriod = 16 << 10
        /// Of a body whose answer was given already: clients that do not look up first are let finish so far.
        var surplusBytes = 64 << 20
        /// That a client may leave an answer unread.
        var unread = TimeAmount.seconds(60)
    }

    private enum Phase { case idle, body, answer }

    private let limits: Limits
    private var phase = Phase.idle
    private var openAnswers = 0
    private var bytesThisPeriod = 0
    private var surplus = 0
    private var deadline: Scheduled<Void>?
    private var unreadDeadline: Scheduled<Void>?

    init(_ limits: Limits = Limits()) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { expectHead(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        unreadDeadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            phase = .body
            surplus = 0
            openAnswers += 1
            bytesThisPeriod = limits.leastBytesPerPeriod
            expectProgress(context)
            if openAnswers == 1, head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let bytes):
            bytesThisPeriod += bytes.readableBytes
            if openAnswers == 0 {
                surplus += bytes.readableBytes
                if surplus > limits.surplusBytes { return context.close(promise: nil) }
            }
        case .end:
            phase = openAnswers > 0 ? .answer : .idle
            deadline?.cancel()
            if phase == .idle { expectHead(context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            openAnswers = max(0, openAnswers - 1)
            if phase == .answer, openAnswers == 0 {
                phase = .idle
                expectHead(context)
            }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unreadDeadline?.cancel()
        if !context.channel.isWritable {
            unreadDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.unread) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    private func expectHead(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.head) { context.close(promise: nil) }
    }

    private func expectProgress(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.period) {
            guard self.phase == .body else { return }
            if self.bytesThisPeriod < self.limits.leastBytesPerPeriod { return context.close(promise: nil) }
            self.bytesThisPeriod = 0
            self.expectProgress(context)
        }
    }
}
