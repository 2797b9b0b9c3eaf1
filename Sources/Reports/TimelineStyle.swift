// SPDX-License-Identifier: Apache-2.0

/// Colours and patterns of the timeline's picture, light and dark. Every kind of band has a pattern or a label too.
enum TimelineStyle {
    /// Plain classes, no variables: programs that draw SVG outside a browser understand these.
    static let css = """
        .ns text{font:11px ui-sans-serif,system-ui,"DejaVu Sans",sans-serif;fill:#1f2328}
        .ns .ns-back{fill:#ffffff}.ns .ns-soft{fill:#59636e}.ns .ns-strong{font-weight:600}
        .ns .ns-on{fill:#ffffff}.ns .ns-grid{stroke:#dfe3e8;stroke-width:1}.ns .ns-rule{stroke:#8c959f;stroke-width:1}
        .ns .ns-lane{fill:#f3f5f7}.ns .ns-spot{fill:#0969da}.ns .ns-spot-soft{fill:#b6d8ff}
        .ns .ns-od{fill:#b24700}.ns .ns-od-soft{fill:#ffd2ae}.ns .ns-wait{fill:#d5dae0}
        .ns .ns-pending{fill:none;stroke:#59636e;stroke-width:1;stroke-dasharray:3 2}
        .ns .ns-ink{stroke:#1f2328;stroke-width:1.2;fill:none}.ns .ns-dot{fill:#1f2328}
        .ns .ns-area{fill:#0969da;fill-opacity:.09;stroke:none}
        .ns .ns-progress{fill:none;stroke:#1f2328;stroke-width:2.2;stroke-linejoin:round}
        .ns .ns-needed{fill:none;stroke:#59636e;stroke-width:1.4;stroke-dasharray:7 4}
        .ns .ns-durable{fill:none;stroke:#0969da;stroke-width:1.6;stroke-dasharray:2 2}
        .ns .ns-deadline{stroke:#1f2328;stroke-width:2}
        .ns .ns-switch{stroke:#b24700;stroke-width:1.6;stroke-dasharray:8 3 2 3}
        .ns .ns-ready{stroke:#1a7f37;stroke-width:1.6}.ns .ns-now{stroke:#8250df;stroke-width:1.6;stroke-dasharray:2 2}
        .ns .ns-fall{stroke:#cf222e;stroke-width:1;stroke-dasharray:2 3}
        .ns .ns-bad{fill:none;stroke:#cf222e;stroke-width:2.4;stroke-linecap:round}
        .ns .ns-warn{fill:#fff8c5;stroke:#9a6700;stroke-width:1.4}.ns .ns-check{fill:#0969da}
        .ns .ns-good{fill:#1a7f37}.ns .ns-tick{fill:none;stroke:#ffffff;stroke-width:1.8}
        .ns .ns-decision{fill:#ffffff;stroke:#1f2328;stroke-width:1.3}
        @media (prefers-color-scheme:dark){
        .ns text{fill:#e6edf3}.ns .ns-back{fill:#0d1117}.ns .ns-soft{fill:#9aa4af}.ns .ns-on{fill:#ffffff}
        .ns .ns-grid{stroke:#262c34}.ns .ns-rule{stroke:#6e7681}.ns .ns-lane{fill:#161b22}
        .ns .ns-spot{fill:#1f6feb}.ns .ns-spot-soft{fill:#1a3a66}.ns .ns-od{fill:#bd561d}.ns .ns-od-soft{fill:#5c3316}
        .ns .ns-wait{fill:#30363d}.ns .ns-pending{stroke:#9aa4af}.ns .ns-ink{stroke:#e6edf3}.ns .ns-dot{fill:#e6edf3}
        .ns .ns-area{fill:#58a6ff}.ns .ns-progress{stroke:#e6edf3}.ns .ns-needed{stroke:#9aa4af}
        .ns .ns-durable{stroke:#58a6ff}.ns .ns-deadline{stroke:#e6edf3}.ns .ns-switch{stroke:#f0883e}
        .ns .ns-ready{stroke:#3fb950}.ns .ns-now{stroke:#bc8cff}.ns .ns-fall{stroke:#f85149}.ns .ns-bad{stroke:#f85149}
        .ns .ns-warn{fill:#3a2d05;stroke:#d29922}.ns .ns-check{fill:#58a6ff}.ns .ns-good{fill:#3fb950}
        .ns .ns-decision{fill:#0d1117;stroke:#e6edf3}}
        """

    /// Hatching for restarts, dots for redone work; the other bands have a lane or a label of their own.
    static func patterns(_ id: String) -> String {
        "<defs>"
            + "<pattern id=\"\(id)-restart\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
            + "<path class=\"ns-ink\" d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\" opacity=\".45\"/></pattern>"
            + "<pattern id=\"\(id)-redone\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
            + "<circle class=\"ns-dot\" cx=\"1.5\" cy=\"1.5\" r=\"1.1\" opacity=\".6\"/>"
            + "<circle class=\"ns-dot\" cx=\"4.5\" cy=\"4.5\" r=\"1.1\" opacity=\".6\"/></pattern>"
            + "</defs>"
    }
}
