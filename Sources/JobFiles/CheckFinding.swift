// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One thing that would go wrong in the night, found in the evening.
package struct CheckFinding: Hashable, Sendable, CustomStringConvertible {
    /// The job file, or the script for what stands in the script.
    package var file: String
    package var place: JobPlace
    /// The key of the job file that leads there; empty for a place in a script.
    package var key: String
    package var concern: Concern

    package var severity: JobProblem.Severity { concern.isError ? .error : .warning }

    package enum Concern: Hashable, Sendable {
        case missingDirectory(String)
        case notADirectory(String)
        case missingScript(String)
        case missingMarket(String)
        case missingUsage(String)
        case programNotFound(String)
        case programNotExecutable(String)
        case emptyChannel(name: String, path: String)
        case notWritable(String)
        /// What stands where the link to the model in service belongs, in words.
        case foreignPointer(String)
        case inMemory(path: String, fileSystem: String)
        case diskFull(path: String, needed: Int64, free: Int64, generations: Int)
        case neverReadsCheckpoints(localPath: String)
        case neverSavesModel
        case fixedPath(literal: String, variable: String)
        case clock(Instant)
        case unknownZone(String)
        case shortNight(date: LocalDate, window: Duration, needed: Duration)
        case tripwiresOff([Tripwire])
        /// `least` is the `maxRun` from which Spot may be tried at least twice more after it was lost.
        case littleRoomForSpot(maxRun: Duration, least: Duration)
        case lateTonight(date: LocalDate, left: Duration, needed: Duration)

        /// What is read out of a script's text is a guess, so it is never more than a warning.
        var isError: Bool {
            switch self {
            case .missingUsage, .inMemory, .neverReadsCheckpoints, .neverSavesModel, .fixedPath, .shortNight,
                .lateTonight, .tripwiresOff, .littleRoomForSpot:
                false
            default: true
            }
        }
    }

    /// `nightshift.yaml:4:1: sourceDir: the directory /a/b does not exist; create it or correct the path`.
    package var description: String {
        let warning = severity == .warning ? "warning: " : ""
        let position = key.isEmpty ? "\(file):\(place.line)" : "\(file):\(place.line):\(place.column)"
        return "\(position): \(warning)\(key.isEmpty ? "" : "\(key): ")\(what); \(remedy)"
    }
}
