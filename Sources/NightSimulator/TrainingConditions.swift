// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What the world does to a night's training, as far as a policy cannot know it.
package struct TrainingConditions: Hashable, Sendable {
    /// While it trains; the time of saves comes on top.
    package var secondsPerUnit: Double
    /// From "machine granted" to "training runs", where `restarts` says nothing else.
    package var restart: Duration
    /// Offers that start slower or faster than the others.
    package var restarts: [Offer: Duration] = [:]
    /// From the last save to the model in place.
    package var upload: Duration
    package var unitsPerCheckpoint: Double
    /// Training stands still while it saves, and only a finished save is durable.
    package var saveTime: Duration = .zero
    /// From the end of a save to its being durable; training goes on meanwhile.
    package var commitLag: Duration = .zero
    /// At an interruption's notice training stops and saves once more.
    package var savesOnNotice = false
    /// Progress is told once a unit; with this, a machine that ends has told how far it was within one too.
    package var tellsFractions = false

    package init(secondsPerUnit: Double, restart: Duration, upload: Duration, unitsPerCheckpoint: Double) {
        self.secondsPerUnit = secondsPerUnit
        self.restart = restart
        self.upload = upload
        self.unitsPerCheckpoint = unitsPerCheckpoint
    }

    package func restart(on offer: Offer) -> Duration { restarts[offer] ?? restart }
}

extension TrainingConditions {
    /// The world exactly as a night's terms expect it: an undisturbed run, its saves among it, takes `expectedRuntime`.
    package init(asPromised terms: NightTerms, saveTime: Duration) {
        let saves = max(1, (terms.expectedRuntime.realSeconds / terms.checkpointInterval.realSeconds).rounded(.up))
        let training = max(0.001, terms.expectedRuntime.realSeconds - saves * saveTime.realSeconds)
        self.init(
            secondsPerUnit: training / terms.totalUnits, restart: terms.restartOverhead, upload: terms.uploadTime,
            unitsPerCheckpoint: terms.totalUnits / saves)
        self.saveTime = saveTime
        savesOnNotice = true
        tellsFractions = true
    }
}
