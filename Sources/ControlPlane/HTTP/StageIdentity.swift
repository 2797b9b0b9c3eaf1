// SPDX-License-Identifier: Apache-2.0

/// Who the stage says that everybody is.
package enum StageIdentity {
    /// No account of AWS's begins with six zeros.
    package static let account = "000000000000"
    package static let user = "nightshift"
    /// What clients are told to use; SDKs want some key, and sign with it.
    package static let accessKeyId = "NIGHTSHIFTSTAGE"
    package static let defaultSecret = "nightshift"
    package static let defaultRegion = "us-east-1"
    package static let defaultBucket = "nightshift-stage"

    package static let healthPath = "/_nightshift/health"
    /// In the answer about health: market seconds for each second of the wall.
    package static let timeScaleHeader = "x-nightshift-time-scale"

    static func userARN() -> String { "arn:aws:iam::\(account):user/\(user)" }
    static func roleARN(_ name: String) -> String { "arn:aws:iam::\(account):role/\(name)" }
}
