// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What the platform has copied of the checkpoint directory, judged from outside: files, not sets.
struct CheckpointPrefix {
    struct Object: Hashable {
        var key: String
        var bytes: Int64
        /// On the night's clock.
        var modified: Instant
    }

    private var seen: (objects: Set<Object>, at: Instant)?

    /// The set as it is, when it has stood still between two looks; `nil` while it moves. After the end of all writers
    /// one look is enough.
    mutating func settled(_ objects: [Object], at now: Instant, isFinal: Bool) -> (newest: Instant, bytes: Int64)? {
        let set = Set(objects)
        let stood = seen.map { $0.objects == set && $0.at < now } ?? false
        if seen?.objects != set { seen = (set, now) }
        guard stood || isFinal, let newest = objects.map(\.modified).max() else { return nil }
        return (newest, objects.reduce(0) { $0 + $1.bytes })
    }
}
