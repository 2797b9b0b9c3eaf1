// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a drill's verdict is about: code, hyperparameters, environment. Not the data, and not the machine.
package struct DrillSubject: Codable, Hashable, Sendable {
    /// SHA-256 of each file of the source directory, by its path below it.
    package var files: [String: String]
    /// Digests of the values in the job file, by name; how many units a drill trains is not part of it.
    package var hyperparameters: [String: String]
    /// Digests of the values: what a variable holds is nobody's business here.
    package var environment: [String: String]
    package var interpreter: [String]
    package var entryPoint: String
    package var checkpointLocalPath: String
    /// Files of the source directory that may change: the job file, whose other keys are judged one by one, the market,
    /// and what the drill itself wrote there.
    package var notCounted: Set<String>

    /// `files` are the digests of the source directory's files; `digest` makes those of texts.
    package init(
        of job: TrainingJob, files: [String: String], notCounted: Set<String> = [], digest: (String) -> String
    ) {
        self.files = files.filter { !notCounted.contains($0.key) }
        self.notCounted = notCounted
        checkpointLocalPath = job.checkpoint.localPath
        hyperparameters = Dictionary(
            job.hyperparameters.map { ($0.name, digest($0.json)) }, uniquingKeysWith: { _, last in last })
        environment = job.environment.mapValues(digest)
        interpreter = job.interpreter
        entryPoint = job.entryPoint
    }

    /// What has changed since, one name each, in order: files first.
    package func changes(to present: DrillSubject) -> [Change] {
        let ignored = notCounted.union(present.notCounted)
        var changes = names(files, present.files).filter { !ignored.contains($0) }.map(Change.file)
        changes += names(hyperparameters, present.hyperparameters).map(Change.hyperparameter)
        changes += names(environment, present.environment).map(Change.environment)
        if interpreter != present.interpreter { changes.append(.interpreter) }
        if entryPoint != present.entryPoint { changes.append(.entryPoint) }
        if checkpointLocalPath != present.checkpointLocalPath { changes.append(.checkpointLocalPath) }
        return changes
    }

    private func names(_ then: [String: String], _ now: [String: String]) -> [String] {
        Set(then.keys).union(now.keys).filter { then[$0] != now[$0] }.sorted()
    }

    package enum Change: Hashable, Sendable {
        case file(String)
        case hyperparameter(String)
        case environment(String)
        case interpreter
        case entryPoint
        case checkpointLocalPath
    }
}

/// How well resuming is proven for a job as it is now.
package enum DrillStanding: Hashable, Sendable {
    case never
    case failed(at: Instant, id: String)
    /// Only some of the disturbances were tried, or by limits that a person had set.
    case partial(at: Instant, id: String)
    case changed(at: Instant, id: String, [DrillSubject.Change])
    case proven(at: Instant, id: String)

    /// `last` is the newest drill of this job.
    package init(_ last: DrillReport?, present: DrillSubject) {
        guard let last else {
            self = .never
            return
        }
        let changes = last.subject.changes(to: present)
        if !last.passed {
            self = .failed(at: last.at, id: last.id)
        } else if !changes.isEmpty {
            self = .changed(at: last.at, id: last.id, changes)
        } else if !last.provesResume {
            self = .partial(at: last.at, id: last.id)
        } else {
            self = .proven(at: last.at, id: last.id)
        }
    }

    /// Whether Spot may be used by a job that asks for a drill no older than `limit`.
    package func allowsSpot(at now: Instant, atMost limit: Duration) -> Bool {
        if case .proven(let at, _) = self { now - at <= limit } else { false }
    }
}
