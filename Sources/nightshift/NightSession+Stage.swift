// SPDX-License-Identifier: Apache-2.0

import AWSClient
import ArgumentParser
import ControlPlane
import NightRunner
import TrainingJobs

extension NightSession {
    /// AWS's clock runs as the wall's does. Only a stage on this machine can run faster, and then the night has to run
    /// just as fast: limits and billed seconds are told in the market's time. Ends the command where they differ.
    static func requireSageMakersClock(_ record: NightRecord) async throws {
        let factor = record.clock.factor
        guard let stage = try stageEndpoint(record.job) else {
            guard factor != 1 else { return }
            Console.tell(
                "\(record.id): AWS's clock cannot be scaled; leave --time-scale out, or rehearse against a stage: "
                    + "nightshift serve --sagemaker --time-scale \(factor)")
            throw ExitCode.badInput
        }
        let place = "\(stage.scheme)://\(stage.authority)"
        switch (await timeScale(of: stage), factor) {
        // Another emulator than ours, or none that answers now: the night itself will tell.
        case (nil, 1): return
        case (nil, _):
            Console.tell(
                "\(record.id): no stage tells its time scale at \(place)\n"
                    + "what to do: nightshift serve --sagemaker --time-scale \(factor), then the same command again")
            throw ExitCode.badInput
        case (factor?, _): return
        case (let other?, _):
            Console.tell(
                "\(record.id): its clock runs at --time-scale \(factor), that of the stage at \(place) at \(other); "
                    + "give both the same")
            throw ExitCode.badInput
        }
    }

    /// Where SageMaker is asked, when that is this machine.
    private static func stageEndpoint(_ job: TrainingJob) throws -> AWSEndpoint? {
        guard let region = job.offers.first?.region else { return nil }
        do {
            let endpoint = try AWSSettings.here.endpoint(of: .sageMaker, region: region)
            return ["127.0.0.1", "localhost", "[::1]"].contains(endpoint.host) ? endpoint : nil
        } catch {
            Console.tell("not started: \(error)")
            throw ExitCode.badInput
        }
    }

    private static func timeScale(of stage: AWSEndpoint) async -> Int? {
        let request = AWSRequest(method: "GET", endpoint: stage, path: StageIdentity.healthPath)
        // No answer is none: what follows from it is decided above.
        let reply = try? await HTTPTransport().send(request, timeout: .seconds(5))
        return reply?.header(StageIdentity.timeScaleHeader).flatMap { Int($0) }
    }
}
