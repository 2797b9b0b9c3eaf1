// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What only a job's simulated nights ask for, as it was typed.
struct SimulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An availability trace (repeat it for each Spot offer in the job's order, or zone=FILE, or all=FILE; of a "
                + "text file with several windows FILE#WINDOW).", valueName: "file"))
    var trace: [String] = []

    @Option(help: ArgumentHelp("The market file (default: the job's own).", valueName: "file"))
    var market: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The first night's seed; each further night has the next one (default: 1).", valueName: "number"))
    var seed: String?

    @Option(help: ArgumentHelp("The night's date (default: the next one); clocks may change.", valueName: "date"))
    var date: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Machines of a gang: a trace must have as many at once, and all are paid (default: 1).", valueName: "number"
        ))
    var nodes: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long a save stops the training (default: at most 10 s).", valueName: "time"))
    var saveTime: String?

    @Option(help: ArgumentHelp("Restart overhead of one zone, zone=12min; repeat it.", valueName: "zone=time"))
    var restart: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("On-demand's waits, drawn anew for each launch: 28min,45min,58min.", valueName: "times"))
    var onDemandWaits: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The share of a trace's interruptions that have a notice of two minutes (default: 0.5).", valueName: "share"
        ))
    var noticeShare: String?

    /// Those that were given.
    var typed: [String] {
        [
            ("--trace", !trace.isEmpty), ("--market", market != nil), ("--seed", seed != nil),
            ("--date", date != nil), ("--nodes", nodes != nil), ("--save-time", saveTime != nil),
            ("--restart", !restart.isEmpty), ("--on-demand-waits", onDemandWaits != nil),
            ("--notice-share", noticeShare != nil),
        ].filter(\.1).map(\.0)
    }
}
