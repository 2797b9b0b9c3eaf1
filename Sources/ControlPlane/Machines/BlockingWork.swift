// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision

/// Runs what blocks on a thread of its own, that lives as long: programs started there may be tied to it.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        runOnOwnThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
