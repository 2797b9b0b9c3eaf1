// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension TrainingConditions {
    /// How a past night trained: what its machines told, and the terms' word where they told nothing.
    package init(observedIn events: [NightEvent], of terms: NightTerms) {
        let record = TrainingRecord(events)
        let declared = terms.expectedRuntime.realSeconds / terms.totalUnits
        let stall = record.stall
        let pace = record.secondsPerUnit(without: stall) ?? declared
        let restarts = record.restarts(pace)
        self.init(
            secondsPerUnit: pace, restart: restarts.mean ?? terms.restartOverhead,
            upload: record.upload.map { max(.zero, $0 - stall) } ?? terms.uploadTime,
            unitsPerCheckpoint: record.unitsPerCheckpoint ?? terms.checkpointInterval.realSeconds / pace)
        self.restarts = restarts.byOffer
        saveTime = stall
        commitLag = max(.zero, (record.commitDelay ?? .zero) - stall)
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
            case .waitingAgain(let key, _):
                // The next stay is told under the same key: this one is kept under another.
                guard let stay = stays[key] else { break }
                stays["\(key) \(keys.count)"] = stay
                keys.insert("\(key) \(keys.count)", at: keys.firstIndex(of: key) ?? 0)
                stays[key] = Stay(offer: stay.offer)
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

    /// From "machine granted" to training, until it makes progress, the mean of all and of each offer.
    func restarts(_ secondsPerUnit: Double) -> (mean: Duration?, byOffer: [Offer: Duration]) {
        var found: [Offer: [Duration]] = [:]
        var all: [Duration] = []
        for stay in inOrder {
            guard let since = stay.since, let start = stay.start else { continue }
            var time = max(.zero, start.at - since)
            if let first = stay.points.first {
                // What the script needs before its first unit can be told from its pace.
                let trained = Duration.milliseconds(Int64((first.units - start.units) * secondsPerUnit * 1000))
                time += max(.zero, first.at - start.at - trained)
            }
            found[stay.offer, default: []].append(time)
            all.append(time)
        }
        return (Self.mean(all), found.compactMapValues(Self.mean))
    }

    /// From the progress that a checkpoint holds to its being durable, the median.
    var commitDelay: Duration? {
        Self.median(
            inOrder.flatMap { stay in
                stay.commits.compactMap { commit in
                    stay.points.first { Self.isSame($0.units, commit.units) }.map { max(.zero, commit.at - $0.at) }
                }
            })
    }

    /// How long a save holds training up: what a unit takes longer when a save is within it, the medians compared.
    var stall: Duration {
        var (plain, saving): ([Double], [Double]) = ([], [])
        for stay in inOrder {
            for (from, until) in zip(stay.points, stay.points.dropFirst())
            where Self.isSame(until.units, from.units + 1) {
                let saves = Self.saves(of: stay, from, until)
                let pace = (until.at - from.at).realSeconds
                guard saves <= 1 else { continue }
                if saves == 0 { plain.append(pace) } else { saving.append(pace) }
            }
        }
        guard let plain = Self.median(plain), let saving = Self.median(saving), let most = commitDelay else {
            return .zero
        }
        return min(most, max(.zero, .milliseconds(Int64(((saving - plain) * 1000).rounded()))))
    }

    /// Over all stays, the time of saves taken off; to seven digits, since instants are whole milliseconds.
    func secondsPerUnit(without saveTime: Duration) -> Double? {
        var (seconds, units) = (0.0, 0.0)
        for stay in inOrder {
            guard let first = stay.points.first, let last = stay.points.last, last.units > first.units else { continue }
            let saves = Self.saves(of: stay, first, last)
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
        return Self.median(steps)
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

    /// Saves that a machine made between two of its points.
    private static func saves(of stay: Stay, _ from: ProgressPoint, _ until: ProgressPoint) -> Int {
        stay.commits.count { $0.units > from.units - 1e-6 && $0.units < until.units - 1e-6 }
    }

    /// Units are told as decimals, and sums of them differ in the last place.
    private static func isSame(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-6 }

    private static func median<Value: Comparable>(_ values: [Value]) -> Value? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    private static func mean(_ times: [Duration]) -> Duration? {
        times.isEmpty ? nil : .milliseconds(times.reduce(0) { $0 + $1.milliseconds } / Int64(times.count))
    }
}
