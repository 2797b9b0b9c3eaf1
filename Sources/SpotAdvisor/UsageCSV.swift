// SPDX-License-Identifier: Apache-2.0

/// Cuts bytes into the records of a CSV file (RFC 4180), however they are handed over: a file of any size needs only
/// its longest record in memory.
struct UsageCSV {
    struct Field {
        var text: String
        /// Of its first byte, from 1.
        var line: Int
        var column: Int
    }

    private var fields: [Field] = []
    private var bytes: [UInt8] = []
    private var isQuoted = false
    private var wasQuoted = false
    private var isAfterQuote = false
    private var (line, column) = (1, 0)
    private var begin = (line: 1, column: 1)

    /// Each record is handed over as soon as its line ends. Empty lines are passed over.
    mutating func read(_ input: some Sequence<UInt8>, _ record: ([Field]) -> Void) {
        for byte in input {
            column += 1
            if isQuoted {
                if byte == UInt8(ascii: "\"") { (isQuoted, isAfterQuote) = (false, true) } else { bytes.append(byte) }
                if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 0) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where isAfterQuote:
                bytes.append(byte)
                isQuoted = true
            case UInt8(ascii: "\"") where bytes.isEmpty: (isQuoted, wasQuoted) = (true, true)
            case UInt8(ascii: ","): endField()
            case UInt8(ascii: "\n"):
                endField()
                hand(over: record)
                (line, column) = (line + 1, 0)
                begin = (line, 1)
            default: bytes.append(byte)
            }
            isAfterQuote = false
        }
    }

    /// The last record, if no line end follows it. `nil`, or where a quote was opened that is never closed.
    mutating func finish(_ record: ([Field]) -> Void) -> (line: Int, column: Int)? {
        if isQuoted { return begin }
        if !fields.isEmpty || !bytes.isEmpty || wasQuoted {
            endField()
            hand(over: record)
        }
        return nil
    }

    private mutating func endField() {
        if !wasQuoted, bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        if line == 1, begin.column == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        fields.append(Field(text: String(decoding: bytes, as: UTF8.self), line: begin.line, column: begin.column))
        bytes.removeAll(keepingCapacity: true)
        (wasQuoted, isAfterQuote) = (false, false)
        begin = (line, column + 1)
    }

    private mutating func hand(over record: ([Field]) -> Void) {
        if fields.count > 1 || fields.first?.text.isEmpty == false { record(fields) }
        fields.removeAll(keepingCapacity: true)
    }
}
