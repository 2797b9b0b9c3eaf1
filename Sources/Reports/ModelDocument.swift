// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// `models show --json`: a model's record and what is true of it now.
package struct ModelDocument: Codable, Hashable, Sendable {
    package var schemaVersion = NightJSON.schemaVersion
    package var inService: Bool
    /// An absolute directory.
    package var path: String
    /// Whether every byte is as recorded; absent when they were not read.
    package var verified: Bool?
    package var record: ModelRecord

    package init(_ record: ModelRecord, isInService: Bool, path: String, verified: Bool?) {
        inService = isInService
        self.path = path
        self.verified = verified
        self.record = record
    }
}

/// `models ls --json`: newest first.
package struct ModelsDocument: Codable, Hashable, Sendable {
    package var schemaVersion = NightJSON.schemaVersion
    /// The night whose model is in service; absent for none.
    package var inService: String?
    package var models: [ModelRecord]

    package init(_ records: [ModelRecord], inService: String?) {
        self.inService = inService
        models = records
    }
}
