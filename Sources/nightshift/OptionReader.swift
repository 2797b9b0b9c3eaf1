// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JobFiles
import TrainingJobs

/// Reads what stands behind options. It goes on after a problem, so that a person hears of all of them at once.
struct OptionReader {
    private(set) var problems: [String] = []

    mutating func complain(_ problem: String) { problems.append(problem) }

    /// Tells every problem and ends the command, if there is one.
    func finish() throws {
        guard !problems.isEmpty else { return }
        for problem in problems { Console.tell(problem) }
        throw ExitCode.badInput
    }

    mutating func wholeNumber(_ option: String, _ text: String, _ range: ClosedRange<Int>) -> Int? {
        if let number = Int(text), range.contains(number) { return number }
        complain("\(option): must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
        return nil
    }

    mutating func seed(_ option: String, _ text: String) -> UInt64? {
        if let seed = UInt64(text) { return seed }
        complain("\(option): must be a whole number from 0 to \(UInt64.max), not \"\(text)\"")
        return nil
    }

    /// Between 0 and 1.
    mutating func share(_ option: String, _ text: String) -> Double? {
        if let share = Double(text), (0...1).contains(share) { return share }
        complain("\(option): must be a number between 0 and 1, as 0.5, not \"\(text)\"")
        return nil
    }

    mutating func price(_ option: String, _ text: String) -> HourlyRate? {
        if let money = Money(dollars: text), money > .zero {
            return HourlyRate(microdollars: money.roundedMicrodollars)
        }
        complain(
            "\(option): must be dollars per hour above 0 with at most six decimals, as 7.575386, not \"\(text)\"")
        return nil
    }

    /// Above 0.
    mutating func money(_ option: String, _ text: String) -> Money? {
        let bare =
            text.hasSuffix("USD") ? String(text.dropLast(3)) : text.hasPrefix("$") ? String(text.dropFirst()) : text
        if let money = Money(dollars: bare), money > .zero { return money }
        complain("\(option): must be an amount of dollars above 0, as 5000USD, not \"\(text)\"")
        return nil
    }

    mutating func duration(_ option: String, _ text: String, least: Duration = .zero) -> Duration? {
        guard let duration = Duration(text: text) else {
            complain("\(option): must be a length of time, as 20min or 1h30min, not \"\(text)\"")
            return nil
        }
        guard duration >= least else {
            complain("\(option): must be \(least.text) or more, not \"\(text)\"")
            return nil
        }
        return duration
    }

    mutating func date(_ option: String, _ text: String) -> LocalDate? {
        if let date = LocalDate(text) { return date }
        complain("\(option): must be a date, as 2026-11-25, not \"\(text)\"")
        return nil
    }
}
