// SPDX-License-Identifier: Apache-2.0

/// AWS's shared `config` and `credentials` files: sections of keys, keys with keys below them.
package struct SharedConfig: Hashable, Sendable {
    /// `section` as written between the brackets, spaces made single: `default`, `profile training`, `sso-session x`.
    private var sections: [String: [String: String]] = [:]

    package init() {}

    /// Lines that are none of a section, a key or a comment are passed over, as the SDKs do. A key below a key is kept
    /// as `outer.inner`.
    package init(_ text: String) {
        var section: String?
        var outer: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let indented = line.first == " " || line.first == "\t"
            let trimmed = line.drop(while: \.isWhitespace)
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if !indented, trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
                let words = trimmed[trimmed.index(after: trimmed.startIndex)..<end].split(
                    whereSeparator: \.isWhitespace)
                section = words.joined(separator: " ").filter { $0 != "\"" }
                outer = nil
                continue
            }
            guard let name = section, let equals = trimmed.firstIndex(of: "=") else { continue }
            let key = Self.trimmed(trimmed[..<equals]).lowercased()
            let value = Self.value(trimmed[trimmed.index(after: equals)...])
            if indented, let outer {
                sections[name, default: [:]]["\(outer).\(key)"] = value
            } else {
                sections[name, default: [:]][key] = value
                outer = value.isEmpty ? key : nil
            }
        }
    }

    package func value(_ key: String, in section: String) -> String? {
        sections[section]?[key].flatMap { $0.isEmpty ? nil : $0 }
    }

    package func has(_ section: String) -> Bool { sections[section] != nil }

    /// The `config` file's section of a profile: `default` needs no prefix.
    package func profileSection(_ profile: String) -> String {
        profile == "default" && has("default") ? "default" : "profile \(profile)"
    }

    /// A comment may follow a value after white space.
    private static func value(_ text: Substring) -> String {
        var kept = text
        for mark in [" #", " ;", "\t#", "\t;"] {
            if let range = kept.firstRange(of: mark) { kept = kept[..<range.lowerBound] }
        }
        return trimmed(kept)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
