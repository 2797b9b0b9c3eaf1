// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Colours of a ledger's pictures; each fill has a sign, a pattern or a row of its own too.
enum LedgerStyle {
    static let css = """
        .ns .lg-good{fill:#dafbe1;stroke:#1a7f37}.ns .lg-warn{fill:#fff3c4;stroke:#9a6700}
        .ns .lg-bad{fill:#ffe3e0;stroke:#cf222e}.ns .lg-live{fill:#ddf0ff;stroke:#0969da}
        .ns .lg-none{fill:none;stroke:#dfe3e8}.ns .lg-big{font-size:14px;font-weight:600}
        .ns .lg-less{fill:#1a7f37}.ns .lg-more{fill:#cf222e}.ns .lg-total{fill:#59636e}
        .ns .lg-base{stroke:#1f2328;stroke-width:2}
        @media (prefers-color-scheme:dark){
        .ns .lg-good{fill:#0f2a17;stroke:#3fb950}.ns .lg-warn{fill:#2e2405;stroke:#d29922}
        .ns .lg-bad{fill:#35110f;stroke:#f85149}.ns .lg-live{fill:#0c2440;stroke:#58a6ff}
        .ns .lg-none{stroke:#2a313a}.ns .lg-less{fill:#3fb950}.ns .lg-more{fill:#f85149}.ns .lg-total{fill:#9aa4af}
        .ns .lg-base{stroke:#e6edf3}}
        """

    static func cell(_ status: LedgerNight.Status) -> (style: String, sign: String) {
        switch status {
        case .inTime: ("lg-good", "✓")
        case .late: ("lg-warn", "!")
        case .kept: ("lg-warn", "↺")
        case .failed: ("lg-bad", "✕")
        case .running: ("lg-live", "●")
        case .abandoned: ("lg-bad", "?")
        }
    }

    /// The frame of a ledger's picture.
    static func picture(_ id: String, _ label: String, width: Double, height: Double, _ parts: [String]) -> String {
        let (width, height) = (SVG.number(width), SVG.number(height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="ns" role="img" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)" aria-label="\(HTMLText.escaped(label))">
            <style>\(TimelineStyle.css)
            \(css)</style>
            \(TimelineStyle.patterns(id))
            <rect class="ns-back" x="0" y="0" width="\(width)" height="\(height)"/>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }
}
