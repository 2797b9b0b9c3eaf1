// SPDX-License-Identifier: Apache-2.0

import GRDB

extension Buckets {
    /// The parts go with it; their bytes when nobody can be reading them.
    func forget(upload: String, _ database: Database) throws {
        for blob in try String.fetchAll(database, sql: "SELECT blob FROM parts WHERE upload = ?", arguments: [upload]) {
            try retire(blob, database)
        }
        try database.execute(sql: "DELETE FROM parts WHERE upload = ?", arguments: [upload])
        try database.execute(sql: "DELETE FROM uploads WHERE id = ?", arguments: [upload])
    }
}
