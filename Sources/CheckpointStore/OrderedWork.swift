// SPDX-License-Identifier: Apache-2.0

/// Numbered pieces of work done several at a time, whose results are used one by one in the order of their numbers.
enum OrderedWork {
    /// At most `atOnce` are begun and not yet used, so that memory is bounded. An error of `work` is thrown in its turn,
    /// whatever happened to later ones meanwhile. Ends early when `use` answers false; when it returns, no work goes on.
    static func run<Result: Sendable>(
        _ count: Int, atOnce: Int, _ work: @escaping @Sendable (Int) async throws -> Result,
        use: (Int, Result) async throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Swift.Result<Result, any Error>).self) { group in
            var begun = 0
            var done: [Int: Swift.Result<Result, any Error>] = [:]
            for next in 0..<count {
                try Task.checkCancellation()
                while begun < min(count, next + atOnce) {
                    let number = begun
                    group.addTask {
                        do { return (number, .success(try await work(number))) } catch {
                            return (number, .failure(error))
                        }
                    }
                    begun += 1
                }
                while done[next] == nil, let (number, result) = try await group.next() { done[number] = result }
                guard let result = done.removeValue(forKey: next) else { preconditionFailure("number \(next) is lost") }
                guard try await use(next, result.get()) else { return group.cancelAll() }
            }
        }
    }
}
