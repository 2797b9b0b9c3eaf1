// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The name that AWS gives each answer; clients print it with errors.
enum RequestID {
    static func new() -> String { UUID().uuidString.lowercased() }
}
