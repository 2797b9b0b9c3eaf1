// SPDX-License-Identifier: Apache-2.0

package import AWSClient

/// The clients of one region.
package struct SageMakerRegion: Sendable {
    package let name: String
    let jobs: TrainingJobCalls
    let logs: LogCalls
    let caller: AWSCaller

    package init(_ name: String, caller: AWSCaller) {
        self.name = name
        self.caller = caller
        jobs = TrainingJobCalls(caller, region: name)
        logs = LogCalls(caller, region: name)
    }

    func bucket(_ name: String) throws(AWSError) -> S3Bucket {
        try S3Bucket(name, region: self.name, caller: caller)
    }
}
