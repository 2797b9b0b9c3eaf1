// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A training job's course as SageMaker would tell it: told what happens, it answers what is to be done. No clock, no
/// file, no process.
package struct StageJob: Hashable, Sendable {
    /// What a request fixes of the course.
    package struct Terms: Hashable, Sendable {
        package var instanceType: String
        package var purchase: PurchaseOption
        package var maxRuntime: Duration
        /// Spot has one.
        package var maxWait: Duration?
        /// How long on-demand is waited for.
        package var maxPending: Duration
        /// After a fault of the platform, not of the script's.
        package var retries: Int

        package init(
            instanceType: String, purchase: PurchaseOption, maxRuntime: Duration, maxWait: Duration?,
            maxPending: Duration, retries: Int
        ) {
            self.instanceType = instanceType
            self.purchase = purchase
            self.maxRuntime = maxRuntime
            self.maxWait = maxWait
            self.maxPending = maxPending
            self.retries = retries
        }
    }

    /// What happens. A number says which machine it speaks of; what an earlier machine still says is not heard.
    package enum Event: Hashable, Sendable {
        /// The job was created, or time has passed.
        case looked
        case launched(Int)
        case prepared(Int)
        case downloaded(Int)
        /// The script's end, or that it could not be started; `nil` is success.
        case exited(Int, failure: String?)
        /// What the script left is in the bucket, or why not.
        case uploaded(Int, modelArtifacts: String?, failure: String?)
        /// Nothing of the machine is left.
        case gone(Int)
        /// The server that played the machine ended with it; when it was last seen alive.
        case machineLost(lastSeen: Instant)
        case stopRequested
    }

    package enum Directive: Hashable, Sendable {
        case start(Int)
        /// SIGTERM to the script's process group. Comes at any time of a stay, also before there is a script.
        case terminate(Int)
        /// SIGKILL to everything on the machine, and then `gone`.
        case kill(Int)
        /// Ends the script at once, but keeps the machine.
        case killScript(Int)
        /// Publishes what the script left; the model only where `withModel`.
        case upload(Int, withModel: Bool)
    }

    /// A script that was told to stop has so long: "120 seconds" in the documentation of `StopTrainingJob`.
    static let grace = Duration.seconds(120)
    /// No script can save in less wall time than this, however fast the market's clock is.
    static let leastWallGrace = Duration.seconds(2)

    package let terms: Terms
    package let supply: StageSupply
    package let clock: ClockScale
    package internal(set) var record: StageJobRecord

    /// `factor` is market seconds for each second of the wall.
    package init(terms: Terms, supply: StageSupply, factor: Int, record: StageJobRecord) {
        self.terms = terms
        self.supply = supply
        self.record = record
        clock = ClockScale(wallOrigin: record.created, nightOrigin: Instant(milliseconds: 0), factor: factor)
    }

    package mutating func handle(_ event: Event, at wall: Instant) -> [Directive] {
        guard !record.isOver else { return [] }
        var directives: [Directive] = []
        if record.transitions.isEmpty { enter(.starting, at: wall) }
        switch event {
        case .looked: break
        case .launched(let stay) where stay == record.stays && record.phase == .working:
            enter(.preparingTrainingStack, at: wall)
        case .prepared(let stay) where stay == record.stays && record.phase == .working:
            enter(.downloading, at: wall)
        case .downloaded(let stay) where stay == record.stays && record.phase == .working:
            record.trainingStarted = record.trainingStarted ?? wall
            enter(.training, at: wall)
        case .exited(let stay, let failure) where stay == record.stays:
            directives += exited(failure, at: wall)
        case .uploaded(let stay, let artifacts, let failure) where stay == record.stays:
            uploaded(artifacts, failure, at: wall)
        case .gone(let stay) where stay == record.stays:
            gone(at: wall)
        case .machineLost(let lastSeen): machineLost(lastSeen: lastSeen, at: wall)
        case .stopRequested: directives += stop(at: wall)
        case .launched, .prepared, .downloaded, .exited, .uploaded, .gone: break
        }
        return directives + look(at: wall)
    }

    /// The next moment of the wall's clock at which something is due by itself; `nil` when nothing is.
    package var nextLook: Instant? {
        let due = dueMoments.min()
        return due.map { clock.wall(at: $0) }
    }

    private var dueMoments: [Instant] {
        var due: [Instant] = []
        let origin = Instant(milliseconds: 0)
        let wait = terms.maxWait.map { origin + $0 }
        switch record.phase {
        case .waiting:
            if let wait { due.append(wait) }
            if terms.purchase == .onDemand { due.append(origin + terms.maxPending + asked) }
            if let grant = nextGrant(at: asked) { due.append(origin + grant.at) }
        case .working:
            if let wait { due.append(wait) }
            if let stay = record.stay { due.append(stay.from + runtimeLeft) }
        case .ending(_, let killAt): due.append(killAt)
        case .uploading, .reclaimed, .over: break
        }
        if let stay = record.stay, hasMachine {
            if let until = stay.until { due.append(until) }
            if let notice = stay.noticeAt, !stay.wasNoticed { due.append(notice) }
        }
        return due
    }

    /// When the job last began to wait for a machine, since its creation.
    var asked: Duration {
        clock.night(at: record.transitions.last?.start ?? record.created) - Instant(milliseconds: 0)
    }

    func nextGrant(at time: Duration) -> StageSupply.Grant? {
        let first = record.notBefore.map { $0 - Instant(milliseconds: 0) } ?? time
        return supply.grant(at: max(time, first), askedAt: asked, launch: record.restarts)
    }

    var runtimeLeft: Duration { terms.maxRuntime - .milliseconds(record.trainedMilliseconds) }

    var hasMachine: Bool {
        switch record.phase {
        case .working, .ending, .uploading: true
        case .waiting, .reclaimed, .over: false
        }
    }

    mutating func enter(_ status: SecondaryStatus, at wall: Instant) {
        // A wall clock that is set back must not make a status end before it began.
        let moment = max(wall, record.transitions.last?.start ?? wall)
        if let last = record.transitions.indices.last { record.transitions[last].end = moment }
        record.transitions.append(
            StageJobRecord.Transition(status: status, start: moment, end: nil, message: status.message))
        record.modified = moment
    }
}
