// SPDX-License-Identifier: Apache-2.0

/// What a training job on SageMaker needs beside the job itself.
package struct SageMakerSettings: Codable, Hashable, Sendable {
    /// The role that SageMaker takes to read the data and to write the model.
    package var roleArn: String
    /// In ECR, of the same region as the job.
    package var trainingImage: String
    package var volumeGigabytes: Int
    /// Where the source is uploaded, an `s3://` prefix; `nil` is `code` below the output path.
    package var codeUri: String?
    /// How much less than on-demand managed Spot has cost this team, in percent. SageMaker tells it only afterwards
    /// and there is no price list, so without it Spot has no price.
    package var spotDiscountPercent: Double?

    package init(
        roleArn: String, trainingImage: String, volumeGigabytes: Int, codeUri: String?, spotDiscountPercent: Double?
    ) {
        self.roleArn = roleArn
        self.trainingImage = trainingImage
        self.volumeGigabytes = volumeGigabytes
        self.codeUri = codeUri
        self.spotDiscountPercent = spotDiscountPercent
    }
}

/// `s3://bucket/prefix`, taken apart.
package struct S3Location: Hashable, Sendable {
    package var bucket: String
    /// Without slashes at its ends; empty for the bucket itself.
    package var prefix: String

    /// `nil` for what is no such address.
    package init?(_ uri: String) {
        guard uri.hasPrefix("s3://") else { return nil }
        let parts = uri.dropFirst(5).split(separator: "/", omittingEmptySubsequences: true)
        guard let bucket = parts.first, !uri.dropFirst(5).hasPrefix("/") else { return nil }
        self.bucket = String(bucket)
        prefix = parts.dropFirst().joined(separator: "/")
    }

    package func appending(_ name: String) -> S3Location {
        var location = self
        location.prefix = prefix.isEmpty ? name : "\(prefix)/\(name)"
        return location
    }

    package var uri: String { prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)" }
}
