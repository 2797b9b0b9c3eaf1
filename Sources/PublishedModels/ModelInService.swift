// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What a new model is compared with.
enum ModelInService {
    case nothing
    case model(ModelRecord)
    /// One is, or was there until somebody removed it; what its values were, nobody can say.
    case unknown(why: String)

    func value(of metric: String) -> MetricGate.Previous {
        switch self {
        case .nothing: .nothing
        case .unknown(let why): .unknown(why)
        case .model(let record):
            switch record.value(of: metric) {
            case nil: .unknown("the record of \(record.night) has no \(metric)")
            case let value? where !value.isFinite: .unknown("\(metric) of \(record.night) is \(value)")
            case let value?: .value(value)
            }
        }
    }
}

extension ModelShelf {
    func modelInService() throws -> ModelInService {
        guard let night = try inService() else { return .nothing }
        do {
            guard let record = try record(of: night) else {
                return .unknown(why: ShelfError.noRecord(night: night, path: recordPath(of: night)).description)
            }
            return .model(record)
        } catch let error as ShelfError {
            return .unknown(why: error.description)
        }
    }
}
