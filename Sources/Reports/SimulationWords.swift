// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import TrainingJobs

/// What a study of policies rests on, in words that the terminal, the page and the document share.
struct SimulationWords {
    let report: SimulationReport

    var title: String {
        let terms = report.terms
        let clock = terms.clock
        return "\(terms.job): \(NumberText.count(report.nights, "simulated night")), "
            + "\(clock.minutes(terms.start)) to \(clock.minutes(terms.deadline)) \(clock.zoneName) "
            + "(\(DurationText.full(terms.deadline - terms.start)))"
    }

    /// Name and value of each assumption.
    var assumptions: [(name: String, words: String)] {
        let (terms, conditions) = (report.terms, report.conditions)
        var lines = report.markets.map { (name: "market", words: $0) }
        if report.nodes > 1 {
            lines.append(("gang", "\(report.nodes) machines together or none, and paid together"))
        }
        let restarts = conditions.restarts.sorted { $0.key.name < $1.key.name }
            .map { ", \(DurationText.exact($0.value)) on \($0.key.name)" }.joined()
        lines.append(
            (
                "training",
                "\(DurationText.exact(terms.expectedRuntime)) undisturbed; a save every "
                    + "\(DurationText.exact(terms.checkpointInterval)) stops it for "
                    + "\(DurationText.exact(conditions.saveTime)); a restart takes "
                    + "\(DurationText.exact(conditions.restart))\(restarts); the upload takes "
                    + DurationText.exact(conditions.upload)
            ))
        lines.append(
            (
                "notices",
                conditions.savesOnNotice
                    ? "at a notice the script saves once more, if the time is enough"
                    : "the script goes on at a notice and does not save"
            ))
        lines.append(
            (
                "beliefs",
                terms.marketModels == nil
                    ? "policies that believe a law of Spot believe the shipped one"
                    : "policies that believe a law of Spot believe what this project has fitted"
            ))
        return lines
    }

    static let notModelled = [
        "a Spot machine is there at once or not at all; boot and download are in the restart",
        "training never fails, hangs or slows down, and is as fast on every offer",
        "no quota, no throttling, no gate, and the backend always answers",
        "the nights of one study share their traces or their law: a year with another market costs something else",
    ]

    /// What the ratios are measured against.
    var measures: String {
        guard let onDemand = report.onDemand else {
            return "no on-demand offer: nothing keeps the deadline when Spot is absent; \(Self.optimum(report))"
        }
        let late = report.nights - onDemand.onTime
        return late == 0
            ? "on-demand from the start costs \(onDemand.mean.text) a night; \(Self.optimum(report))"
            : "on-demand from the start is not on time in \(late) of \(report.nights) nights, so nothing is measured "
                + "against it; \(Self.optimum(report))"
    }

    /// `nil` when every night of every policy was on time.
    var lateness: String? {
        report.results.contains { $0.onTime < report.nights }
            ? "a night that is not on time counts with what it cost until then, so read its policy's costs with the share "
                + "on time" : nil
    }

    /// `nil` when every night of every policy made its model.
    var unfinished: String? {
        report.results.contains { !$0.everyNightMadeModel }
            ? "a policy with a night that made no model has no percentiles and no ratios (–): what it paid bought less"
            : nil
    }

    /// `0`, or `4 of 200: 3 budget, 1 maxRun`
    static func withoutModel(_ result: PolicyResult) -> String {
        let count = result.withoutModel
        guard count > 0 else { return "0" }
        let reasons = result.shortfalls
        let why = reasons.map { reasons.count == 1 ? cause($0.why) : "\($0.nights) \(cause($0.why))" }
        return "\(count) of \(result.nights.count): \(why.joined(separator: ", "))"
    }

    private static func cause(_ shortfall: Shortfall) -> String {
        switch shortfall {
        case .kept(.budget): "budget"
        case .kept(.maxRun): "maxRun"
        case .kept(.outOfTime): "out of time"
        case .kept(let reason): OutcomeWords.kept(reason)
        case .failed: "failed"
        case .unfinished: "not over"
        }
    }

    static func optimum(_ report: SimulationReport) -> String {
        report.optimum.map { "with the whole market known beforehand, none costs less than \($0.text)" }
            ?? "no course is known that would have been in time"
    }

    static func share(_ value: Double) -> String {
        let tenths = Int64((value * 1000).rounded())
        return "\(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)")"
    }

    /// `198 of 200`
    static func onTime(_ result: PolicyResult) -> String { "\(result.onTime) of \(result.nights.count)" }

    /// `96.4–99.7 %`
    static func interval(_ result: PolicyResult) -> String {
        let interval = result.onTimeInterval
        return "\(share(interval.low))–\(share(interval.high)) %"
    }
}

extension NumberText {
    /// Three decimals, always: `0.412`.
    package static func ratio(_ value: Double) -> String {
        let thousandths = Int64((value * 1000).rounded())
        let rest = String(thousandths.magnitude % 1000)
        return "\(thousandths < 0 ? "−" : "")\(thousandths.magnitude / 1000)."
            + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// One decimal, always: `1.9`, `2.0`.
    package static func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths < 0 ? "−" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }
}
