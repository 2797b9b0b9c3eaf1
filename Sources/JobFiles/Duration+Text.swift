// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// `4 h 30 min`, `90 s`, `1 d 2 h`, `0 s`: how a job file and our messages write a length of time.
    package var text: String {
        let seconds = components.seconds
        if abs(seconds) < 120, seconds % 60 != 0 { return "\(seconds) s" }
        let parts = [
            (seconds / 86400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        let written = parts.filter { $0.0 != 0 }.map { "\($0.0) \($0.1)" }
        return written.isEmpty ? "0 s" : written.joined(separator: " ")
    }

    /// The same language as `text`, spaces left out or not: days, hours, minutes, seconds in this order.
    ///
    /// `JobText.duration` is this language as a pattern, for the schema.
    package init?(text: String) {
        let units: [(name: String, seconds: Int64)] = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)]
        var rest = text[...]
        var next = 0
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
            guard (1...6).contains(digits.count), let number = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            if rest.first == " " { rest = rest.dropFirst() }
            let word = rest.prefix { $0.isASCII && $0.isLetter }
            guard let unit = units.indices.first(where: { units[$0].name == word }), unit >= next else { return nil }
            next = unit + 1
            total += number * units[unit].seconds
            rest = rest.dropFirst(word.count)
            if rest.first == " " {
                rest = rest.dropFirst()
                if rest.isEmpty { return nil }
            }
        }
        guard next > 0 else { return nil }
        self = .seconds(total)
    }
}
