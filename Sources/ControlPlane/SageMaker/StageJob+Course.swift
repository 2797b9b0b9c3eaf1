// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What each event does to a job.
extension StageJob {
    /// What is due by itself at this moment.
    mutating func look(at wall: Instant) -> [Directive] {
        let now = clock.night(at: wall)
        let time = now - Instant(milliseconds: 0)
        if case .waiting = record.phase { return lookForMachine(time, at: wall) }
        guard hasMachine, var stay = record.stay else { return [] }
        if let until = stay.until, now >= until { return interrupt(at: wall) }
        var directives: [Directive] = []
        if let notice = stay.noticeAt, now >= notice, !stay.wasNoticed {
            stay.wasNoticed = true
            record.stay = stay
            if case .working = record.phase { directives.append(.terminate(record.stays)) }
        }
        switch record.phase {
        case .working:
            if let wait = terms.maxWait, time >= wait {
                directives += end(.maxWaitTimeExceeded, at: wall)
            } else if now - stay.from >= runtimeLeft {
                directives += end(.maxRuntimeExceeded, at: wall)
            }
        case .ending(let ending, let killAt) where now >= killAt:
            record.phase = .ending(ending, killAt: .distantFuture)
            directives.append(.killScript(record.stays))
        case .waiting, .ending, .uploading, .reclaimed, .over: break
        }
        return directives
    }

    private mutating func lookForMachine(_ time: Duration, at wall: Instant) -> [Directive] {
        if let wait = terms.maxWait, time >= wait {
            finish(.maxWaitTimeExceeded, at: wall)
            return []
        }
        guard !supply.listings.isEmpty else {
            finish(
                .failed(
                    Self.capacityError + " (The stage's market lists no \(terms.purchase.rawValue) "
                        + "\(terms.instanceType).)"), at: wall)
            return []
        }
        let grant = nextGrant(at: time)
        if terms.purchase == .onDemand, time - asked >= terms.maxPending, grant.map({ $0.at > time }) ?? true {
            finish(.failed(Self.capacityError), at: wall)
            return []
        }
        guard let grant, grant.at <= time else { return [] }
        let origin = Instant(milliseconds: 0)
        record.stays += 1
        record.stay = StageJobRecord.Stay(
            from: origin + time, until: grant.until.map { origin + $0 },
            noticeAt: grant.until.flatMap { until in grant.notice.map { origin + until - $0 } }, listing: grant.listing)
        record.phase = .working
        enter(.launchingMLInstances, at: wall)
        return [.start(record.stays)]
    }

    private mutating func interrupt(at wall: Instant) -> [Directive] {
        // A job that was being ended ends with its machine.
        let ending: StageJobRecord.Ending?
        switch record.phase {
        case .ending(let reason, _): ending = reason
        case .uploading(let reason): ending = reason == .completed ? nil : reason
        case .waiting, .working, .reclaimed, .over: ending = nil
        }
        enter(.interrupted, at: wall)
        record.phase = .reclaimed(ending)
        record.notBefore = record.stay?.until
        closeStay(at: wall)
        return [.kill(record.stays)]
    }

    mutating func exited(_ failure: String?, at wall: Instant) -> [Directive] {
        switch record.phase {
        case .working:
            // Told that the machine goes, it went.
            if failure != nil, record.stay?.wasNoticed == true { return interrupt(at: wall) }
            let ending = failure.map { StageJobRecord.Ending.failed($0) } ?? .completed
            record.phase = .uploading(ending)
            enter(.uploading, at: wall)
            return [.upload(record.stays, withModel: failure == nil)]
        case .ending(let ending, _):
            record.phase = .uploading(ending)
            enter(.uploading, at: wall)
            return [.upload(record.stays, withModel: true)]
        case .waiting, .uploading, .reclaimed, .over:
            return []
        }
    }

    mutating func uploaded(_ artifacts: String?, _ failure: String?, at wall: Instant) {
        guard case .uploading(let ending) = record.phase else { return }
        record.modelArtifacts = artifacts
        if let failure, ending == .completed {
            finish(.failed(failure), at: wall)
        } else {
            finish(ending, at: wall)
        }
    }

    mutating func gone(at wall: Instant) {
        guard case .reclaimed(let ending) = record.phase else { return }
        if let ending { return finish(ending, at: wall) }
        record.phase = .waiting
        enter(.starting, at: wall)
    }

    mutating func machineLost(lastSeen: Instant, at wall: Instant) {
        switch record.phase {
        case .waiting, .over: return
        case .reclaimed: return gone(at: wall)
        case .ending(let ending, _):
            closeStay(at: lastSeen)
            return finish(ending, at: wall)
        case .uploading(let ending) where ending != .completed:
            closeStay(at: lastSeen)
            return finish(ending, at: wall)
        case .working, .uploading: break
        }
        closeStay(at: lastSeen)
        record.phase = .waiting
        if terms.purchase == .spot {
            enter(.interrupted, at: wall)
            enter(.starting, at: wall)
        } else if record.restarts < terms.retries {
            record.restarts += 1
            enter(.restarting, at: wall)
        } else {
            finish(.failed(Self.serverEnded), at: wall)
        }
    }

    mutating func stop(at wall: Instant) -> [Directive] {
        switch record.phase {
        case .waiting:
            finish(.stopped, at: wall)
            return []
        case .working: return end(.stopped, at: wall)
        case .reclaimed:
            record.status = .stopping
            record.phase = .reclaimed(.stopped)
        case .uploading:
            record.status = .stopping
            record.phase = .uploading(.stopped)
        case .ending, .over: break
        }
        return []
    }

    /// Tells the script to end.
    private mutating func end(_ ending: StageJobRecord.Ending, at wall: Instant) -> [Directive] {
        if ending == .stopped {
            record.status = .stopping
            enter(.stopping, at: wall)
        }
        let least = Self.leastWallGrace * clock.factor
        record.phase = .ending(ending, killAt: clock.night(at: wall) + max(Self.grace, least))
        return [.terminate(record.stays)]
    }

    mutating func finish(_ ending: StageJobRecord.Ending, at wall: Instant) {
        closeStay(at: wall)
        record.phase = .over
        switch ending {
        case .completed:
            record.status = .completed
            enter(.completed, at: wall)
        case .stopped:
            record.status = .stopped
            enter(.stopped, at: wall)
        case .maxRuntimeExceeded:
            record.status = .stopped
            enter(.maxRuntimeExceeded, at: wall)
        case .maxWaitTimeExceeded:
            record.status = .stopped
            enter(.maxWaitTimeExceeded, at: wall)
        case .failed(let reason):
            record.status = .failed
            record.failureReason = String(reason.unicodeScalars.prefix(Self.reasonLimit))
            enter(.failed, at: wall)
        }
        record.ended = record.modified
    }

    private mutating func closeStay(at wall: Instant) {
        guard let stay = record.stay else { return }
        record.stay = nil
        let now = max(stay.from, clock.night(at: wall))
        let end = min(now, stay.until ?? now)
        let origin = Instant(milliseconds: 0)
        record.trainedMilliseconds += (end - stay.from).milliseconds
        record.billableMilliseconds += supply.billableMilliseconds(
            listing: stay.listing, from: stay.from - origin, until: end - origin)
    }

    /// Source: the model of `FailureReason`.
    private static let reasonLimit = 1024
    /// Source: failure reasons that users publish; the SDK looks for the first word.
    private static let capacityError =
        "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance "
        + "type."
    private static let serverEnded =
        "InternalServerError: We encountered an internal error. Please try again. (The stage's server ended while the "
        + "job was training, and its machine with it.)"
}

extension Instant {
    /// Later than anything that is due.
    static var distantFuture: Instant { Instant(milliseconds: .max / 4) }
}
