// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Numbers in words, without a locale.
package enum NumberText {
    /// `−54 %`, `+12 %`
    package static func change(_ percent: Int) -> String {
        percent < 0 ? "−\(percent.magnitude) %" : percent > 0 ? "+\(percent) %" : "±0 %"
    }

    /// Progress in the job's own units: `11`, `11.4`.
    package static func units(_ units: Double) -> String {
        let tenths = (units * 10).rounded() / 10
        return tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int64(tenths)) : "\(tenths)"
    }

    /// Whole percent of 1, cut off: 100 is said only when all is done.
    package static func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded(.down))) %" }

    /// `1 interruption`, `2 interruptions`, `no interruption`
    package static func count(_ count: Int, _ noun: String) -> String {
        count == 0 ? "no \(noun)" : "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// `1.4 GB`, decimal units; whole bytes below 1 kB.
    package static func bytes(_ bytes: Int64) -> String {
        let size = Double(bytes)
        let (scale, unit): (Double, String) =
            switch size.magnitude {
            case ..<1000: (1, "B")
            case ..<999_950: (1e3, "kB")
            case ..<999_950_000: (1e6, "MB")
            default: (1e9, "GB")
            }
        return scale == 1 ? "\(bytes) B" : "\((size / scale * 10).rounded() / 10) \(unit)"
    }

    /// A number as it is, without an exponent where it can do without: `0.8876`, `12`.
    package static func exact(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    /// Three significant digits: `0.00123`, `4.5`, `1230`.
    package static func significant(_ value: Double) -> String {
        // Powers of ten are exact up to 1e22; what is smaller is shown as it is.
        guard abs(value) >= 1e-20, value.isFinite else { return exact(value) }
        var scale = 1.0
        while abs(value) * scale < 100 { scale *= 10 }
        return exact((value * scale).rounded() / scale)
    }

    /// Real time as it was measured: `0.42 s`, `12.3 s`, `4 min 12 s`.
    package static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        switch milliseconds {
        case ..<1000: return "\(milliseconds) ms"
        case ..<60_000: return "\(Double((milliseconds + 50) / 100) / 10) s"
        default: return DurationText.exact(duration)
        }
    }
}
