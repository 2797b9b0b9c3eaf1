// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Digests
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ProcessSupervision
import TrainingJobs

/// Every request of the stage comes through here: who asks, then which service, then that service's answer.
struct StageResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private static let mostBodyBytes = 4 << 20

    let access: StageAccess
    let timeScale: Int
    let s3: S3Service
    /// By the prefix of their targets: `SageMaker`, `Logs_20140328`.
    let targets: [String: any StageService]
    /// By their names in signatures: `sts`, `iam`.
    let queries: [String: any StageService]

    func respond(to request: Request, context: Context) async throws -> Response {
        guard let head = StageRequest(request.head) else {
            return Response(status: .badRequest)
        }
        var response = await respond(to: head, request.body)
        response.headers.setNamed("x-amzn-requestid", RequestID.new())
        return response
    }

    private func respond(to request: StageRequest, _ body: RequestBody) async -> Response {
        let verdict = access.verdict(on: request)
        if verdict == .misdirected { return Self.text(.misdirectedRequest, "This is the stage of a nightshift.") }
        let reading = PresentedSignature.read(request.presented(payloadHash: nil))
        var signature: PresentedSignature?
        if case .signed(let presented) = reading { signature = presented }
        let destination = Destination(request, service: signature?.service)
        if destination == .health { return health }
        if verdict == .unauthorized { return Self.unauthorized(request, destination) }
        switch destination {
        case .health: return health
        case .s3:
            if let error = S3Error(SignatureCheck(access.secret).verdict(on: request, payloadHash: nil)) {
                return S3Service.response(to: error, request)
            }
            return await s3.respond(to: request, body: body)
        case .target(let prefix, let operation):
            let region = signature?.region ?? StageIdentity.defaultRegion
            return await whole(body) { bytes in
                if let refusal = refusal(of: request, bytes, inJSON: true) { return refusal }
                guard let service = targets[prefix] else {
                    return .json(400, "UnknownOperationException", "The requested operation is not known: \(operation)")
                }
                return await service.reply(to: ServiceCall(operation: operation, body: bytes, region: region))
            }
        case .query(let name):
            let region = signature?.region ?? StageIdentity.defaultRegion
            return await whole(body) { bytes in
                if let refusal = refusal(of: request, bytes, inJSON: false) { return refusal }
                return await answer(query: name, bytes, region: region)
            }
        }
    }

    private func answer(query name: String, _ body: [UInt8], region: String) async -> ServiceReply {
        let form = StageRequest.fields(String(decoding: body, as: UTF8.self)) ?? []
        let operation = form.first { $0.name == "Action" }?.value ?? ""
        let version = form.first { $0.name == "Version" }?.value
        let known = [TokenService.version: "sts", AccessService.version: "iam"]
        // Who is not signed, as AssumeRoleWithWebIdentity is not, is known by the version alone.
        let name = name.isEmpty ? version.flatMap { known[$0] } ?? "" : name
        guard let service = queries[name] else {
            return operation.isEmpty
                ? .json(400, "UnknownOperationException", "The stage has no service \(name)")
                : .query(
                    400, "InvalidAction", "The stage has no service \(name) with the operation \(operation)",
                    namespace: TokenService.namespace)
        }
        return await service.reply(to: ServiceCall(operation: operation, body: body, region: region))
    }

    /// Answers once the body is there; too large a one is not read to its end.
    private func whole(_ body: RequestBody, _ answer: ([UInt8]) async -> ServiceReply) async -> Response {
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                bytes += piece.readableBytesView
                guard bytes.count <= Self.mostBodyBytes else {
                    return Self.response(.json(413, "RequestEntityTooLargeException", "The request is too large."))
                }
            }
        } catch {
            return Self.response(.json(400, "SerializationException", "The body ended early."))
        }
        return Self.response(await answer(bytes))
    }

    private func refusal(of request: StageRequest, _ body: [UInt8], inJSON: Bool) -> ServiceReply? {
        guard access.secret != nil else { return nil }
        let verdict = SignatureCheck(access.secret).verdict(on: request, payloadHash: SHA256.hex(of: body))
        return SignatureCheck.reply(to: verdict, inJSON: inJSON)
    }

    /// In the form that the client's parser expects.
    private static func unauthorized(_ request: StageRequest, _ destination: Destination) -> Response {
        let words = "A token is needed: Authorization: Bearer, or AWS_SESSION_TOKEN in an SDK's environment."
        switch destination {
        case .health, .s3: return S3Service.response(to: S3Error(401, "InvalidToken", words), request)
        case .target: return response(.json(401, "UnrecognizedClientException", words))
        case .query: return response(.query(401, "InvalidClientTokenId", words, namespace: TokenService.namespace))
        }
    }

    private static func response(_ reply: ServiceReply) -> Response {
        Response(
            status: HTTPResponse.Status(code: reply.status), headers: [.contentType: reply.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    /// Also how fast the market runs: a night whose clock runs otherwise would not fit.
    private var health: Response {
        var response = Self.text(.ok, "ok")
        response.headers.setNamed(StageIdentity.timeScaleHeader, String(timeScale))
        return response
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
