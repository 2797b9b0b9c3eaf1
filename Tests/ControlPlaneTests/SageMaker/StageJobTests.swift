// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import SpotMarket
import Testing
import TrainingJobs

/// The course of jobs in a market of their own, at market speed.
@Suite struct StageJobTests {
    private static let start = Instant(milliseconds: 1_800_000_000_000)

    /// A job with a hand on its clock. It refuses a directive that was not expected.
    private struct Course {
        var job: StageJob
        var seconds = 0.0

        init(
            _ purchase: PurchaseOption = .spot, spells: [(Int, Int, Int?)] = [(0, 100_000, nil)], waits: [Int] = [],
            maxRuntime: Int = 3600, maxWait: Int = 7200, retries: Int = 0, isListed: Bool = true, factor: Int = 1
        ) {
            func listing(_ purchase: PurchaseOption, _ rate: Int64, _ supply: Market.Supply) -> Market.Listing {
                Market.Listing(
                    offer: Offer(
                        backend: "stage", instanceType: "ml.x", region: "r", zone: "ra", purchase: purchase),
                    prices: [Market.PriceStep(from: .zero, rate: HourlyRate(microdollars: rate))], supply: supply)
            }
            let onDemand = listing(.onDemand, 1_000_000, .waits(waits.map { .seconds($0) }))
            let spot = listing(
                .spot, 300_000,
                .spells(
                    spells.map { from, until, notice in
                        Market.Spell(
                            from: .seconds(from), until: .seconds(until), notice: notice.map { .seconds($0) })
                    }))
            job = StageJob(
                terms: StageJob.Terms(
                    instanceType: "ml.x", purchase: purchase, maxRuntime: .seconds(maxRuntime),
                    maxWait: purchase == .spot ? .seconds(maxWait) : nil, maxPending: .seconds(7200),
                    retries: retries),
                supply: StageSupply(
                    listings: isListed ? [purchase == .spot ? spot : onDemand] : [],
                    onDemand: isListed ? onDemand : nil),
                factor: factor, record: StageJobRecord(created: StageJobTests.start))
        }

        /// Tells an event so many seconds of the wall after the creation.
        mutating func at(_ seconds: Double, _ event: StageJob.Event = .looked) -> [StageJob.Directive] {
            self.seconds = seconds
            return job.handle(
                event, at: Instant(milliseconds: StageJobTests.start.milliseconds + Int64(seconds * 1000)))
        }

        /// From the start of a machine to training.
        mutating func train(_ number: Int, at seconds: Double) -> [StageJob.Directive] {
            at(seconds, .launched(number)) + at(seconds, .prepared(number)) + at(seconds, .downloaded(number))
        }

        var statuses: [SecondaryStatus] { job.record.transitions.map(\.status) }
        var nextLook: Double? {
            job.nextLook.map { Double($0.milliseconds - StageJobTests.start.milliseconds) / 1000 }
        }
    }

    @Test("A quiet Spot job completes, and is billed by the market's ratio of prices")
    func completes() {
        var course = Course()
        #expect(course.at(0) == [.start(1)])
        #expect(course.train(1, at: 10) == [])
        #expect(course.at(1000, .exited(1, failure: nil)) == [.upload(1, withModel: true)])
        #expect(course.at(1000.5, .uploaded(1, modelArtifacts: "s3://b/m", failure: nil)) == [])
        #expect(
            course.statuses == [
                .starting, .launchingMLInstances, .preparingTrainingStack, .downloading, .training, .uploading,
                .completed,
            ])
        let record = course.job.record
        #expect(record.status == .completed && record.modelArtifacts == "s3://b/m")
        #expect(record.trainingSeconds == 1001 && record.billableSeconds == 301)
        #expect(record.transitions.dropLast().allSatisfy { $0.end != nil } && record.transitions.last?.end == nil)
        #expect(zip(record.transitions, record.transitions.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(course.nextLook == nil)
    }

    @Test("Without capacity it waits in Starting, and looks again when capacity comes")
    func waits() {
        var course = Course(spells: [(600, 900, nil)])
        #expect(course.at(0) == [] && course.nextLook == 600)
        #expect(course.at(599.9) == [] && course.statuses == [.starting])
        #expect(course.at(600) == [.start(1)])
        #expect(course.nextLook == 900)
    }

    @Test("Taken back without notice: everything is killed, and it waits for the next capacity")
    func interrupted() {
        var course = Course(spells: [(0, 900, nil), (1200, 9000, nil)])
        _ = course.at(0)
        _ = course.train(1, at: 1)
        #expect(course.at(899.9) == [])
        #expect(course.at(900) == [.kill(1)])
        #expect(course.at(901, .exited(1, failure: "killed")) == [])
        #expect(course.at(902, .gone(1)) == [] && course.nextLook == 1200)
        #expect(course.at(1200) == [.start(2)])
        #expect(course.at(1201, .launched(1)) == [])
        _ = course.train(2, at: 1201)
        _ = course.at(1300, .exited(2, failure: nil))
        _ = course.at(1300, .uploaded(2, modelArtifacts: nil, failure: nil))
        #expect(course.job.record.trainingSeconds == 1000)
        #expect(course.statuses.suffix(9).prefix(3) == [.training, .interrupted, .starting])
    }

    @Test("With a notice the script is told once; one that then ends by itself was interrupted, and did not fail")
    func noticed() {
        var course = Course(spells: [(0, 900, 120), (1200, 9000, nil)])
        _ = course.at(0)
        _ = course.train(1, at: 1)
        #expect(course.nextLook == 780)
        #expect(course.at(780) == [.terminate(1)])
        #expect(course.at(781) == [] && course.nextLook == 900)
        #expect(course.at(790, .exited(1, failure: "exit code 143")) == [.kill(1)])
        #expect(course.statuses.last == .interrupted)
        // The stretch that is about to end is not given out again.
        #expect(course.at(791, .gone(1)) == [] && course.nextLook == 1200)
        #expect(course.at(1200) == [.start(2)])
    }

    @Test("A script that ends with 0 after the notice has completed: that is what the container's exit code says")
    func completesAfterNotice() {
        var course = Course(spells: [(0, 900, 120)])
        _ = course.at(0)
        _ = course.train(1, at: 1)
        _ = course.at(780)
        #expect(course.at(790, .exited(1, failure: nil)) == [.upload(1, withModel: true)])
        _ = course.at(791, .uploaded(1, modelArtifacts: "m", failure: nil))
        #expect(course.job.record.status == .completed)
    }

    @Test("Spot that never comes within MaxWait is Stopped with MaxWaitTimeExceeded, without seconds to divide by")
    func neverComes() {
        var course = Course(spells: [], maxWait: 5000)
        #expect(course.at(0) == [] && course.nextLook == 5000)
        #expect(course.at(5000) == [])
        let record = course.job.record
        #expect(record.status == .stopped && record.secondary == .maxWaitTimeExceeded && record.isOver)
        #expect(record.trainingSeconds == nil && record.billableSeconds == nil)
    }

    @Test("MaxRuntime counts all stays together; the script is told, killed after 120 s, and what it left is published")
    func maxRuntime() {
        var course = Course(spells: [(0, 900, nil), (1000, 90000, nil)], maxRuntime: 1000)
        _ = course.at(0)
        _ = course.train(1, at: 0)
        _ = course.at(900)
        _ = course.at(900, .gone(1))
        #expect(course.at(1000) == [.start(2)])
        _ = course.train(2, at: 1000)
        #expect(course.nextLook == 1100)
        #expect(course.at(1100) == [.terminate(2)] && course.nextLook == 1220)
        #expect(course.at(1220) == [.killScript(2)])
        #expect(course.at(1221, .exited(2, failure: "killed")) == [.upload(2, withModel: true)])
        _ = course.at(1222, .uploaded(2, modelArtifacts: "m", failure: nil))
        #expect(course.job.record.status == .stopped && course.job.record.secondary == .maxRuntimeExceeded)
        #expect(course.job.record.failureReason == nil)
    }

    @Test("MaxWait ends a job that trains, too")
    func maxWaitWhileTraining() {
        var course = Course(maxRuntime: 3600, maxWait: 3600)
        _ = course.at(0)
        _ = course.train(1, at: 0)
        #expect(course.at(3600) == [.terminate(1)])
        _ = course.at(3601, .exited(1, failure: nil))
        _ = course.at(3602, .uploaded(1, modelArtifacts: "m", failure: nil))
        #expect(course.job.record.secondary == .maxWaitTimeExceeded)
    }

    @Test("On-demand waits as long as the market says, and fails with CapacityError when that is too long")
    func onDemand() {
        var late = Course(.onDemand, waits: [1800])
        #expect(late.at(0) == [] && late.nextLook == 1800)
        #expect(late.at(1800) == [.start(1)])
        var never = Course(.onDemand, waits: [90000])
        #expect(never.at(0) == [] && never.nextLook == 7200)
        _ = never.at(7200)
        #expect(never.job.record.status == .failed)
        #expect(never.job.record.failureReason?.hasPrefix("CapacityError: Unable to provision requested ML") == true)
        var unlisted = Course(.onDemand, isListed: false)
        _ = unlisted.at(0)
        #expect(
            unlisted.job.record.failureReason?.hasSuffix("(The stage's market lists no on-demand ml.x.)") == true)
    }

    @Test("Stop: at once while it waits, by SIGTERM while it trains, and at the upload's end while it uploads")
    func stops() {
        var waiting = Course(spells: [])
        _ = waiting.at(0)
        #expect(waiting.at(1, .stopRequested) == [] && waiting.job.record.status == .stopped)
        var training = Course()
        _ = training.at(0)
        _ = training.train(1, at: 0)
        #expect(training.at(1, .stopRequested) == [.terminate(1)] && training.job.record.status == .stopping)
        #expect(training.at(2, .stopRequested) == [])
        #expect(training.at(3, .exited(1, failure: "exit code 143")) == [.upload(1, withModel: true)])
        _ = training.at(4, .uploaded(1, modelArtifacts: "m", failure: nil))
        #expect(training.job.record.status == .stopped && training.job.record.secondary == .stopped)
        var uploading = Course()
        _ = uploading.at(0)
        _ = uploading.train(1, at: 0)
        _ = uploading.at(1, .exited(1, failure: nil))
        #expect(uploading.at(2, .stopRequested) == [] && uploading.job.record.status == .stopping)
        _ = uploading.at(3, .uploaded(1, modelArtifacts: "m", failure: nil))
        #expect(uploading.job.record.status == .stopped)
        var reclaimed = Course(spells: [(0, 10, nil), (20, 1000, nil)])
        _ = reclaimed.at(0)
        _ = reclaimed.at(10)
        _ = reclaimed.at(10.1, .stopRequested)
        #expect(reclaimed.at(11, .gone(1)) == [] && reclaimed.job.record.status == .stopped)
    }

    @Test("A machine that its server took along: Spot and retries go on, on-demand fails with an honest reason")
    func machineLost() {
        let seen = Self.start + .seconds(100)
        var spot = Course()
        _ = spot.at(0)
        _ = spot.train(1, at: 0)
        #expect(spot.at(500, .machineLost(lastSeen: seen)) == [.start(2)])
        #expect(spot.job.record.trainedMilliseconds == 100_000)
        #expect(spot.statuses.contains(.interrupted))
        var fixed = Course(.onDemand)
        _ = fixed.at(0)
        _ = fixed.train(1, at: 0)
        #expect(fixed.at(500, .machineLost(lastSeen: seen)) == [])
        #expect(fixed.job.record.failureReason?.contains("The stage's server ended") == true)
        var retried = Course(.onDemand, retries: 1)
        _ = retried.at(0)
        _ = retried.train(1, at: 0)
        #expect(retried.at(500, .machineLost(lastSeen: seen)) == [.start(2)])
        #expect(retried.statuses.contains(.restarting))
        #expect(retried.at(600, .machineLost(lastSeen: seen)) == [] && retried.job.record.status == .failed)
    }

    @Test("The market runs faster than the wall, moments are the wall's, and a script has two real seconds to save")
    func scaled() {
        var course = Course(maxRuntime: 3600, maxWait: 7200, factor: 360)
        _ = course.at(0)
        _ = course.train(1, at: 0)
        #expect(course.nextLook == 10)
        #expect(course.at(10) == [.terminate(1)] && course.nextLook == 12)
        _ = course.at(10.5, .exited(1, failure: nil))
        _ = course.at(11, .uploaded(1, modelArtifacts: nil, failure: nil))
        #expect(course.job.record.trainingSeconds == 3960)
        #expect(course.job.record.ended == Self.start + .seconds(11))
    }

    @Test("A failure keeps 1024 characters of its reason, publishes no model, and is over")
    func failure() {
        var course = Course()
        _ = course.at(0)
        _ = course.train(1, at: 0)
        let reason = "AlgorithmError: " + String(repeating: "é", count: 2000)
        #expect(course.at(5, .exited(1, failure: reason)) == [.upload(1, withModel: false)])
        _ = course.at(6, .uploaded(1, modelArtifacts: nil, failure: nil))
        #expect(course.job.record.status == .failed && course.job.record.failureReason?.count == 1024)
        #expect(course.at(7, .stopRequested) == [])
    }

    @Test("A wall clock that is set back makes no status end before it began")
    func clockSetBack() {
        var course = Course()
        _ = course.at(10)
        _ = course.train(1, at: 5)
        let transitions = course.job.record.transitions
        #expect(transitions.allSatisfy { ($0.end ?? $0.start) >= $0.start })
    }
}
