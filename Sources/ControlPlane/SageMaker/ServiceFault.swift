// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent

/// An error of a JSON service as its clients know it: always status 400, except for a fault of the server's own.
package struct ServiceFault: Error, Hashable, Sendable, CustomStringConvertible {
    package var code: String
    package var message: String
    package var status: Int

    package init(_ code: String, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }

    package static func validation(_ message: String) -> ServiceFault { ServiceFault("ValidationException", message) }

    /// Source: the texts that users of `DescribeTrainingJob` and `StopTrainingJob` report.
    package static var unknownJob: ServiceFault { .validation("Requested resource not found.") }

    package static func unknownOperation(_ name: String) -> ServiceFault {
        ServiceFault("UnknownOperationException", "The stage does not know the operation \(name).")
    }

    package static func `internal`(_ why: String) -> ServiceFault {
        ServiceFault("InternalFailure", why, status: 500)
    }

    package var description: String { "\(code): \(message)" }

    package var reply: ServiceReply {
        ServiceReply(
            status: status, contentType: ServiceReply.json,
            body: Array(JSONValue.object(["__type": .string(code), "message": .string(message)]).compact.utf8))
    }
}

extension ServiceReply {
    package static var json: String { "application/x-amz-json-1.1" }

    package static func json(_ value: JSONValue) -> ServiceReply {
        ServiceReply(status: 200, contentType: json, body: Array(value.compact.utf8))
    }

    /// Runs one operation; whatever it throws is the answer.
    static func answering(_ body: () async throws -> JSONValue) async -> ServiceReply {
        do {
            return .json(try await body())
        } catch let fault as ServiceFault {
            return fault.reply
        } catch {
            return ServiceFault.internal("the stage could not do it: \(error)").reply
        }
    }
}

extension ServiceCall {
    /// The body as a JSON object; an empty body is an empty one.
    func members() throws(ServiceFault) -> JSONValue {
        if body.isEmpty { return .object([String: JSONValue]()) }
        guard let value = JSONText.value(of: String(decoding: body, as: UTF8.self)), case .object = value else {
            throw ServiceFault("SerializationException", "The request's body is not a JSON object.")
        }
        return value
    }
}
