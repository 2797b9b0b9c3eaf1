// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP by the system's URL loading: TLS with the system's certificates, proxies by the usual variables.
///
/// No redirect is followed, no cookie and nothing else is kept, and an answer is bounded.
package struct URLSessionTransport: AWSTransport {
    private let session: URLSession
    private let replies = ReplyCollector()

    package init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        session = URLSession(configuration: configuration, delegate: replies, delegateQueue: nil)
    }

    package func send(_ request: AWSRequest, timeout: Duration) async throws(TransportFailure) -> AWSReply {
        guard let url = URL(string: request.address) else { throw TransportFailure("not an address") }
        var asked = URLRequest(url: url, timeoutInterval: timeout.seconds)
        asked.httpMethod = request.method
        for field in request.headers { asked.addValue(field.value, forHTTPHeaderField: field.name) }
        if !request.body.isEmpty || request.method == "PUT" { asked.httpBody = Data(request.body) }
        let task = session.dataTask(with: asked)
        // URLSession's own limit is for silence alone; a trickle would never end.
        let limit = Task {
            try await Task.sleep(for: timeout)
            task.cancel()
        }
        defer { limit.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                replies.expect(task.taskIdentifier, continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }
}

/// Gathers the answers of all tasks of one session.
private final class ReplyCollector: NSObject, URLSessionDataDelegate {
    typealias Waiting = CheckedContinuation<Result<AWSReply, TransportFailure>, Never>
    private static let replyLimit = 64 << 20
    private let pending = Mutex<[Int: (body: Data, waiting: Waiting)]>([:])

    func expect(_ task: Int, _ waiting: Waiting) { pending.withLock { $0[task] = (Data(), waiting) } }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let size = pending.withLock { tasks in
            tasks[dataTask.taskIdentifier]?.body.append(data)
            return tasks[dataTask.taskIdentifier]?.body.count ?? 0
        }
        if size > Self.replyLimit { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let (body, waiting) = pending.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let error {
            return waiting.resume(returning: .failure(TransportFailure(error.localizedDescription)))
        }
        guard let response = task.response as? HTTPURLResponse else {
            return waiting.resume(returning: .failure(TransportFailure("not an answer in HTTP")))
        }
        let headers = response.allHeaderFields.compactMap { name, value -> AWSRequest.Field? in
            guard let name = name as? String, let value = value as? String else { return nil }
            return AWSRequest.Field(name, value)
        }.sorted { $0.name < $1.name }
        waiting.resume(
            returning: .success(AWSReply(status: response.statusCode, headers: headers, body: Array(body))))
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
