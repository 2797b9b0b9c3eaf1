// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Looks in the evening for what would break at three in the morning: files, programs, disks, clocks and the script
/// itself. It changes nothing and may be repeated.
package struct JobCheck: Sendable {
    private let file: JobFile
    private let surroundings: Surroundings
    private(set) var findings: [CheckFinding] = []

    /// Errors first, then warnings, each in the order of the file.
    package static func findings(_ file: JobFile, in surroundings: Surroundings) -> [CheckFinding] {
        var check = JobCheck(file: file, surroundings: surroundings)
        check.source()
        // What lies in buckets and runs in a container is doctor's to look at.
        if !file.job.offers.contains(where: { $0.backend == "sagemaker" }) {
            check.interpreter()
            check.publishing()
            check.channels()
            check.stores()
            check.disk()
        }
        check.clock()
        check.tripwires()
        if let tight = spotRoom(file) { check.findings.append(tight) }
        return check.findings.enumerated()
            .sorted { left, right in
                let order: (CheckFinding) -> Int = { $0.severity == .error ? 0 : 1 }
                return (order(left.element), left.offset) < (order(right.element), right.offset)
            }
            .map(\.element)
    }

    /// A `maxRun` under which a night soon leaves Spot alone; `nil` when there is room, or when it has no Spot to try.
    ///
    /// A night tries Spot only while what is billed, one more stay, and on-demand's way to the end fit into `maxRun`
    /// (`Night.runAllows`): a restart and an interval for the first stay and each of two more, and the last restart.
    package static func spotRoom(_ file: JobFile) -> CheckFinding? {
        let job = file.job
        let purchases = Set(job.offers.map(\.purchase))
        guard job.policy != .onDemandOnly, purchases.contains(.spot), purchases.contains(.onDemand) else { return nil }
        let least =
            job.expectedRuntime + job.uploadTime + job.onDemandWait + job.restartOverhead * 4
            + job.checkpoint.interval * 3
        guard job.maxRun < least else { return nil }
        return CheckFinding(
            file: file.path, place: file.places["maxRun"], key: "maxRun",
            concern: .littleRoomForSpot(maxRun: job.maxRun, least: least))
    }

    private init(file: JobFile, surroundings: Surroundings) {
        self.file = file
        self.surroundings = surroundings
    }

    private var job: TrainingJob { file.job }

    private mutating func note(_ concern: CheckFinding.Concern, _ key: String) {
        findings.append(CheckFinding(file: file.path, place: file.places[key], key: key, concern: concern))
    }

    private mutating func source() {
        guard isDirectory(job.sourceDirectory, key: "sourceDir") else { return }
        let script = "\(job.sourceDirectory)/\(job.entryPoint)"
        guard surroundings.kind(script) == .file else {
            note(.missingScript(script), "entryPoint")
            return
        }
        let reading = ScriptReading(job: job, surroundings: surroundings)
        if !reading.mentionsCheckpoints {
            note(.neverReadsCheckpoints(localPath: job.checkpoint.localPath), "entryPoint")
        }
        if !reading.mentionsModelDirectory { note(.neverSavesModel, "entryPoint") }
        for fixed in reading.fixedPaths {
            let concern = CheckFinding.Concern.fixedPath(literal: fixed.literal, variable: fixed.variable)
            let place = JobPlace(line: fixed.line, column: 1)
            findings.append(CheckFinding(file: fixed.file, place: place, key: "", concern: concern))
        }
    }

    private mutating func interpreter() {
        if let program = job.interpreter.first { look(for: program, "interpreter") }
    }

    /// The programs that publishing starts. A gate's name with a slash is a path in the source, of which it gets a copy.
    private mutating func publishing() {
        if job.publishing.pack { for program in ["tar", "gzip"] { look(for: program, "publish.pack") } }
        guard let program = job.publishing.gate?.command.first else { return }
        let isRelative = program.contains("/") && !program.hasPrefix("/")
        let below = program.hasPrefix("./") ? String(program.dropFirst(2)) : program
        look(for: isRelative ? "\(job.sourceDirectory)/\(below)" : program, "publish.gate.command")
    }

    private mutating func look(for program: String, _ key: String) {
        if program.contains("/") {
            if surroundings.kind(program) == nil {
                note(.programNotFound(program), key)
            } else if surroundings.kind(program) == .directory || !surroundings.isExecutable(program) {
                note(.programNotExecutable(program), key)
            }
        } else if !surroundings.searchPath.contains(where: { directory in
            let path = "\(directory)/\(program)"
            return surroundings.kind(path) == .file && surroundings.isExecutable(path)
        }) {
            note(.programNotFound(program), key)
        }
    }

    private mutating func channels() {
        for channel in job.inputChannels {
            let key = "inputs.\(JobReader.shown(channel.name))"
            guard isDirectory(channel.path, key: key) else { continue }
            if surroundings.names(channel.path)?.isEmpty == true {
                note(.emptyChannel(name: channel.name, path: channel.path), key)
            }
        }
        if let usage = job.otherUsage, surroundings.kind(usage) != .file { note(.missingUsage(usage), "otherUsage") }
        if let market = job.market, surroundings.kind(market) != .file { note(.missingMarket(market), "market") }
    }

    /// The directories that the night writes to; they need not exist yet.
    private mutating func stores() {
        for (key, path) in [("checkpointUri", job.checkpoint.uri), ("outputPath", job.outputPath)] {
            let existing = surroundings.existingAncestor(of: path)
            guard surroundings.kind(existing) == .directory else {
                note(.notADirectory(existing), key)
                continue
            }
            if !surroundings.isWritable(existing) { note(.notWritable(existing), key) }
            if key == "outputPath", let foreign = surroundings.foreignPointer(path) {
                note(.foreignPointer(foreign), key)
            }
            if let type = surroundings.fileSystem(existing), ["tmpfs", "ramfs"].contains(type) {
                note(.inMemory(path: path, fileSystem: type), key)
            }
        }
    }

    /// Room for the generations that are kept, one being written and one being pruned.
    private mutating func disk() {
        guard let bytes = job.checkpoint.expectedBytes else { return }
        let generations = job.checkpoint.keep + 2
        let (needed, overflow) = bytes.multipliedReportingOverflow(by: Int64(generations))
        let place = surroundings.existingAncestor(of: job.checkpoint.uri)
        guard let free = surroundings.freeBytes(place), overflow || needed > free else { return }
        note(
            .diskFull(path: place, needed: overflow ? .max : needed, free: free, generations: generations),
            file.places.contains("checkpointSize") ? "checkpointSize" : "checkpointUri")
    }

    private mutating func clock() {
        let now = surroundings.now
        guard let dates = NightDates(schedule: job.schedule) else {
            note(.unknownZone(job.schedule.timeZone), "schedule.timeZone")
            return
        }
        guard (2024...2100).contains(dates.localDate(of: now).year) else {
            note(.clock(now), "schedule")
            return
        }
        let needed = job.expectedRuntime + job.restartOverhead + job.onDemandWait + job.uploadTime + job.safetyMargin
        let tonight = dates.nightDate(containingOrAfter: now)
        let left = dates.window(on: tonight).deadline - now
        if dates.window(on: tonight).start <= now, left < needed {
            note(.lateTonight(date: tonight, left: left, needed: needed), "schedule.start")
        }
        // A year ahead sees both clock changes; the first night that is too short is enough to say.
        for day in 0..<366 {
            let date = tonight.advanced(by: day)
            let window = dates.window(on: date).length
            if window < needed {
                note(.shortNight(date: date, window: window, needed: needed), "schedule.deadline")
                break
            }
        }
    }

    private mutating func tripwires() {
        let off = job.tripwires.off
        if !off.isEmpty { note(.tripwiresOff(off), "tripwires") }
    }

    /// `true` when a directory is there; complains otherwise.
    private mutating func isDirectory(_ path: String, key: String) -> Bool {
        switch surroundings.kind(path) {
        case .directory: return true
        case .file: note(.notADirectory(path), key)
        case nil: note(.missingDirectory(path), key)
        }
        return false
    }
}
