// SPDX-License-Identifier: Apache-2.0

import DrillRunner
import Drills
import Foundation
import JobFiles
import Reports
import TrainingJobs

/// What this project's drills say about a job as it is now.
struct DrillMemory {
    let project: Project
    let file: JobFile

    /// Reads the job's source. A drill that cannot be read proves nothing, and is told.
    func standing() throws -> DrillStanding { try standing(of: report()) }

    /// The drill that counts; one that cannot be read is told.
    func report() -> DrillReport? {
        do {
            return try project.drills(of: file.job.name).deciding()
        } catch {
            Console.tell("the last drill of \(file.job.name) cannot be read, so it counts as none: \(error)")
            return nil
        }
    }

    func standing(of last: DrillReport?) throws -> DrillStanding {
        guard last != nil else { return .never }
        let present = try SourceFiles.subject(
            of: file.job, leavingOut: [project.directory], notCounting: Self.free(file))
        return DrillStanding(last, present: present)
    }

    /// What may change beside the code without a new drill.
    static func free(_ file: JobFile) -> [String] {
        [URL(filePath: file.path).standardizedFileURL.path(percentEncoded: false)] + [file.job.market].compactMap { $0 }
    }

    /// Why Spot must be left alone, in words; `nil` when it may be used.
    func refusalOfSpot(_ standing: DrillStanding, at now: Instant) -> String? {
        guard let limit = file.job.requireDrill?.wrappedValue, !standing.allowsSpot(at: now, atMost: limit) else {
            return nil
        }
        let words = DrillWords.standing(standing, at: now)
        if case .proven = standing { return "\(words), longer ago than \(limit.text)" }
        return words
    }

    /// One line for a person: what is proven, or what to do about it.
    func line(_ standing: DrillStanding, at now: Instant) -> String {
        let words = DrillWords.standing(standing, at: now)
        let command = "nightshift drill \(file.path)"
        if let refusal = refusalOfSpot(standing, at: now) {
            let place = file.places["requireDrill"]
            return "\(file.path):\(place.line):\(place.column): warning: requireDrill: \(refusal); nights run on "
                + "on-demand alone until `\(command)` passes"
        }
        if case .proven = standing { return "\(file.path): \(words)" }
        return "\(file.path): warning: \(words); prove that an interruption does no harm: \(command)"
    }
}
