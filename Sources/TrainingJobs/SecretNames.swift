// SPDX-License-Identifier: Apache-2.0

/// Guesses by name alone which values must not be written into a file that is kept in Git, or be printed.
package enum SecretNames {
    package static func matches(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard let last = words.last else { return false }
        return ["token", "key", "apikey", "password", "passwd", "passphrase", "credential", "credentials"].contains(
            last)
            && !(words.count == 1 && last == "key")
            || words.contains { $0.contains("secret") || $0.contains("password") }
    }

    /// Whether a line of text gives a value to such a name; generous, since a line too few shown costs nothing.
    package static func occur(in line: String) -> Bool {
        var name = ""
        for character in line {
            if character.isLetter || character.isNumber || character == "_" || character == "-" {
                name.append(character)
            } else if character == ":" || character == "=" {
                if matches(name) { return true }
                name = ""
            } else if character != " " && character != "\"" && character != "'" {
                name = ""
            } else if character == " " {
                name.append(" ")
            }
        }
        return false
    }
}
