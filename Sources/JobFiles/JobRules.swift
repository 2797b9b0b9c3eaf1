// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What the table of keys can't say: how the keys of one file must agree with each other. Each rule asks for the
/// values that it needs and is silent when one of them is wrong already.
struct JobRules {
    let values: JobValues
    /// Also of keys whose values were wrong.
    private let written: JobPlaces
    private(set) var drafts: [JobProblem.Draft] = []

    static func check(_ values: JobValues, written: JobPlaces) -> [JobProblem.Draft] {
        var rules = JobRules(values: values, written: written)
        rules.window()
        rules.limits()
        rules.metrics()
        rules.progress()
        rules.lossMetric()
        rules.gate()
        rules.offers()
        rules.places()
        rules.backends()
        rules.environment()
        return rules.drafts
    }

    private init(values: JobValues, written: JobPlaces) {
        self.values = values
        self.written = written
    }

    /// The file itself, for keys that are not there.
    var root: JobPlace? { written[""] }
    func isWritten(_ name: String) -> Bool { written.contains(name) }

    mutating func note(_ complaint: JobComplaint, at place: JobPlace?, key: String) {
        let place = place ?? JobPlace(line: 1, column: 1)
        drafts.append(JobProblem.Draft(place: place, key: key, complaint: complaint))
    }

    /// On-demand from the very start must keep the deadline, or nothing can.
    private mutating func window() {
        guard let schedule = values.group("schedule"), let start = schedule.minutes("start"),
            let deadline = schedule.minutes("deadline")
        else { return }
        let window = Duration.seconds(NightDates.windowMinutes(start: start, deadline: deadline) * 60)
        if let maxWait = values.duration("maxWait"), maxWait < window {
            note(
                .maxWaitBeforeDeadline(maxWait: maxWait, window: window), at: values.place("maxWait"), key: "maxWait")
        }
        let names = ["expectedRuntime", "restartOverhead", "onDemandWait", "uploadTime", "safetyMargin"]
        let parts = names.compactMap { name in
            values.duration(name).map { JobComplaint.Part(key: name, duration: $0) }
        }
        // A part that could not be read counts as nothing: what is already too long stays too long.
        let needed = parts.reduce(Duration.zero) { $0 + $1.duration }
        if needed > window, parts.contains(where: { $0.key == "expectedRuntime" }) {
            note(
                .hopeless(window: window, needed: needed, parts: parts.filter { $0.duration > .zero }),
                at: schedule.place("deadline"), key: "schedule.deadline")
        }
    }

    private mutating func limits() {
        let maxRun = values.duration("maxRun")
        if let expected = values.duration("expectedRuntime") {
            if let maxRun, maxRun < expected {
                note(.maxRunTooShort(maxRun: maxRun, expected: expected), at: values.place("maxRun"), key: "maxRun")
            }
            if let interval = values.duration("checkpointInterval"), interval >= expected {
                note(
                    .intervalTooLong(interval: interval, expected: expected), at: values.place("checkpointInterval"),
                    key: "checkpointInterval")
            }
        }
        if let maxRun, let maxWait = values.duration("maxWait"), maxWait < maxRun {
            note(.maxWaitTooShort(maxWait: maxWait, maxRun: maxRun), at: values.place("maxWait"), key: "maxWait")
        }
    }

    private mutating func metrics() {
        var first: [String: JobPlace] = [:]
        for (index, metric) in values.groups("metricDefinitions").enumerated() {
            let path = "metricDefinitions[\(index)]"
            if let name = metric.text("name"), let place = metric.place("name") {
                if let earlier = first[name] {
                    note(.duplicateMetric(name: name, firstLine: earlier.line), at: place, key: "\(path).name")
                } else {
                    first[name] = place
                }
            }
            if let regex = metric.text("regex") {
                check(regex: regex, at: metric.place("regex"), key: "\(path).regex")
            }
        }
    }

    private mutating func lossMetric() {
        guard let badLoss = values.group("tripwires")?.group("badLoss") else { return }
        metric(of: badLoss, in: "tripwires.badLoss")
    }

    /// A group's key `metric`, if it is there, must name one of the file's metrics.
    private mutating func metric(of group: JobValues, in path: String) {
        guard let name = group.text("metric") else { return }
        let known = values.groups("metricDefinitions").compactMap { $0.text("name") }
        guard !known.contains(name) else { return }
        note(
            .undefinedMetric(name: name, nearest: NearestName.of(name, in: known), known: known),
            at: group.place("metric"), key: "\(path).metric")
    }

    private mutating func progress() {
        guard let progress = values.group("progress") else { return }
        metric(of: progress, in: "progress")
        if let regex = progress.text("checkpointName") {
            check(regex: regex, at: progress.place("checkpointName"), key: "progress.checkpointName")
        }
    }

    /// A gate asks a metric within one bound, or a command, or both.
    private mutating func gate() {
        guard let gate = values.group("publish")?.group("gate") else { return }
        func isWritten(_ name: String) -> Bool { written.contains("publish.gate.\(name)") }
        let bounds = ["atMost", "atLeast"].filter(isWritten)
        let place = written["publish.gate"]
        if let name = gate.text("metric") {
            let known = values.groups("metricDefinitions").compactMap { $0.text("name") }
            if !known.contains(name) {
                note(
                    .undefinedMetric(name: name, nearest: NearestName.of(name, in: known), known: known),
                    at: gate.place("metric"), key: "publish.gate.metric")
            }
            if bounds.count != 1 {
                note(.exactlyOneOf(["atMost", "atLeast"], found: bounds.count), at: place, key: "publish.gate")
            }
        } else if !isWritten("metric"), !bounds.isEmpty || isWritten("worseThanPrevious") {
            note(.missingKey(name: "metric", example: "metric: epoch"), at: place, key: "publish.gate")
        } else if !isWritten("metric"), !isWritten("command") {
            note(.emptyGate, at: place, key: "publish.gate")
        }
    }

    private mutating func check(regex: String, at place: JobPlace?, key: String) {
        if regex.count > 500 {
            note(.regexTooLong(length: regex.count, limit: 500), at: place, key: key)
            return
        }
        do {
            let groups = try CaptureGroups.count(in: regex)
            if groups != 1 { note(.regexGroups(found: groups), at: place, key: key) }
        } catch {
            note(.regexBroken("\(error)"), at: place, key: key)
        }
    }

    private mutating func offers() {
        let entries = values.groups("offers")
        guard !entries.isEmpty else { return }
        var first: [String: JobPlace] = [:]
        var isWhole = true
        for (index, entry) in entries.enumerated() {
            guard let expanded = JobBuilder.offers(of: entry) else {
                isWhole = false
                continue
            }
            let place = entry.place("backend")
            for offer in expanded {
                if let earlier = first[offer.name] {
                    note(.duplicateOffer(offer, firstLine: earlier.line), at: place, key: "offers[\(index)]")
                    break
                }
                first[offer.name] = place
            }
            for offer in expanded where first[offer.name] == nil { first[offer.name] = place }
            for (position, zone) in entry.texts("zones").enumerated() {
                if let region = entry.text("region"), !zone.text.hasPrefix(region),
                    !(zone.text == "any" && entry.text("backend") == "sagemaker")
                {
                    note(
                        .zoneOutsideRegion(zone: zone.text, region: region), at: zone.place,
                        key: "offers[\(index)].zones[\(position)]")
                }
            }
        }
        // An entry that could not be read may hold just what seems to be missing.
        guard isWhole else { return }
        purchases(entries)
    }

    private mutating func purchases(_ entries: [JobValues]) {
        let policy = values.text("policy").flatMap(PolicyName.init(rawValue:)) ?? .nightshift
        let options = Set(entries.flatMap { $0.texts("purchaseOptions").map(\.text) })
        let place = values.place("offers")
        if !options.contains("on-demand") { note(.noOnDemandOffer(policy: policy), at: place, key: "offers") }
        if policy != .onDemandOnly, !options.contains("spot") {
            note(.noSpotOffer(policy: policy), at: place, key: "offers")
        }
        if policy == .onDemandOnly, options.contains("spot") {
            note(.spotOffersUnused, at: values.place("policy"), key: "policy")
        }
    }

    /// Two kinds of files in one directory would be pruned as if they were one.
    private mutating func places() {
        guard let checkpoints = values.text("checkpointUri") else { return }
        for name in ["outputPath", "sourceDir"] where values.text(name) == checkpoints {
            note(.samePlace(other: name), at: values.place("checkpointUri"), key: "checkpointUri")
        }
    }

    private mutating func environment() {
        for pair in values.pairs("environment") where ["SM_", "NIGHTSHIFT_"].contains(where: pair.name.hasPrefix) {
            note(.reservedName(name: pair.name), at: pair.place, key: "environment.\(pair.name)")
        }
    }
}
