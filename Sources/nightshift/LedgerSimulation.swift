// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightSimulator
import SpotMarket
import TrainingJobs

/// Nights like a past one, simulated in its job's own market.
struct LedgerSimulation {
    let job: TrainingJob
    /// Of the newest night: its window, its policy, its prices.
    let terms: NightTerms

    private static let nights = 100

    /// What they cost. Throws what is wrong with the market's file.
    func costs() async throws -> [Money] {
        guard let path = job.market else {
            throw MarketProblems(problems: ["the job names no market to simulate"])
        }
        let file: MarketFile
        do {
            file = try NightSession.marketFile(at: path)
        } catch {
            throw MarketProblems(problems: error.problems.map { "\(path): \($0)" })
        }
        let length = terms.end - terms.start
        let count = file.offers.contains { $0.model != nil } ? Self.nights : 1
        let saveTime = min(.seconds(10), terms.checkpointInterval / 20)
        let offers = job.offers
        let study = NightStudy(
            terms, under: TrainingConditions(asPromised: terms, saveTime: saveTime),
            width: ProcessInfo.processInfo.activeProcessorCount
        ) { try file.market(for: offers, length: length, seed: UInt64($0) + 1) }
        return try await study.results(of: [terms.policy], nights: count)[0].nights.map(\.cost)
    }
}
