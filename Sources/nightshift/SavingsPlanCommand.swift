// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import Reports
import SpotAdvisor
import TrainingJobs

struct SavingsPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "savings-plan",
        abstract: "Says whether an hourly commitment pays for a job and what else you use.",
        discussion: """
            A Savings Plan is paid every hour, used or not, and covers no Spot. FILE is 24 or 168 dollars an hour at
            on-demand rates, lines of hour,usd, or an hourly CUR 2.0 or FOCUS export.

            EXAMPLES:
              nightshift savings-plan job.yaml
              nightshift savings-plan job.yaml --usage usage.csv --discount 0.4
              nightshift savings-plan job.yaml --usage cur.csv --discount 0.3,0.5 --html plan.html
            """)

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @Option(
        help: ArgumentHelp("What else you use, hour by hour (default: the job file's otherUsage).", valueName: "file"))
    var usage: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The plan's discount on this type; several with commas (default: 0.3, 0.5 and the most that is published).",
            valueName: "share"))
    var discount: String?

    @Option(help: ArgumentHelp("Compute or EC2Instance, for EC2 types (default: Compute).", valueName: "type"))
    var plan: String?

    @OptionGroup var options: ProjectOptions

    @Flag(help: "A JSON document.")
    var json = false

    @Option(help: ArgumentHelp("Writes a page there.", valueName: "file"))
    var html: String?

    func run() throws {
        let setup = try SavingsPlanSetup(
            try readJobFile(job, quiet: json), usage: usage, discounts: discount, plan: plan, in: options.project)
        if let html { try OutputFile.write(SavingsPlanPage(setup.words).html, to: html) }
        Console.print(json ? try NightJSON.text(SavingsPlanDocument(setup.words)) : SavingsPlanView(setup.words).text)
    }
}
