// SPDX-License-Identifier: Apache-2.0

import AWSClient
import CapacityBackends
import NightRunner
import PublishedModels
import SageMakerBackend
import SpotMarket
import TrainingJobs

extension TrainingJob {
    /// One job has offers of one backend.
    var usesSageMaker: Bool { offers.contains { $0.backend == "sagemaker" } }
}

/// A night whose machines are SageMaker's.
extension NightSession {
    /// A call's own limit: three attempts of the client, and a part of a log.
    private static let callLimit = Duration.seconds(90)

    func sageMaker() throws -> any CapacityBackend {
        let clock = ScaledNightClock(record.clock)
        return TimedBackend(
            SageMakerBackend(night: try sageMakerNight(), regions: regions(), quotes: terms.offers) { clock.now() },
            limit: Self.callLimit)
    }

    func bucketPublisher() throws -> BucketPublisher {
        let clock = ScaledNightClock(record.clock)
        return BucketPublisher(night: try sageMakerNight(), region: regions()[0]) { clock.now() }
    }

    private func sageMakerNight() throws -> SageMakerNight {
        let night = SageMakerNight(
            job: record.job, terms: terms, clock: record.clock, sourceDirectory: project.sourceDirectory(record.id),
            directory: project.machinesDirectory(record.id))
        guard let night else {
            throw MarketProblems(problems: ["\(record.id): its record has no settings of SageMaker"])
        }
        return night
    }

    /// In the order of the offers.
    private func regions() -> [SageMakerRegion] {
        let caller = AWSCaller(settings: .here, transport: HTTPTransport(), time: .here, patience: .seconds(20))
        var names: [String] = []
        for offer in record.job.offers where !names.contains(offer.region) { names.append(offer.region) }
        return names.map { SageMakerRegion($0, caller: caller) }
    }
}
