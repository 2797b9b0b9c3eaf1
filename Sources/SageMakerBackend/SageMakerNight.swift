// SPDX-License-Identifier: Apache-2.0

import Digests
package import TrainingJobs

/// One night as SageMaker's backend knows it. Nothing is asked by making it.
package struct SageMakerNight: Sendable {
    package let job: TrainingJob
    package let settings: SageMakerSettings
    package let night: String
    package let start: Instant
    package let deadline: Instant
    package let clock: ClockScale
    /// Tells this night from another project's of the same name.
    package let owner: String
    /// The source directory as it was when the night opened.
    package let sourceDirectory: String
    /// `machines/` of the night.
    package let directory: String
    let checkpoints: S3Location
    let output: S3Location
    let code: S3Location

    /// `nil` for a job without SageMaker's settings or with places outside of buckets; the job file's reader refuses it.
    package init?(
        job: TrainingJob, terms: NightTerms, clock: ClockScale, sourceDirectory: String, directory: String
    ) {
        guard let settings = job.sageMaker, let checkpoints = S3Location(job.checkpoint.uri),
            let output = S3Location(job.outputPath)
        else { return nil }
        self.job = job
        self.settings = settings
        night = terms.night
        start = terms.start
        deadline = terms.deadline
        self.clock = clock
        // When the night was opened, to the millisecond: no two projects share that and the name.
        let mark = "\(terms.night) \(clock.wallOrigin.milliseconds)"
        owner = String(SHA256.digest(of: Array(mark.utf8)).hex.prefix(16))
        self.sourceDirectory = sourceDirectory
        self.directory = directory
        self.checkpoints = checkpoints.appending(terms.night)
        self.output = output
        code = (settings.codeUri.flatMap { S3Location($0) } ?? output.appending("code"))
            .appending(terms.night).appending("sourcedir.tar.gz")
    }

    /// SageMaker's names have letters, digits and hyphens: `short-2026-11-24.2-a1` is `short-2026-11-24-2-a1` there.
    func jobName(_ key: String) -> String { key.replacing(".", with: "-") }

    /// The key of a training job of this night by its name, and the epoch in it.
    func key(ofJob name: String) -> (key: String, epoch: Int)? {
        let prefix = jobName(night) + "-a"
        guard name.hasPrefix(prefix), let epoch = Int(name.dropFirst(prefix.count)), epoch > 0,
            name == "\(prefix)\(epoch)"
        else { return nil }
        return ("\(night)-a\(epoch)", epoch)
    }
}

/// The tags of a training job, by which it is known again and found in the bill.
enum JobTag {
    static let night = "nightshift:night"
    static let job = "nightshift:job"
    static let owner = "nightshift:owner"
    static let epoch = "nightshift:epoch"
}
