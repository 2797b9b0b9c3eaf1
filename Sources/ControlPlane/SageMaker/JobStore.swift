// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import TrainingAgent
import TrainingJobs

/// Training jobs in one SQLite file. A job is never deleted: its name stays taken, as on the platform.
package final class JobStore: Sendable {
    private let database: DatabasePool

    package init(path: String) throws {
        database = try DatabasePool.ownersAlone(path: path)
        // A pool sets its writer to NORMAL, with which a commit may be lost to a power cut.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE jobs (
                        name TEXT PRIMARY KEY NOT NULL, arn TEXT NOT NULL UNIQUE, region TEXT NOT NULL,
                        request TEXT NOT NULL, record TEXT NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
                    """)
        }
        guard try !database.read(migrator.hasBeenSuperseded) else { throw NewerJobs(path: path) }
        try migrator.migrate(database)
    }

    /// Throws `ResourceInUse` when the name is taken.
    package func insert(_ job: StoredTrainingJob, region: String) throws {
        let (record, tags) = (try Self.text(job.record), JSONValue.array(job.tags).compact)
        try database.write { database in
            if let taken = try String.fetchOne(
                database, sql: "SELECT arn FROM jobs WHERE name = ?", arguments: [job.name])
            {
                throw ServiceFault(
                    "ResourceInUse",
                    "Training job names must be unique within an AWS account and region, and a training job with this "
                        + "name already exists (\(taken))")
            }
            try database.execute(
                sql: "INSERT INTO jobs (name, arn, region, request, record, tags) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [job.name, job.arn, region, job.request.body.compact, record, tags])
        }
    }

    /// Replaces what is remembered of a job's course. It is durable when this returns.
    package func save(_ record: StageJobRecord, of name: String) throws {
        let text = try Self.text(record)
        try database.write {
            try $0.execute(sql: "UPDATE jobs SET record = ? WHERE name = ?", arguments: [text, name])
        }
    }

    /// Replaces a job's tags by what `change` makes of them, and answers those.
    package func changeTags(
        ofArn arn: String, _ change: ([JSONValue]) throws -> [JSONValue]
    ) throws -> [JSONValue] {
        try database.write { database in
            guard
                let text = try String.fetchOne(database, sql: "SELECT tags FROM jobs WHERE arn = ?", arguments: [arn])
            else { throw ServiceFault.unknownJob }
            let tags = try change(JSONText.value(of: text)?.elements ?? [])
            try database.execute(
                sql: "UPDATE jobs SET tags = ? WHERE arn = ?", arguments: [JSONValue.array(tags).compact, arn])
            return tags
        }
    }

    package func job(_ name: String) throws -> StoredTrainingJob? {
        try database.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM jobs WHERE name = ?", arguments: [name])
        }.map(Self.job)
    }

    package func region(of name: String) throws -> String? {
        try database.read { try String.fetchOne($0, sql: "SELECT region FROM jobs WHERE name = ?", arguments: [name]) }
    }

    /// In order of names.
    package func jobs() throws -> [StoredTrainingJob] {
        try database.read { try Row.fetchAll($0, sql: "SELECT * FROM jobs ORDER BY name") }.map(Self.job)
    }

    private static func job(_ row: Row) throws -> StoredTrainingJob {
        let (request, record, tags): (String, String, String) = (row["request"], row["record"], row["tags"])
        guard let body = JSONText.value(of: request) else { throw DamagedJob(name: row["name"]) }
        return StoredTrainingJob(
            request: try TrainingJobRequest(body), arn: row["arn"],
            record: try JSONDecoder().decode(StageJobRecord.self, from: Data(record.utf8)),
            tags: JSONText.value(of: tags)?.elements ?? [])
    }

    private static func text(_ record: StageJobRecord) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(record), as: UTF8.self)
    }
}

struct NewerJobs: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path) was written by a newer nightshift" }
}

struct DamagedJob: Error, CustomStringConvertible {
    var name: String
    var description: String { "the request of job \(name) is damaged" }
}
