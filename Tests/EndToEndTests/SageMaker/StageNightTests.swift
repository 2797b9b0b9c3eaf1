// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

extension EndToEnd {
    /// The SageMaker backend and the stage of the same build, held against each other.
    @Suite(.timeLimit(.minutes(5)))
    struct StageNightTests {
        private static let onDemand = HourlyRate(microdollars: 10_000_000)

        private func launches(_ project: StageProject) throws -> [PurchaseOption] {
            try project.events.compactMap { event in
                if case .launchRequested(let order) = event.kind { order.offer.purchase } else { nil }
            }
        }

        /// The bill is what the stage says that it bills, to the microdollar.
        private func expectBillAgrees(_ project: StageProject, _ jobs: [StageJobPicture]) throws {
            let events = try project.events
            let account = jobs.reduce(Money.zero) { $0 + Self.onDemand.cost(of: .seconds($1.billed ?? 0)) }
            #expect(Bill(events).total(at: try #require(events.last).at) == account)
        }

        private func expectModel(_ project: StageProject) async throws {
            let latest = try await project.ask("get", "nights/models/points/latest.json")
            #expect(latest.contains(StageProject.night), "\(latest)")
        }

        /// What the record says of a resumption: never more than the script found. A bucket tells whole seconds, in
        /// which the script saves up to two epochs more.
        private func expectSupposed(_ start: TrainingStart?, _ begun: Int) throws {
            let units = try #require(start).units
            #expect(units <= Double(begun) && units >= Double(begun - 3) && units > 0, "\(units) of \(begun)")
        }

        @Test("a quiet night is one Spot job, billed as SageMaker bills, and its checkpoints are called unverified")
        func quiet() async throws {
            let project = try await StageProject.make()
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.output)\(result.complaints)")
            let jobs = try await project.jobs()
            #expect(jobs.map(\.status) == ["Completed"])
            let job = try #require(jobs.first)
            #expect(job.isSpot == true)
            let (trained, billed) = (try #require(job.trained), try #require(job.billed))
            // The market's ratio of Spot to on-demand; each is rounded up to a second.
            #expect(abs(Double(billed) - Double(trained) * 0.3) <= 1.5)
            try expectBillAgrees(project, jobs)
            try await expectModel(project)
            let report = try await project.command("report", StageProject.night)
            #expect(report.output.contains("saved $"), "\(report.output)")
            #expect(report.output.contains("platform-synced, unverified"), "\(report.output)")
            let status = try await project.command("status", StageProject.night)
            #expect(status.output.contains("platform-synced, unverified"), "\(status.output)")
            await project.delete()
        }

        @Test("an interrupted night is one job with two stays, which goes on at the epoch that had been copied")
        func interrupted() async throws {
            let project = try await StageProject.make(
                StageJobFile(epochs: 16),
                spot: #"[{"fromMinute": 0, "untilMinute": 40}, {"fromMinute": 50, "untilMinute": 9000}]"#)
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.output)\(result.complaints)")
            let jobs = try await project.jobs()
            #expect(jobs.map(\.status) == ["Completed"])
            #expect(jobs.first?.steps.filter { $0.status == "Interrupted" }.count == 1)
            try expectBillAgrees(project, jobs)
            try await expectModel(project)

            let log = try await project.ask("log", try #require(jobs.first).name).split(separator: "\n")
            let begins = log.compactMap { $0.firstMatch(of: /begins at epoch ([0-9]+)/).flatMap { Int($0.output.1) } }
            #expect(begins.count == 2 && begins[0] == 0 && begins[1] > 0, "\(begins)")
            let launch = try #require(Timeline(try project.events).launches.first)
            #expect(launch.attempts.count == 2)
            try expectSupposed(launch.attempts.last?.training, begins.last ?? 0)
            let told = log.compactMap { $0.firstMatch(of: /^epoch=([0-9]+)/).flatMap { Int($0.output.1) } }
            #expect(Set(told) == Set(1...16))
            #expect(told.firstIndex(of: begins.last! + 1) != nil && told.last == 16)
            await project.delete()
        }

        @Test("without Spot capacity on-demand is bought in time for the deadline, and one job is left of each attempt")
        func noCapacity() async throws {
            let project = try await StageProject.make(
                StageJobFile(deadline: "01:30"), spot: #"[{"fromMinute": 5000, "untilMinute": 9000}]"#)
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.output)\(result.complaints)")
            let jobs = try await project.jobs()
            #expect(jobs.map { $0.isSpot ?? false } == [true, false])
            #expect(jobs.map(\.status) == ["Stopped", "Completed"])
            #expect(jobs.first?.billed == nil)
            #expect(try launches(project) == [.spot, .onDemand])
            try expectBillAgrees(project, jobs)
            try await expectModel(project)
            await project.delete()
        }

        @Test("a job that is stopped by hand is followed by another, which goes on from its checkpoints")
        func stoppedOutside() async throws {
            let project = try await StageProject.make(StageJobFile(epochs: 16))
            guard try await project.python(["-c", "import boto3"]).code == 0 else {
                print("skipped: Python has no boto3")
                return
            }
            let run = try await project.run()
            let first = StageProject.night + "-a1"
            var epochs = 0
            while run.isRunning, epochs < 4 {
                // No such log yet: asked again.
                let log = (try? await project.ask("log", first)) ?? ""
                epochs = log.split(separator: "\n").count { $0.hasPrefix("epoch=") }
            }
            let stopped = try await project.python([
                "-c", "import boto3; boto3.client('sagemaker').stop_training_job(TrainingJobName='\(first)')",
            ])
            #expect(stopped.code == 0, "\(stopped.complaints)")
            let result = await run.result()
            #expect(result.code == 0, "\(result.output)\(result.complaints)")
            let jobs = try await project.jobs()
            #expect(jobs.map(\.status) == ["Stopped", "Completed"])
            try expectBillAgrees(project, jobs)
            let log = try await project.ask("log", StageProject.night + "-a2")
            let begun = try #require(log.firstMatch(of: /begins at epoch ([0-9]+)/).flatMap { Int($0.output.1) })
            #expect(begun >= 3)
            try expectSupposed(Timeline(try project.events).launches.last?.attempts.first?.training, begun)
            await project.delete()
        }

        private static let spotQuota = "ml.p4d.24xlarge for spot training job usage"
        private static let onDemandQuota = "ml.p4d.24xlarge for training job usage"

        @Test("a Spot quota of none is told by name, and on-demand trains")
        func spotQuota() async throws {
            let project = try await StageProject.make(
                StageJobFile(deadline: "01:30"), quotas: [Self.spotQuota + "=0"])
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.output)\(result.complaints)")
            let jobs = try await project.jobs()
            #expect(jobs.map { $0.isSpot ?? false } == [false] && jobs.map(\.status) == ["Completed"])
            let words = result.output + result.complaints
            #expect(words.contains("quota reached") && words.contains(Self.spotQuota), "\(words)")
            try expectBillAgrees(project, jobs)
            await project.delete()
        }

        @Test("without a quota for either the night says so by name, buys nothing and keeps the previous model")
        func noQuota() async throws {
            let project = try await StageProject.make(
                StageJobFile(deadline: "01:30"), quotas: [Self.spotQuota + "=0", Self.onDemandQuota + "=0"])
            let result = try await project.run().result()
            #expect(result.code == 6)
            #expect(try await project.jobs().isEmpty)
            let words = result.output + result.complaints
            #expect(words.contains(Self.spotQuota) && words.contains(Self.onDemandQuota), "\(words)")
            await project.delete()
        }

        @Test("a night whose clock would run otherwise than SageMaker's is refused before anything is bought")
        func otherClock() async throws {
            let project = try await StageProject.make()
            func run(_ scale: Int, _ change: [String: String] = [:]) async throws -> CommandResult {
                let run = try await CommandRun.start(
                    Binaries.nightshift, ["run", "job.yaml", "--date", "2199-01-02", "--time-scale", "\(scale)"],
                    in: project.directory, project.environment().merging(change) { $1 }, umask: "022")
                return await run.result()
            }
            for scale in [1, 60] {
                let other = try await run(scale)
                #expect(other.code == 2)
                #expect(other.complaints.contains("its clock runs at --time-scale \(scale), that of the stage"))
            }
            let real = try await run(StageProject.scale, ["AWS_ENDPOINT_URL": ""])
            #expect(real.code == 2 && real.complaints.contains("AWS's clock cannot be scaled"), "\(real.complaints)")
            #expect(try await project.jobs().isEmpty)
            await project.endStage()
            let gone = try await run(StageProject.scale)
            #expect(gone.code == 2 && gone.complaints.contains("no stage tells its time scale"), "\(gone.complaints)")
            await project.delete()
        }
    }
}
