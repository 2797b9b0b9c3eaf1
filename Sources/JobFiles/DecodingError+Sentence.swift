// SPDX-License-Identifier: Apache-2.0

import Foundation

extension DecodingError {
    /// Where in the document, and what, in one sentence.
    package var sentence: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return path.isEmpty ? "the document" : String(path.drop { $0 == "." })
        }
        switch self {
        case .keyNotFound(let key, let context): return "\(place(context)): the key \"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(place(context)): \(context.debugDescription)"
        @unknown default: return localizedDescription
        }
    }
}
