// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Where checkpoints go when the place is not there yet, or cannot be.
    @Suite(.timeLimit(.minutes(2)))
    struct CheckpointPlaceTests {
        @Test("the place of checkpoints need not exist, nor what is above it")
        func absent() async throws {
            var job = TestJob()
            job.epochs = 2
            job.checkpointUri = "data/of/this/job"
            let project = try TestProject(job)
            let run = try await project.run().result()
            #expect(run.code == 0, "\(run.complaints)")
            let places = try FileManager.default.contentsOfDirectory(atPath: project.directory + "/data/of/this/job")
            #expect(places == [project.night])
            project.delete()
        }

        @Test(
            "machines that die because checkpoints cannot be kept leave the reason in the log, and the report names it")
        func impossible() async throws {
            var job = TestJob()
            job.checkpointUri = "/proc/nightshift/checkpoints"
            let project = try TestProject(job)
            let run = try await project.run().result()
            #expect(run.code == 1, "\(run.code): \(run.complaints)")
            let logs = await (try project.start(["logs", project.night])).result()
            #expect(logs.output.contains("checkpoints cannot be kept: "), "\(logs.output)")
            let report = await (try project.start(["report", project.night])).result()
            #expect(report.output.contains("nightshift logs \(project.night)"), "\(report.output)")
            project.delete()
        }
    }
}
