// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The commented job file that `nightshift init` writes, made from the table of keys.
package enum JobTemplate {
    package static let schemaComment = "# yaml-language-server: $schema=./nightshift.schema.json"

    /// A file for the training code in this directory: named after it, with its most likely script.
    package static func text(directory: String) -> String {
        let script = ScriptFinder.entryPoint(in: directory)
        let name = jobName(URL(filePath: directory).absoluteURL.lastPathComponent)
        return text(values: ["name": yaml(name), "entryPoint": yaml(script ?? "train.py")])
    }

    /// `values` take the place of the table's examples, as YAML.
    static func text(values: [String: String]) -> String {
        var lines = [
            schemaComment,
            "#",
            "# A training job for Nightshift. Lines that begin with `# ` and a key are optional.",
            "# Check it with `nightshift check`; what every key means is in docs/job-file.md.",
        ]
        for key in JobKeys.all {
            lines.append("")
            lines += entry(key, value: values[key.name], indent: 0)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes `text(directory:)` to a file that does not exist yet; throws rather than touch one that does.
    package static func write(to path: String, directory: String) throws {
        try Data(text(directory: directory).utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
    }

    /// A job's name out of a directory's: `My Recommender_v2` is `my-recommender-v2`.
    static func jobName(_ directory: String) -> String {
        let words = directory.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var name = words.joined(separator: "-").prefix(40)
        while name.last == "-" { name = name.dropLast() }
        return name.isEmpty ? "training" : String(name)
    }

    /// Text as YAML, in quotes where it would be read as something else.
    private static func yaml(_ text: String) -> String {
        let isSimple = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        let scalar = YAMLScalar(text: text, isPlain: true)
        if isSimple, scalar.value == .text(text), !scalar.isOldBoolean, text.first?.isLetter == true { return text }
        return "'" + text.replacing("'", with: "''") + "'"
    }

    // MARK: - Keys

    /// Keys that are optional by type, but without which the required ones make no sense as an example.
    private static let wanted: Set<String> = ["hyperparameters", "metricDefinitions", "metric", "market"]

    private static func entry(_ key: JobKey, value: String?, indent: Int) -> [String] {
        let pad = String(repeating: " ", count: indent)
        var lines = wrapped(key.summary, width: 110 - indent).map { "\(pad)# \($0)" }
        let isLive = key.isRequired || value != nil || wanted.contains(key.name)
        switch key.kind {
        case .group(let keys, _) where isLive:
            lines.append("\(pad)\(key.name):")
            for inner in keys { lines += entry(inner, value: nil, indent: indent + 2) }
        case .groups(let keys, _) where isLive:
            lines.append("\(pad)\(key.name):")
            var items = keys.flatMap { entry($0, value: nil, indent: indent + 4) }
            // The dash stands before the item's first line, a comment or not.
            if let first = items.firstIndex(where: { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("#") }) {
                let comments = items[..<first].map { "\(pad)  \($0.dropFirst(indent + 4))" }
                items.replaceSubrange(..<first, with: comments)
                items[first] = "\(pad)  - " + items[first].dropFirst(indent + 4)
            }
            lines += items
        default:
            let written = value ?? (isLive ? key.example : otherwise(key))
            lines.append("\(pad)\(isLive ? "" : "# ")\(key.name): \(written)")
        }
        return lines
    }

    private static func otherwise(_ key: JobKey) -> String {
        if case .otherwise(let text) = key.presence { text } else { key.example }
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
