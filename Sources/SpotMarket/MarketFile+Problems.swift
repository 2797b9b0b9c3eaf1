// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What is wrong with one offer of a market file, each in a sentence.
extension MarketFile.Entry {
    /// Minutes beyond this are a slip, and far beyond it no time at all.
    private static let year = 366.0 * 24 * 60

    var problems: [String] {
        var found: [String] = []
        if pricePerHour <= .zero { found.append("pricePerHour: must be more than 0") }
        for (index, change) in (priceChanges ?? []).enumerated() {
            let place = "priceChanges[\(index)]"
            if change.pricePerHour <= .zero { found.append("\(place).pricePerHour: must be more than 0") }
            if change.fromMinute < 0 {
                found.append("\(place).fromMinute: must not be negative; pricePerHour is the price at the start")
            }
            if change.fromMinute > Self.year { found.append("\(place).fromMinute: must be within a year") }
        }
        switch purchase {
        case .spot: found += spotProblems
        case .onDemand:
            if available != nil || model != nil { found.append("available: on-demand has \"waitMinutes\" instead") }
            if (waitMinutes ?? []).contains(where: { $0 < 0 }) { found.append("waitMinutes: must not be negative") }
            if (waitMinutes ?? []).contains(where: { $0 > Self.year }) {
                found.append("waitMinutes: must be within a year")
            }
        }
        return found
    }

    private var spotProblems: [String] {
        var found: [String] = []
        if (available == nil) == (model == nil) { found.append("available: give either \"available\" or \"model\"") }
        if waitMinutes != nil { found.append("waitMinutes: only on-demand waits; Spot is there or not") }
        var end = -Self.year
        for (index, window) in (available ?? []).enumerated() {
            if window.untilMinute <= window.fromMinute || window.fromMinute < end {
                found.append("available[\(index)]: windows must be in order and not overlap")
            }
            if window.untilMinute > Self.year { found.append("available[\(index)]: must be within a year") }
            if window.noticeSeconds ?? 0 < 0 { found.append("available[\(index)].noticeSeconds: must not be negative") }
            end = window.untilMinute
        }
        if let model {
            let scales = [model.upScale ?? 1, model.downScale ?? 1]
            if !scales.allSatisfy((0.001...1000).contains) || !(0...1).contains(model.noticeShare ?? 0.5) {
                found.append("model: scales must be between 0.001 and 1000 and noticeShare between 0 and 1")
            }
        }
        return found
    }
}
