// SPDX-License-Identifier: Apache-2.0

package import Drills
import Foundation
import ProcessSupervision
package import TrainingJobs
import TrainingAgent

/// Carries out a drill: undisturbed runs first, then one run for each disturbance, then the verdict.
package struct DrillRunner: Sendable {
    package enum News: Sendable {
        case began(String)
        /// `nil` without an own verdict yet.
        case ended(DrillRun)
    }

    private let job: TrainingJob
    private let unitsOfJob: Double
    private let archive: DrillArchive
    private let settings: Settings

    package struct Settings: Sendable {
        package var disturbances: [Disturbance]
        /// Runs at the same time.
        package var parallel: Int
        /// Limits that a person has set, by metric.
        package var tolerances: [String: Double]
        /// Metrics that are not compared.
        package var ignored: Set<String>
        package var agentExecutable: String
        package var environment: [String: String]
        /// Directories that are no part of the source.
        package var leftOut: [String]
        /// Files that may change without a new drill.
        package var notCounted: [String]

        package init(
            disturbances: [Disturbance], parallel: Int, tolerances: [String: Double], ignored: Set<String>,
            agentExecutable: String, environment: [String: String], leftOut: [String],
            notCounted: [String]
        ) {
            self.disturbances = disturbances
            self.parallel = parallel
            self.tolerances = tolerances
            self.ignored = ignored
            self.agentExecutable = agentExecutable
            self.environment = environment
            self.leftOut = leftOut
            self.notCounted = notCounted
        }
    }

    /// `job` as it is drilled, perhaps shortened from `unitsOfJob`.
    package init(job: TrainingJob, unitsOfJob: Double, archive: DrillArchive, settings: Settings) {
        self.job = DrillJob.watched(job)
        self.unitsOfJob = unitsOfJob
        self.archive = archive
        self.settings = settings
    }

    /// Works in the archive's scratch directory, which it clears before and after. `original` is the job as its file
    /// has it: the verdict is about that one.
    package func run(
        original: TrainingJob, tell: @escaping @Sendable (News) -> Void
    ) async throws -> DrillReport {
        let began = SystemClock.now()
        let clock = ContinuousClock.now
        let scratch = try archive.takeScratch()
        defer { scratch.release() }
        let source = scratch.path + "/source"
        let subject = try SourceFiles.subject(
            of: original, leavingOut: settings.leftOut, notCounting: settings.notCounted, copyingTo: source)
        let controls = try await runs(
            (1...2).map { number in
                course("control-\(number)", nil, [], patience: job.maxRun, clockFactor: 25, source, scratch.path)
            }, tell)
        let failure = failure(of: controls)
        var runs: [DrillRun] = []
        var verdicts: [DisturbanceVerdict] = []
        var judge: DrillJudge?
        if failure == nil, let stay = controls[0].stays.first {
            let pace = DrillPace(stay)
            runs = try await self.runs(
                settings.disturbances.map { disturbance in
                    course(
                        disturbance.rawValue, disturbance, pace.moments(of: disturbance), patience: pace.patience,
                        clockFactor: pace.clockFactor, source, scratch.path)
                }, tell)
            let hints = CheckpointNames.hints(in: scratch.path + "/control-1/" + checkpointsOfFirstStay)
            let made = DrillJudge(
                controls: (controls[0], controls[1]), given: settings.tolerances, ignored: settings.ignored,
                hints: hints, progressIsInNames: job.progress.metricName == nil)
            verdicts = made.judge(runs)
            judge = made
        }
        let report = DrillReport(
            id: archive.newID(at: began), job: job.name, at: began, took: ContinuousClock.now - clock,
            unit: job.progress.metricName ?? "unit", units: job.progress.total, unitsOfJob: unitsOfJob,
            controls: controls, controlFailure: failure,
            tolerances: judge?.tolerances ?? [], modelIsRepeatable: judge?.modelIsRepeatable ?? false,
            verdicts: verdicts, measurements: DrillMeasurements(controls: controls, disturbed: runs), subject: subject)
        try archive.keepLogs(of: report, from: scratch.path)
        return report
    }

    private var checkpointsOfFirstStay: String {
        TrainingLayout.checkpointDirectory(root: "stay-1/disk", localPath: job.checkpoint.localPath)
    }

    private func failure(of controls: [DrillRun]) -> String? {
        for run in controls {
            switch run.stays.last?.end {
            case .failed(let why)?: return why + (run.stays.last?.lastWords.last.map { ": \($0)" } ?? "")
            case .completed?: break
            case .killed?, .noticed?, nil: return "it did not come to its end"
            }
        }
        if controls.contains(where: { $0.stays.allSatisfy(\.progress.isEmpty) }) {
            switch job.progress {
            case .metric(let name, _):
                let regex = job.metricDefinitions.first { $0.name == name }?.regex ?? ""
                let line = controls[0].stays.last?.lastWords.last.map { "; its last line was: \($0)" } ?? ""
                return "no line of its log has the progress metric \(name), by the expression \(regex)\(line)"
            case .checkpointName(let regex, _):
                return "no checkpoint's name tells the progress, by the expression \(regex)"
            }
        }
        return nil
    }

    private func course(
        _ name: String, _ disturbance: Disturbance?, _ injections: [Injection], patience: Duration, clockFactor: Int,
        _ source: String, _ scratch: String
    ) -> DrillCourse {
        DrillCourse(
            name: name, disturbance: disturbance, injections: injections, patience: patience, clockFactor: clockFactor,
            job: job, sourceDirectory: source, directory: scratch + "/" + name,
            agentExecutable: settings.agentExecutable, environment: settings.environment)
    }

    /// Some at a time; answers in the order of `courses`.
    private func runs(
        _ courses: [DrillCourse], _ tell: @escaping @Sendable (News) -> Void
    ) async throws -> [DrillRun] {
        try await withThrowingTaskGroup(of: (Int, DrillRun).self) { group in
            var next = 0
            var done: [Int: DrillRun] = [:]
            func startNext() {
                guard next < courses.count else { return }
                let (index, course) = (next, courses[next])
                next += 1
                group.addTask {
                    tell(.began(course.name))
                    var run = try await course.run()
                    if run.disturbance != nil, !run.wasDisturbed, run.model != nil {
                        // Over before its moment: on a busy machine moments come late.
                        run = try await course.earlier.run()
                    }
                    tell(.ended(run))
                    return (index, run)
                }
            }
            for _ in 0..<max(1, settings.parallel) { startNext() }
            while let (index, run) = try await group.next() {
                done[index] = run
                startNext()
            }
            return courses.indices.compactMap { done[$0] }
        }
    }
}
