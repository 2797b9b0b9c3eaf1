// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import NightRunner

extension Journal {
    /// The events as they are stored.
    func texts(of night: String) throws -> [String] {
        try JournalFile(path: path).read {
            try String.fetchAll(
                $0, sql: "SELECT body FROM events WHERE night = ? ORDER BY sequence", arguments: [night])
        }
    }
}

/// A journal as any program may open it.
struct JournalFile {
    let queue: DatabaseQueue

    init(path: String) throws { queue = try DatabaseQueue(path: path) }

    func read<Answer>(_ body: (Database) throws -> Answer) throws -> Answer { try queue.read(body) }

    func execute(_ sql: String) throws { try queue.write { try $0.execute(sql: sql) } }

    /// Everything in it, as SQL that makes it again.
    var dump: String {
        get throws {
            try queue.read { database in
                var text = ""
                let tables = try Row.fetchAll(
                    database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rootpage")
                for table in tables {
                    let name: String = table["name"]
                    let keys = name == "events" ? "night, sequence" : "1"
                    text += "\(table["sql"] as String);\n"
                    for row in try Row.fetchAll(database, sql: "SELECT * FROM \(name) ORDER BY \(keys)") {
                        let values = row.databaseValues.map(\.sqlLiteral).joined(separator: ", ")
                        text += "INSERT INTO \(name) VALUES (\(values));\n"
                    }
                }
                return text
            }
        }
    }
}

extension DatabaseValue {
    fileprivate var sqlLiteral: String {
        switch storage {
        case .null: "NULL"
        case .int64(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): "'" + value.replacingOccurrences(of: "'", with: "''") + "'"
        case .blob(let value): "X'" + value.map { String(format: "%02x", $0) }.joined() + "'"
        }
    }
}
