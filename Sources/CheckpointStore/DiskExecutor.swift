// SPDX-License-Identifier: Apache-2.0
import Dispatch

/// A thread of its own for work that blocks on a disk.
///
/// A training machine may have two cores, and Swift's shared pool then has two threads: a commit that waits for fsync
/// would keep the watch for the interruption notice waiting too. So commit and restore under it:
/// `try await withTaskExecutorPreference(disk) { try await lineage.commit(…) }`.
package final class DiskExecutor: TaskExecutor {
    let queue = DispatchQueue(label: "nightshift.disk")

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
