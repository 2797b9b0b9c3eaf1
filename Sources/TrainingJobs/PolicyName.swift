// SPDX-License-Identifier: Apache-2.0

/// A policy as job files, commands and records name it.
package enum PolicyName: Hashable, Sendable {
    /// Our own: the least expected cost by a market model.
    case nightshift
    case onDemandOnly
    case greedy
    case uniformProgress
    case uniformProgressWithoutHysteresis
    case switchPoint
    case timeSliced
    /// Spot for so long from the night's start, then on-demand.
    case spotUntil(Duration)

    /// Those without a figure, in the order in which they are listed.
    package static let plain: [PolicyName] = [
        .nightshift, .onDemandOnly, .greedy, .uniformProgress, .uniformProgressWithoutHysteresis, .switchPoint,
        .timeSliced,
    ]

    /// What can be written, for messages.
    package static let spellings = plain.map(\.rawValue) + ["spot-until:MINUTESm"]
}

extension PolicyName: RawRepresentable, Codable {
    private static let spotUntilPrefix = "spot-until:"

    /// Underscores do as well as hyphens: published studies write `uniform_progress`.
    package init?(rawValue text: String) {
        let name = String(text.map { $0 == "_" ? "-" : $0 })
        if let plain = Self.plain.first(where: { $0.rawValue == name }) {
            self = plain
            return
        }
        guard name.hasPrefix(Self.spotUntilPrefix), let unit = name.last, unit == "m" || unit == "h",
            let figure = Self.figure(name.dropFirst(Self.spotUntilPrefix.count).dropLast())
        else { return nil }
        self = .spotUntil(.milliseconds(Int64((figure * (unit == "h" ? 3_600_000 : 60000)).rounded())))
    }

    /// At most four digits and three decimals, as the job file's schema has it.
    private static func figure(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, (1...4).contains(parts[0].count), parts.count == 1 || (1...3).contains(parts[1].count),
            parts.joined().allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return Double(text)
    }

    package var rawValue: String {
        switch self {
        case .nightshift: "nightshift"
        case .onDemandOnly: "on-demand"
        case .greedy: "greedy"
        case .uniformProgress: "uniform-progress"
        case .uniformProgressWithoutHysteresis: "up-no-hysteresis"
        case .switchPoint: "up-switch07"
        case .timeSliced: "time-sliced"
        case .spotUntil(let time):
            // `2.5m` for 150 s: what was read is written again.
            Self.spotUntilPrefix
                + (time.milliseconds % 60000 == 0
                    ? String(time.milliseconds / 60000) : String(Double(time.milliseconds) / 60000)) + "m"
        }
    }
}
