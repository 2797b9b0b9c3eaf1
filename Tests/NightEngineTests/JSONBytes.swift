// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

enum JSONBytes {
    static func of(_ events: [NightEvent]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(events)
    }
}
