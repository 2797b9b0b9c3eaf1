// SPDX-License-Identifier: Apache-2.0

/// Runs independent nights side by side and gives their results in order of their numbers, so that the answer does not
/// depend on how many run at once or on which is done first.
package enum ParallelNights {
    /// `width` is how many run at once, `batch` how many a task takes at a time: few enough that
    /// the last ones do not wait for a straggler. The first error, in order of number, is thrown.
    package static func results<Result: Sendable>(
        _ count: Int, width: Int, batch: Int = 8, _ night: @escaping @Sendable (_ number: Int) throws -> Result
    ) async throws -> [Result] {
        let batches = stride(from: 0, to: count, by: batch).map { $0..<min(count, $0 + batch) }
        var done = [[Swift.Result<Result, any Error>]](repeating: [], count: batches.count)
        await withTaskGroup(of: (Int, [Swift.Result<Result, any Error>]).self) { group in
            var next = 0
            func add() {
                guard next < batches.count else { return }
                let (index, numbers) = (next, batches[next])
                next += 1
                group.addTask { (index, numbers.map { number in Swift.Result { try night(number) } }) }
            }
            for _ in 0..<max(1, width) { add() }
            while let (index, results) = await group.next() {
                done[index] = results
                add()
            }
        }
        return try done.flatMap { try $0.map { try $0.get() } }
    }
}
