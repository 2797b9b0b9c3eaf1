// SPDX-License-Identifier: Apache-2.0

/// Where a service answers: scheme, host and port, nothing else.
package struct AWSEndpoint: Hashable, Sendable {
    package let scheme: String
    package let host: String
    package let port: Int?

    /// `http://127.0.0.1:5000`, `https://host/`; `nil` for anything with a user, a path or a query.
    package init?(_ text: String) {
        let pattern = /(https?):\/\/([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::([0-9]{1,5}))?\/?/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        let port = match.output.3.flatMap { Int($0) }
        if match.output.3 != nil { guard let port, (1...65535).contains(port) else { return nil } }
        scheme = String(match.output.1)
        host = match.output.2.lowercased()
        self.port = port
    }

    /// The public endpoint of a service; `nil` when the region is no name of a region.
    package init?(service: AWSService, region: String) {
        guard region.wholeMatch(of: /[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}/) != nil else { return nil }
        if service == .iam, !region.hasPrefix("cn-") {
            self.init(region.hasPrefix("us-gov-") ? "https://iam.us-gov.amazonaws.com" : "https://iam.amazonaws.com")
            return
        }
        self.init("https://\(service.endpointPrefix).\(region).\(Self.suffix(of: region))")
    }

    /// As it stands in `Host`: a port only where it is not the scheme's own.
    package var authority: String {
        guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
        return "\(host):\(port)"
    }

    private static func suffix(of region: String) -> String {
        region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }
}

/// A service as AWS's models describe it.
package struct AWSService: Hashable, Sendable {
    /// As in `AWS_ENDPOINT_URL_<ID>`, in the config file's `services` sections in small letters.
    package var id: String
    package var signingName: String
    package var endpointPrefix: String
    /// Before the operation in `X-Amz-Target`, for those that speak JSON.
    package var target: String
    /// For those that speak forms.
    package var version: String

    /// The region that a request made for `region` is signed for: IAM has one for a whole partition.
    func signingRegion(_ region: String) -> String {
        guard self == .iam else { return region }
        return region.hasPrefix("cn-") ? "cn-north-1" : region.hasPrefix("us-gov-") ? "us-gov-west-1" : "us-east-1"
    }

    package static let pricing = AWSService(
        id: "PRICING", signingName: "pricing", endpointPrefix: "api.pricing", target: "AWSPriceListService", version: ""
    )
    package static let sso = AWSService(
        id: "SSO", signingName: "awsssoportal", endpointPrefix: "portal.sso", target: "", version: "")
    package static let sts = AWSService(
        id: "STS", signingName: "sts", endpointPrefix: "sts", target: "", version: "2011-06-15")
    package static let ec2 = AWSService(
        id: "EC2", signingName: "ec2", endpointPrefix: "ec2", target: "", version: "2016-11-15")
    package static let sageMaker = AWSService(
        id: "SAGEMAKER", signingName: "sagemaker", endpointPrefix: "api.sagemaker", target: "SageMaker", version: "")
    package static let logs = AWSService(
        id: "CLOUDWATCH_LOGS", signingName: "logs", endpointPrefix: "logs", target: "Logs_20140328", version: "")
    package static let serviceQuotas = AWSService(
        id: "SERVICE_QUOTAS", signingName: "servicequotas", endpointPrefix: "servicequotas",
        target: "ServiceQuotasV20190624", version: "")
    package static let iam = AWSService(
        id: "IAM", signingName: "iam", endpointPrefix: "iam", target: "", version: "2010-05-08")
    package static let s3 = AWSService(id: "S3", signingName: "s3", endpointPrefix: "s3", target: "", version: "")
}
