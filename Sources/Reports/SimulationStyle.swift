// SPDX-License-Identifier: Apache-2.0

/// How policies are told apart in a study's picture: a colour and a dash each, in the order of the study.
enum SimulationStyle {
    private static let styles: [(light: String, dark: String, dash: String)] = [
        ("#0969da", "#58a6ff", ""), ("#b24700", "#f0883e", "7 3"), ("#1a7f37", "#3fb950", "2 3"),
        ("#8250df", "#bc8cff", "10 3 2 3"), ("#9a6700", "#d29922", "4 4"), ("#cf222e", "#f85149", "12 4"),
        ("#59636e", "#9aa4af", "1 4"),
    ]

    static func line(_ index: Int) -> String { "sim-line sim-\(index % styles.count)" }
    static func fill(_ index: Int) -> String { "sim-fill-\(index % styles.count)" }

    static let css: String = {
        var light = ".ns .sim-line{fill:none;stroke-width:2}.ns .sim-late{fill:none;stroke:#cf222e;stroke-width:2}"
        var dark = ".ns .sim-late{stroke:#f85149}"
        for (index, style) in styles.enumerated() {
            let dash = style.dash.isEmpty ? "" : ";stroke-dasharray:\(style.dash)"
            light += ".ns .sim-\(index){stroke:\(style.light)\(dash)}.ns .sim-fill-\(index){fill:\(style.light)}"
            dark += ".ns .sim-\(index){stroke:\(style.dark)}.ns .sim-fill-\(index){fill:\(style.dark)}"
        }
        return light + "\n@media (prefers-color-scheme:dark){\(dark)}"
    }()
}
