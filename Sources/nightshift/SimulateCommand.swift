// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Plays many nights and compares policies.")

    @Option(help: ArgumentHelp("How many nights, or a CSV file of them.", valueName: "number|file")) var nights = "200"
    @OptionGroup var policies: PolicyList
    @OptionGroup var study: StudyOptions

    func run() async throws {
        let contenders = try policies.contenders(allowingOptimum: true)
        try await SimulateNights(
            file: nights, contenders: contenders, isReference: study.isReference, spotRates: try study.spotRates(),
            onDemandRate: try study.onDemandRate()
        ).run()
    }
}
