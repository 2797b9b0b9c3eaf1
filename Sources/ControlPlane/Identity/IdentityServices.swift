// SPDX-License-Identifier: Apache-2.0

import AWSClient

/// STS, as far as SDKs ask who they are.
package struct TokenService: StageService {
    static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    static let version = "2011-06-15"

    package init() {}

    package func reply(to call: ServiceCall) async -> ServiceReply {
        switch call.operation {
        case "GetCallerIdentity":
            let result = XML.element(
                "GetCallerIdentityResult", XML.element("Arn", StageIdentity.userARN()),
                XML.element("UserId", "AIDANIGHTSHIFTSTAGE00"), XML.element("Account", StageIdentity.account))
            return .xml(200, Query.response(call.operation, Self.namespace, result))
        default:
            return .query(
                400, "InvalidAction", "Could not find operation \(call.operation) for version \(Self.version)",
                namespace: Self.namespace)
        }
    }
}

/// IAM, as far as the SageMaker SDK resolves a role's name and looks whether it may.
package struct AccessService: StageService {
    static let namespace = "https://iam.amazonaws.com/doc/2010-05-08/"
    static let version = "2010-05-08"

    package init() {}

    package func reply(to call: ServiceCall) async -> ServiceReply {
        let form = StageRequest.fields(String(decoding: call.body, as: UTF8.self)) ?? []
        switch call.operation {
        case "GetRole":
            let name = form.first { $0.name == "RoleName" }?.value ?? ""
            guard name.wholeMatch(of: /[A-Za-z0-9_+=,.@\-]{1,64}/) != nil else {
                return .query(
                    400, "ValidationError", "The specified value for roleName is invalid.", namespace: Self.namespace)
            }
            // Every role exists: the stage gives nobody rights.
            let role = XML.element(
                "Role", XML.element("Path", "/"), XML.element("RoleName", name),
                XML.element("RoleId", "AROANIGHTSHIFTSTAGE00"), XML.element("Arn", StageIdentity.roleARN(name)),
                XML.element("CreateDate", "1970-01-01T00:00:00Z"))
            return .xml(200, Query.response(call.operation, Self.namespace, XML.element("GetRoleResult", role)))
        case "SimulatePrincipalPolicy":
            // SDK v3 goes on after this answer; it would read any other one as a judgement on the role.
            return .query(
                403, "AccessDenied",
                "User: \(StageIdentity.userARN()) is not authorized to perform: iam:SimulatePrincipalPolicy",
                namespace: Self.namespace)
        default:
            return .query(
                400, "InvalidAction", "Could not find operation \(call.operation) for version \(Self.version)",
                namespace: Self.namespace)
        }
    }
}

enum Query {
    static func response(_ operation: String, _ namespace: String, _ result: XML.Node) -> String {
        XML.document(
            operation + "Response", namespace: namespace, result,
            XML.element("ResponseMetadata", XML.element("RequestId", RequestID.new())))
    }
}
