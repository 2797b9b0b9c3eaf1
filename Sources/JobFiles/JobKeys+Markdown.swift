// SPDX-License-Identifier: Apache-2.0

extension JobKeys {
    /// The table of keys for the documentation, one row a key, inner keys with their path.
    package static func markdown() -> String {
        let head = ["| key | value | needed | meaning | example |", "|---|---|---|---|---|"]
        return (head + rows(all, path: "")).joined(separator: "\n") + "\n"
    }

    private static func rows(_ keys: [JobKey], path: String) -> [String] {
        keys.flatMap { key -> [String] in
            let needed =
                switch key.presence {
                case .required: "yes"
                case .optional: "no"
                case .otherwise(let text): "no: `\(text)`"
                }
            let name = path + key.name
            let cells = ["`\(name)`", key.kindInWords, needed, key.summary, "`\(key.example)`"]
            let row = "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
            return switch key.kind {
            case .group(let inner, _): [row] + rows(inner, path: name + ".")
            case .groups(let inner, _): [row] + rows(inner, path: name + "[].")
            default: [row]
            }
        }
    }
}
