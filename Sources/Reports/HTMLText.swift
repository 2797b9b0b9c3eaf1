// SPDX-License-Identifier: Apache-2.0

/// Text for HTML and SVG, in elements and in quoted attributes.
package enum HTMLText {
    /// Sanitised as for a terminal (XML allows no control characters either), then escaped.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for character in TerminalText.sanitized(text).unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
