// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension TrainingConditions {
    /// How a past night trained: what its machines told, and the terms' word where they told nothing.
    package init(observedIn events: [NightEvent], of terms: NightTerms) {
        let record = TrainingRecord(events)
        let saveTime = record.saveTime ?? .zero
        let declared = terms.expectedRuntime.realSeconds / terms.totalUnits
        let pace = record.secondsPerUnit(without: saveTime) ?? declared
        self.init(
            secondsPerUnit: pace, restart: record.restart ?? terms.restartOverhead,
            upload: record.upload.map { max(.zero, $0 - saveTime) } ?? terms.uploadTime,
            unitsPerCheckpoint: record.unitsPerCheckpoint ?? terms.checkpointInterval.realSeconds / pace)
        restarts = record.restarts
        self.saveTime = saveTime
        savesOnNotice = record.savesOnNotice ?? true
        tellsFractions = true
    }

    /// As if the script saved this often.
    package mutating func setCheckpointInterval(_ interval: Duration) {
        unitsPerCheckpoint = max(1e-6, interval.realSeconds / secondsPerUnit)
    }
}

/// What the machines of one night told about its training.
private struct TrainingRecord {
    private struct Stay {
        var offer: Offer
        var since: Instant?
        var start: TrainingStart?
        var points: [ProgressPoint] = []
        var commits: [CommittedGeneration] = []
        var notice: InterruptionNotice?
    }

    private var stays: [String: Stay] = [:]
    private var keys: [String] = []
    private var model: (key: String, at: Instant)?

    init(_ events: [NightEvent]) {
        for event in events {
            switch event.kind {
            case .launchRequested(let order):
                if stays[order.key] == nil { keys.append(order.key) }
                stays[order.key] = Stay(offer: order.offer)
            case .machineRunning(let key, let since): stays[key]?.since = since
            case .trainingStarted(let key, let start): stays[key]?.start = start
            case .progressed(let key, let point): stays[key]?.points.append(point)
            case .committed(let key, let commit): stays[key]?.commits.append(commit)
            case .noticed(let key, let notice): stays[key]?.notice = notice
            case .modelReady(let key, let artifact): model = (key, artifact.at)
            default: break
            }
        }
    }

    private var inOrder: [Stay] { keys.compactMap { stays[$0] } }

    /// From "machine granted" to "training runs", the mean of all.
    var restart: Duration? { Self.mean(inOrder.compactMap(Self.restart)) }

    var restarts: [Offer: Duration] {
        var found: [Offer: [Duration]] = [:]
        for stay in inOrder { if let time = Self.restart(stay) { found[stay.offer, default: []].append(time) } }
        return found.compactMapValues(Self.mean)
    }

    private static func restart(_ stay: Stay) -> Duration? {
        guard let since = stay.since, let start = stay.start else { return nil }
        return max(.zero, start.at - since)
    }

    /// From the progress that a checkpoint holds to its being durable, the median.
    var saveTime: Duration? {
        let times = inOrder.flatMap { stay in
            stay.commits.compactMap { commit in
                stay.points.first { $0.units == commit.units }.map { max(.zero, commit.at - $0.at) }
            }
        }
        return times.isEmpty ? nil : times.sorted()[times.count / 2]
    }

    /// Over all stays, the time of saves taken off; to seven digits, since instants are whole milliseconds.
    func secondsPerUnit(without saveTime: Duration) -> Double? {
        var (seconds, units) = (0.0, 0.0)
        for stay in inOrder {
            guard let first = stay.points.first, let last = stay.points.last, last.units > first.units else { continue }
            let saves = stay.commits.count { $0.at > first.at && $0.at <= last.at }
            seconds += (last.at - first.at).realSeconds - Double(saves) * saveTime.realSeconds
            units += last.units - first.units
        }
        guard units > 0, seconds > 0 else { return nil }
        var scale = 1.0
        while seconds / units * scale < 1_000_000 { scale *= 10 }
        return (seconds / units * scale).rounded() / scale
    }

    /// The median step from one checkpoint of a machine to its next.
    var unitsPerCheckpoint: Double? {
        var steps: [Double] = []
        for stay in inOrder {
            var last = stay.start?.units ?? 0
            for commit in stay.commits {
                if commit.units > last { steps.append(commit.units - last) }
                last = commit.units
            }
        }
        return steps.isEmpty ? nil : steps.sorted()[steps.count / 2]
    }

    /// From the last progress to the model in place.
    var upload: Duration? {
        guard let model, let last = stays[model.key]?.points.last else { return nil }
        return max(.zero, model.at - last.at)
    }

    /// Whether any machine committed after its notice; `nil` without a notice.
    var savesOnNotice: Bool? {
        let noticed = inOrder.filter { $0.notice != nil && $0.start != nil }
        guard !noticed.isEmpty else { return nil }
        return noticed.contains { stay in
            stay.notice.map { notice in stay.commits.contains { $0.at >= notice.seenAt } } ?? false
        }
    }

    private static func mean(_ times: [Duration]) -> Duration? {
        times.isEmpty ? nil : .milliseconds(times.reduce(0) { $0 + $1.milliseconds } / Int64(times.count))
    }
}
