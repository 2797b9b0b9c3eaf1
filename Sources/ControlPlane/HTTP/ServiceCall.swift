// SPDX-License-Identifier: Apache-2.0

/// One request to a JSON or query service of AWS, its body whole.
package struct ServiceCall: Sendable {
    /// The operation's name without its version: `CreateTrainingJob`, `GetCallerIdentity`.
    package var operation: String
    /// A JSON document, or a form.
    package var body: [UInt8]
    /// From the signature's scope; the service's own default where the request is not signed.
    package var region: String

    package init(operation: String, body: [UInt8], region: String) {
        self.operation = operation
        self.body = body
        self.region = region
    }
}

/// What a service answers, ready to be sent.
package struct ServiceReply: Hashable, Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// One AWS service of the stage. An operation it does not know is an answer too, in that service's own form.
package protocol StageService: Sendable {
    func reply(to call: ServiceCall) async -> ServiceReply
}
