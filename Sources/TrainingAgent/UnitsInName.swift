// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Finds the progress in a checkpoint's name, for jobs that read it from there.
package struct UnitsInName {
    private let regex: Regex<AnyRegexOutput>

    /// `nil` for a job that reads its progress from the log.
    package init?(_ progress: ProgressSource) {
        // The expression was checked with the job file.
        guard case .checkpointName(let pattern, _) = progress, let regex = try? Regex(pattern) else { return nil }
        self.regex = regex
    }

    /// `nil` for a name that the expression does not match.
    package func units(in path: String) -> Double? {
        guard let match = try? regex.firstMatch(in: path), match.output.count > 1 else { return nil }  // tells nothing
        return match.output[1].substring.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
}
