// SPDX-License-Identifier: Apache-2.0

/// Records of a CSV text (RFC 4180): quoted cells may hold commas, quotes and line ends.
struct ReconcileCSV {
    struct Record {
        /// Of the file, from 1: where the record begins.
        var line: Int
        var cells: [String]
    }

    private(set) var records: [Record] = []
    /// The line at which an open quote is never closed.
    private(set) var unclosed: Int?

    init(_ text: String) {
        var cell: [UInt8] = []
        var cells: [String] = []
        var (line, begin) = (1, 1)
        var isQuoted = false
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        func endCell() {
            cells.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
        }
        func endRecord() {
            if !(cells.isEmpty && cell.isEmpty) {
                endCell()
                records.append(Record(line: begin, cells: cells))
                cells = []
            }
            begin = line
        }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && index < bytes.endIndex && bytes[index] == byte:
                cell.append(byte)
                index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: cell.append(byte)
            case UInt8(ascii: ","): endCell()
            case UInt8(ascii: "\r"): break
            case UInt8(ascii: "\n"): endRecord()
            default: cell.append(byte)
            }
        }
        endRecord()
        if isQuoted { unclosed = records.last?.line ?? 1 }
    }
}
