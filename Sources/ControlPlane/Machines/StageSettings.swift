// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// How a stage is set up.
package struct StageSettings: Sendable {
    /// Its own: jobs, their logs, and the disks of machines. Survives a restart.
    package var directory: String
    package var account: String
    package var market: StageMarket
    /// Market seconds for each second of the wall.
    package var timeScale: Int
    /// The program that runs scripts, by name or path.
    package var python: String
    /// The whole environment that a script inherits; `scriptEnvironment` makes one.
    package var environment: [String: String]
    /// Service quotas by their names, `ml.p4d.24xlarge for spot training job usage`; what is not named has no limit.
    package var quotas: [String: Int]

    package init(
        directory: String, account: String, market: StageMarket, timeScale: Int, python: String,
        environment: [String: String], quotas: [String: Int]
    ) {
        self.directory = directory
        self.account = account
        self.market = market
        self.timeScale = timeScale
        self.python = python
        self.environment = environment
        self.quotas = quotas
    }

    /// What is left of this process's environment for a script: no credentials and no settings of AWS or of ours, but
    /// the stage as every service's endpoint.
    package static func scriptEnvironment(
        from own: [String: String], endpoint: String, region: String
    ) -> [String: String] {
        let foreign = ["AWS_", "SAGEMAKER_", "SM_", "NIGHTSHIFT_"]
        var kept = own.filter { name, _ in !foreign.contains { name.hasPrefix($0) } }
        kept["AWS_ENDPOINT_URL"] = endpoint
        kept["AWS_DEFAULT_REGION"] = region
        // Without keys a client does not even ask; these open nothing.
        kept["AWS_ACCESS_KEY_ID"] = "stage"
        kept["AWS_SECRET_ACCESS_KEY"] = "stage"
        kept["AWS_EC2_METADATA_DISABLED"] = "true"
        return kept
    }
}
