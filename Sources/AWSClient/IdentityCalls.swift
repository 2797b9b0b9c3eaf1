// SPDX-License-Identifier: Apache-2.0

/// Who we are and what a role may do: STS and IAM. All of them only read.
package struct IdentityCalls: Sendable {
    package struct Identity: Hashable, Sendable {
        package var account: String
        package var arn: String
    }

    package struct Role: Hashable, Sendable {
        package var name: String
        package var arn: String
        /// JSON: who may take the role.
        package var trustPolicy: String
    }

    package struct Permission: Hashable, Sendable {
        package var action: String
        /// `allowed`, `explicitDeny`, `implicitDeny`.
        package var decision: String
        package var isAllowed: Bool { decision == "allowed" }
    }

    private let caller: AWSCaller
    private let region: String

    package init(_ caller: AWSCaller, region: String) {
        self.caller = caller
        self.region = region
    }

    /// Needs no permission, so it is the first thing to ask.
    package func callerIdentity() async throws(AWSError) -> Identity {
        let body = try await caller.form(.sts, region: region, operation: "GetCallerIdentity", [])
        guard let result = XMLElement(body)?.first("GetCallerIdentityResult"),
            let account = result.child("Account")?.text, let arn = result.child("Arn")?.text
        else { throw .malformed(service: "STS", what: "GetCallerIdentity") }
        return Identity(account: account, arn: arn)
    }

    /// `nil` when there is no such role.
    package func role(_ name: String) async throws(AWSError) -> Role? {
        let body: [UInt8]
        do throws(AWSError) {
            body = try await caller.form(.iam, region: region, operation: "GetRole", [.init("RoleName", name)])
        } catch {
            if case .service(_, _, "NoSuchEntity", _) = error { return nil }
            throw error
        }
        guard let role = XMLElement(body)?.first("Role"), let arn = role.child("Arn")?.text else {
            throw .malformed(service: "IAM", what: "GetRole")
        }
        let policy = role.child("AssumeRolePolicyDocument")?.text ?? ""
        return Role(
            name: role.child("RoleName")?.text ?? name, arn: arn,
            trustPolicy: PresentedRequest.decoded(policy) ?? policy)
    }

    /// What a role's own policies say to each action; those of an organisation are not in it.
    package func simulate(
        role arn: String, actions: [String], resources: [String] = []
    ) async throws(AWSError) -> [Permission] {
        var fields = [AWSRequest.Field("PolicySourceArn", arn)]
        fields += actions.enumerated().map { .init("ActionNames.member.\($0.offset + 1)", $0.element) }
        fields += resources.enumerated().map { .init("ResourceArns.member.\($0.offset + 1)", $0.element) }
        var permissions: [Permission] = []
        try await AWSPages.follow(of: .iam) { token throws(AWSError) in
            let asked = fields + (token.map { [.init("Marker", $0)] } ?? [])
            let body = try await caller.form(.iam, region: region, operation: "SimulatePrincipalPolicy", asked)
            guard let result = XMLElement(body)?.first("SimulatePrincipalPolicyResult") else {
                throw .malformed(service: "IAM", what: "SimulatePrincipalPolicy")
            }
            for member in result.child("EvaluationResults")?.children ?? [] {
                guard let action = member.child("EvalActionName")?.text,
                    let decision = member.child("EvalDecision")?.text
                else { throw .malformed(service: "IAM", what: "an evaluation without a decision") }
                permissions.append(Permission(action: action, decision: decision))
            }
            return result.child("IsTruncated")?.text == "true" ? result.child("Marker")?.text : nil
        }
        return permissions
    }
}
