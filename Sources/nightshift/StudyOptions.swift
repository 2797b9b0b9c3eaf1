// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TrainingJobs

/// What only a study of a file's nights asks for.
struct StudyOptions: ParsableArguments {
    @Flag(
        name: .customLong("reference"),
        help: "Play published policies by the published simulator's own rules, instead of behind our safety net.")
    var isReference = false

    @Option(
        name: .customLong("spot-price"), parsing: .unconditional,
        help: ArgumentHelp(
            "Dollars an hour; of a file's nights one for all zones, or one for each, joined by commas "
                + "(default: the market's; of a file's nights 0.9731).", valueName: "price"))
    var spotPrice: String?

    @Option(
        name: .customLong("on-demand-price"), parsing: .unconditional,
        help: ArgumentHelp(
            "Dollars an hour (default: the market's; of a file's nights 3.06).", valueName: "price"))
    var onDemandPrice: String?

    func spotRates(_ reader: inout OptionReader) -> [Int64] {
        (spotPrice ?? "0.9731").split(separator: ",", omittingEmptySubsequences: false).map {
            Self.rate(String($0), "--spot-price", &reader)
        }
    }

    func onDemandRate(_ reader: inout OptionReader) -> Int64 {
        Self.rate(onDemandPrice ?? "3.06", "--on-demand-price", &reader)
    }

    /// Microdollars per hour.
    private static func rate(_ text: String, _ option: String, _ reader: inout OptionReader) -> Int64 {
        guard let rate = reader.price(option, text) else { return 1 }
        if rate.microdollars >= 1_000_000_000_000 { reader.complain("\(option): must be less than a million dollars") }
        return rate.microdollars
    }
}
