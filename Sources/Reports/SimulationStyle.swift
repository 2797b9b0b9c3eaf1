// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// How a study's policies are told apart in its picture: a colour and a dash each, in the order of the study.
/// On-demand, which all are measured against, looks the same in every study and like no other.
struct SimulationStyle {
    private static let onDemand = (light: "#1f2328", dark: "#e6edf3")
    private static let colours: [(light: String, dark: String)] = [
        ("#0969da", "#58a6ff"), ("#b24700", "#f0883e"), ("#1a7f37", "#3fb950"), ("#8250df", "#bc8cff"),
        ("#9a6700", "#d29922"), ("#bf3989", "#f778ba"), ("#0e7c86", "#39c5cf"),
    ]
    private static let dashes = ["", "7 3", "2 3", "10 3 2 3", "4 4", "12 4", "1 4", "10 3 2 3 2 3"]

    private let policies: [PolicyName]

    init(_ policies: [PolicyName]) { self.policies = policies }

    func line(_ index: Int) -> String { "sim-line sim-\(name(index))" }
    func fill(_ index: Int) -> String { "sim-fill-\(name(index))" }

    private func name(_ index: Int) -> String {
        policies[index] == .onDemandOnly ? "od" : String(policies[..<index].count { $0 != .onDemandOnly })
    }

    /// Seven colours and eight dashes that turn against each other: the pair comes again after 56 policies.
    var css: String {
        var light = ".ns .sim-line{fill:none;stroke-width:2}.ns .sim-late{fill:none;stroke:#cf222e;stroke-width:2}"
        var dark = ".ns .sim-late{stroke:#f85149}"
        func add(_ name: String, _ colour: (light: String, dark: String), _ more: String) {
            light += ".ns .sim-\(name){stroke:\(colour.light)\(more)}.ns .sim-fill-\(name){fill:\(colour.light)}"
            dark += ".ns .sim-\(name){stroke:\(colour.dark)}.ns .sim-fill-\(name){fill:\(colour.dark)}"
        }
        add("od", Self.onDemand, ";stroke-width:3.5;stroke-opacity:.55")
        for index in 0..<policies.count {
            let dash = Self.dashes[index % Self.dashes.count]
            add(
                String(index), Self.colours[index % Self.colours.count], dash.isEmpty ? "" : ";stroke-dasharray:\(dash)"
            )
        }
        return light + "\n@media (prefers-color-scheme:dark){\(dark)}"
    }
}
