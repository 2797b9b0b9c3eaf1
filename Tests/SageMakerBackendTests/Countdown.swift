// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Hits at the n-th call, counted from zero, and counts them.
final class Countdown: Sendable {
    private let passed = Mutex(0)
    private let at: Int

    init(_ at: Int) { self.at = at }

    @Sendable func hit() -> Bool {
        passed.withLock { passed in
            defer { passed += 1 }
            return passed == at
        }
    }

    var count: Int { passed.withLock { $0 } }
}
