// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
struct NightshiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightshift",
        abstract: "Trains a model overnight on interruptible (Spot) capacity, before its deadline.",
        discussion: """
            EXAMPLES:
              nightshift init                                      write a commented job file
              nightshift check nightshift.yaml                     find what breaks at 3 a.m.
              nightshift advise nightshift.yaml                    does Spot fit it, at what odds and for what money
              nightshift drill nightshift.yaml --epochs 4          prove that an interruption does no harm
              nightshift run nightshift.yaml --time-scale 360      rehearse a night in a minute, on this machine
              nightshift why --at 04:20                            why it did what it did

            EXIT CODES:
              0 done in time · 1 failed · 2 bad usage or job file · 3 finished, but late ·
              4 kept the previous model · 5 verification failed · 6 refused before the start ·
              7 machine state unknown, act now · 130 interrupted
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, CheckCommand.self, SchemaCommand.self, AdviseCommand.self, DrillCommand.self,
            RunCommand.self,
            StatusCommand.self,
            LogsCommand.self, WhyCommand.self, StopCommand.self, ReportCommand.self, CheckpointsCommand.self,
            MonthCommand.self, SimulateCommand.self, ReplayCommand.self, MarketCommand.self, PricesCommand.self,
            ModelsCommand.self, RollbackCommand.self, SavingsPlanCommand.self, ServeCommand.self, EnvCommand.self,
            ExportCommand.self,
            LocalMachineCommand.self,
        ])

    /// As the library's own, but wrong usage ends with 2, as documented, and not with 64.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            Console.tell(fullMessage(for: error))
            exit(withError: ExitCode.badInput)
        }
    }
}
