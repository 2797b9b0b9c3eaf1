// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How long the runs of one measurement took.
struct Spread {
    /// In order of the runs, so that two measurements made in turn can be compared run by run.
    let seconds: [Double]

    private var sorted: [Double] { seconds.sorted() }
    var median: Double { sorted[seconds.count / 2] }
    var least: Double { sorted[0] }
    var most: Double { sorted[seconds.count - 1] }

    var text: String {
        func milliseconds(_ value: Double) -> String { String(format: "%.1f", value * 1000) }
        return "\(milliseconds(median)) ms (\(milliseconds(least)) – \(milliseconds(most)))"
    }

    /// So many things in each run: how many a second.
    func rate(_ count: Int) -> String {
        func perSecond(_ seconds: Double) -> Int { Int(Double(count) / seconds) }
        return "\(perSecond(median)) a second (\(perSecond(most)) – \(perSecond(least)))"
    }

    static func measure(runs: Int, _ body: (_ run: Int) async throws -> Void) async throws -> Spread {
        var seconds: [Double] = []
        for run in 0..<runs {
            let time = try await ContinuousClock().measure { try await body(run) }
            seconds.append(Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
        }
        return Spread(seconds: seconds)
    }

    /// Prints both, and their ratio run by run.
    func report(_ name: String, against reference: String, _ other: Spread) {
        let ratios = zip(seconds, other.seconds).map { $0 / $1 }.sorted()
        let ratio = String(format: "%.2f (%.2f – %.2f)", ratios[ratios.count / 2], ratios[0], ratios[ratios.count - 1])
        print("\(name): \(text); \(reference): \(other.text); ratio \(ratio)")
    }
}
