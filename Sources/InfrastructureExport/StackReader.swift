// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a job file does not say and a person typed, word for word.
package struct StackWords: Hashable, Sendable {
    package var region: String?
    package var roleArn: String?
    package var trainingImage: String?
    package var instanceType: String?
    package var volumeGigabytes = "30"
    package var checkpointUri: String?
    package var outputUri: String?
    package var codeUri: String?
    /// `train=s3://bucket/prefix`
    package var inputs: [String] = []

    package init() {}
}

/// Why there is no stack: every problem, each with the option and what would be right.
package struct StackProblems: Error, Hashable, Sendable {
    package var problems: [String]
}

/// Puts a job and the typed words together. It goes on after a problem, so that a person hears of all at once.
package struct StackReader {
    private let job: TrainingJob
    private let words: StackWords
    private var problems: [String] = []

    package static func stack(
        of job: TrainingJob, _ words: StackWords, offsets: [UTCOffset], version: String
    ) throws(StackProblems) -> TrainingStack {
        var reader = StackReader(job: job, words: words)
        let stack = reader.read(offsets, version)
        guard let stack, reader.problems.isEmpty else { throw StackProblems(problems: reader.problems) }
        return stack
    }

    private init(job: TrainingJob, words: StackWords) {
        self.job = job
        self.words = words
    }

    private mutating func read(_ offsets: [UTCOffset], _ version: String) -> TrainingStack? {
        let regions = Set(job.offers.map(\.region)).sorted()
        let region = one(
            "--region", words.region, among: regions, "the region", /[a-z]{2}(-[a-z]+)+-[0-9]/, "eu-west-1")
        let types = job.offers.map(\.instanceType).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let type = one(
            "--instance-type", words.instanceType, among: types, "SageMaker's instance type",
            /ml\.[a-z0-9\-]+\.[a-z0-9]+/, "ml.p4d.24xlarge")
        let role = role()
        let image = wanted("--image", words.trainingImage, "the training image in ECR", Self.image) { text in
            text.wholeMatch(
                of:
                    /[0-9]{12}\.dkr\.ecr\.[a-z0-9\-]+\.amazonaws\.com(\.cn)?\/[a-z0-9._\/\-]+(:[A-Za-z0-9._\-]+)?(@sha256:[0-9a-f]{64})?/
            ) != nil
        }
        if let image, let region, !image.contains(".dkr.ecr.\(region).") {
            complain("--image: must be in \(region), where the job runs: \(image)")
        }
        let checkpoints = place(
            "--checkpoint-uri", words.checkpointUri, job.checkpoint.uri, "where checkpoints are kept")
        let output = place("--output-uri", words.outputUri, job.outputPath, "where models are put")
        let code = code(output)
        let channels = channels()
        let volume = Int(words.volumeGigabytes).flatMap { (1...16384).contains($0) ? $0 : nil }
        if volume == nil {
            complain("--volume: must be whole gigabytes from 1 to 16384, not \"\(words.volumeGigabytes)\"")
        }
        if let checkpoints, checkpoints == output {
            complain("--checkpoint-uri: must not be --output-uri: \(checkpoints)")
        }
        checkJob()
        precondition(!offsets.isEmpty, "a zone without an offset: \(job.schedule.timeZone)")
        guard let region, let type, let role, let image, let checkpoints, let output, let code, let volume else {
            return nil
        }
        return TrainingStack(
            job: job, region: region, role: role, trainingImage: image, instanceType: type, volumeGigabytes: volume,
            channels: channels, checkpointUri: checkpoints, outputUri: output, codeUri: code, offsets: offsets,
            price: nil, version: version)
    }

    // MARK: - One value each

    private static let image = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.3-gpu-py311"

    private mutating func complain(_ problem: String) { problems.append(problem) }

    private mutating func wanted(
        _ option: String, _ typed: String?, _ what: String, _ example: String, _ isRight: (String) -> Bool
    ) -> String? {
        guard let typed else {
            complain("\(option): missing: \(what), as \(example)")
            return nil
        }
        guard isRight(typed) else {
            complain("\(option): must be \(what), as \(example), not \"\(typed)\"")
            return nil
        }
        return typed
    }

    /// What was typed, or the one that the offers name.
    private mutating func one(
        _ option: String, _ typed: String?, among known: [String], _ what: String, _ form: Regex<some Any>,
        _ example: String
    ) -> String? {
        if typed == nil, known.count > 1 {
            complain("\(option): the job's offers have \(known.joined(separator: ", ")), an export has one: say which")
            return nil
        }
        return wanted(option, typed ?? known.first, what, example) { $0.wholeMatch(of: form) != nil }
    }

    private mutating func role() -> RoleName? {
        let example = "arn:aws:iam::123456789012:role/training"
        return wanted("--role-arn", words.roleArn, "the role that SageMaker takes", example) { RoleName($0) != nil }
            .flatMap(RoleName.init)
    }

    private mutating func place(_ option: String, _ typed: String?, _ job: String, _ what: String) -> String? {
        let known = typed ?? (job.hasPrefix("s3://") ? job : nil)
        let text = wanted(option, known, what, "s3://bucket/\(self.job.name)", Self.isS3)
        return text.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    private static func isS3(_ text: String) -> Bool {
        text.count <= 1024
            && text.wholeMatch(of: /s3:\/\/[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](\/[A-Za-z0-9_.\-\/=+@]*)?/) != nil
    }

    private mutating func code(_ output: String?) -> String? {
        guard let typed = words.codeUri else { return output.map { "\($0)/\(job.name)/source/sourcedir.tar.gz" } }
        return wanted("--code-uri", typed, "the source's archive", "s3://bucket/code/sourcedir.tar.gz") {
            Self.isS3($0) && $0.hasSuffix(".tar.gz")
        }
    }

    private mutating func channels() -> [TrainingStack.Channel] {
        var typed: [String: String] = [:]
        let names = job.inputChannels.map(\.name)
        for word in words.inputs {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, Self.isS3(parts[1]) else {
                complain(
                    "--input: must be a channel and where its data is, as train=s3://bucket/train, not \"\(word)\"")
                continue
            }
            if !names.contains(parts[0]) {
                let near = NearestName.of(parts[0], in: names).map { "; did you mean \($0)?" } ?? ""
                complain("--input: the job has no channel \"\(parts[0])\"\(near)")
            } else if typed.updateValue(parts[1], forKey: parts[0]) != nil {
                complain("--input: \(parts[0]) is there twice")
            }
        }
        return job.inputChannels.compactMap { channel in
            let uri = typed[channel.name] ?? (channel.path.hasPrefix("s3://") ? channel.path : nil)
            if uri == nil, !words.inputs.contains(where: { $0.hasPrefix(channel.name + "=") }) {
                complain(
                    "--input: where in S3 is the channel \(channel.name)? As \(channel.name)=s3://bucket/\(channel.name)"
                )
            }
            return uri.map { TrainingStack.Channel(name: channel.name, uri: $0) }
        }
    }

    /// What this computer can do and SageMaker cannot.
    private mutating func checkJob() {
        if let program = job.interpreter.first, program.split(separator: "/").last?.hasPrefix("python") != true {
            complain("interpreter: SageMaker's containers run a Python script, not \(program)")
        }
        if !job.checkpoint.localPath.hasPrefix("/") {
            complain("checkpointLocalPath: must be absolute in a container, as /opt/ml/checkpoints")
        }
        // Step Functions would run it.
        let texts =
            job.environment.sorted { $0.key < $1.key }.map { ("environment.\($0.key)", $0.value) }
            + job.metricDefinitions.map { ("metricDefinitions \($0.name)", $0.regex) }
        for (key, text) in texts where text.hasPrefix("{%") {
            complain("\(key): must not begin with {%, which Step Functions takes for an expression")
        }
        // Nine events a look; Step Functions ends an execution at 25,000.
        if job.maxWait > .hours(40) {
            complain("maxWait: an execution of Step Functions holds a night of 40 h at most, looked at each minute")
        }
        let limits = [("expectedRuntime", job.expectedRuntime), ("maxRun", job.maxRun)]
        for (key, duration) in limits where duration > .hours(28 * 24) {
            complain("\(key): SageMaker trains for 28 days at most")
        }
    }
}
