// SPDX-License-Identifier: Apache-2.0

/// Why a call about a training job has no result, as far as it changes what to do next.
package enum TrainingJobError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `ResourceInUse`: a job of that name exists, ours of an earlier try or another's; `DescribeTrainingJob` tells.
    case nameTaken(String)
    /// `ResourceLimitExceeded`: a quota, which is not capacity.
    case quota(String)
    /// Too many requests, which is no failure of the job.
    case throttled(String)
    /// There is no such job.
    case notFound(String)
    /// It has ended or is stopping, so there is nothing to stop.
    case alreadyEnding(String)
    /// The request as it is will never be accepted.
    case invalid(code: String, message: String)
    case denied(code: String, message: String)
    /// Not known whether it happened: no answer, or the service's own failure. Ask by name.
    case unreachable(String)
    /// No credentials, bad settings, an answer that is none.
    case other(AWSError)

    package init(_ error: AWSError) {
        self =
            switch error {
            case .throttled(_, let code): .throttled(code)
            case .denied(_, let code, let message): .denied(code: code, message: message)
            case .unreachable(_, _, let reason): .unreachable(reason)
            case .service(_, let status, let code, let message):
                Self.refusal(status: status, code: code, message: message)
            case .malformed(_, let what): .unreachable("an answer that is none: \(what)")
            case .noCredentials, .badConfiguration: .other(error)
            }
    }

    private static func refusal(status: Int, code: String, message: String) -> TrainingJobError {
        switch code {
        case "ResourceInUse", "ResourceInUseException": return .nameTaken(message)
        case "ResourceLimitExceeded": return .quota(message)
        case "ResourceNotFound", "ResourceNotFoundException": return .notFound(message)
        // AWS says this for a job that is not there; `ResourceNotFound` stands only in its documentation.
        case "ValidationException" where message.hasPrefix("Requested resource not found"): return .notFound(message)
        case "ValidationException" where message.contains("because the training job is in status"):
            return .alreadyEnding(message)
        default: return status >= 500 ? .unreachable("\(status) \(code)") : .invalid(code: code, message: message)
        }
    }

    package var description: String {
        switch self {
        case .nameTaken(let message): "the name is taken: \(message)"
        case .quota(let message): "a quota is used up: \(message)"
        case .throttled(let code): "SageMaker has too many requests at the moment (\(code)); try again later"
        case .notFound(let message): "there is no such training job: \(message)"
        case .alreadyEnding(let message): "nothing to stop: \(message)"
        case .invalid(let code, let message): "SageMaker does not accept it: \(message) (\(code))"
        case .denied(let code, let message): "SageMaker refuses: \(message) (\(code))"
        case .unreachable(let reason): "SageMaker cannot be reached: \(reason)"
        case .other(let error): error.description
        }
    }
}
