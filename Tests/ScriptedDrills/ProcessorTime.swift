// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Seconds of processor time that this thread spends: other work on the machine does not count.
package func processorSeconds(_ body: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    body()
    return now() - start
}
