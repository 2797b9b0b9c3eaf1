// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What a job's simulated nights are made of, as it was typed.
struct SimulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An availability trace (repeat it for each Spot offer in the job's order, or zone=FILE, or all=FILE).",
            valueName: "file"))
    var trace: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("The market file (default: the job's own).", valueName: "file"))
    var market: String?

    @Option(parsing: .unconditional, help: "Policies, with commas between them.")
    var policy = "nightshift,greedy,uniform-progress,on-demand"

    @Option(parsing: .unconditional, help: "How many nights each policy plays.")
    var nights = "200"

    @Option(parsing: .unconditional, help: "The first night's seed; each further night has the next one.")
    var seed = "1"

    @Option(parsing: .unconditional, help: "The night's date (default: the next one); it matters where clocks change.")
    var date: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Dollars per hour of a Spot machine, instead of the market's.", valueName: "dollars"))
    var spotPrice: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Dollars per hour of an on-demand machine.", valueName: "dollars"))
    var onDemandPrice: String?

    @Option(parsing: .unconditional, help: "Machines of a gang: a trace must have as many at once, and all are paid.")
    var nodes = "1"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long a save stops the training (default: at most 10 s).", valueName: "time"))
    var saveTime: String?

    @Option(help: ArgumentHelp("Restart overhead of one zone, zone=12min; repeat it.", valueName: "zone=time"))
    var restart: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "On-demand's waits, drawn anew for each launch: 28min,45min,58min.", valueName: "times"))
    var onDemandWaits: String?

    @Option(
        parsing: .unconditional, help: "The share of a trace's interruptions that come with a notice of two minutes.")
    var noticeShare = "0.5"
}
