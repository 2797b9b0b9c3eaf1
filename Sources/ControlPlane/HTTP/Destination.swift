// SPDX-License-Identifier: Apache-2.0

import AWSClient

/// Which service a request is for: every service of the stage listens on one port.
enum Destination: Hashable, Sendable {
    /// Says that the server runs; open to everybody.
    case health
    /// JSON: `SageMaker` and `CreateTrainingJob` of `X-Amz-Target: SageMaker.CreateTrainingJob`.
    case target(prefix: String, operation: String)
    /// A form: `sts`, `iam`; empty where only the form itself can tell.
    case query(service: String)
    case s3

    static let healthPath = StageIdentity.healthPath

    init(_ request: StageRequest, service: String?) {
        if request.rawPath == Self.healthPath {
            self = .health
        } else if let target = request.header("x-amz-target") {
            let dot = target.lastIndex(of: ".") ?? target.startIndex
            self = .target(prefix: String(target[..<dot]), operation: String(target[dot...].drop { $0 == "." }))
        } else if let service, service != "s3" {
            self = .query(service: service)
        } else if service == nil, request.method == "POST", request.rawPath == "/",
            request.header("content-type")?.hasPrefix("application/x-www-form-urlencoded") == true
        {
            self = .query(service: "")
        } else {
            self = .s3
        }
    }
}
