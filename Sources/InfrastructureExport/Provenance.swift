// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension TrainingStack {
    /// By this a file is known as made by the command, and may be made again.
    package static let mark = "Made by nightshift"

    /// How a file was made and with which price, on one line.
    package var provenance: String {
        "\(Self.mark) \(version) export from the job \(job.name). \(priceWords)"
    }

    /// A price has a date and a source, or it is said to be missing.
    package var priceWords: String {
        guard let price else {
            return "On-demand price of \(instanceType) in \(region): not found (nightshift prices refresh --region "
                + "\(region)); nothing here depends on it."
        }
        let night = price.rate.cost(of: job.restartOverhead + job.expectedRuntime + job.uploadTime)
        return
            "On-demand price of \(instanceType) in \(region): \(Money(microdollars: price.rate.microdollars).dollars) "
            + "USD an hour as of \(price.priceAsOf) (\(price.priceSource)); a whole night on it \(night.text)."
    }

    /// What a person must know before it is used.
    package var notes: [String] {
        [
            provenance,
            "The source goes to \(codeUri):",
            "  tar -C SOURCE_DIRECTORY -czf sourcedir.tar.gz . && aws s3 cp sourcedir.tar.gz \(codeUri)",
        ]
    }
}

/// One file that was made, by its name in a directory.
package struct ExportedFile: Hashable, Sendable {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// What can be made of a stack.
package enum ExportFormat: String, CaseIterable, Sendable {
    case stepFunctions = "step-functions"
    case cloudFormation = "cloudformation"
    case terraform
    case iam
    case sdk

    /// The main one first.
    package func files(_ stack: TrainingStack) -> [ExportedFile] {
        switch self {
        case .stepFunctions:
            [
                ExportedFile(name: "night.asl.json", text: NightMachine(stack).definition.pretty),
                ExportedFile(name: "open.asl.json", text: OpenMachine(stack).definition.pretty),
            ]
        case .cloudFormation:
            [ExportedFile(name: "template.json", text: CloudFormationTemplate(stack).document.pretty)]
        case .terraform: [ExportedFile(name: "main.tf", text: TerraformModule(stack).text)]
        case .iam: [ExportedFile(name: "iam.json", text: StackPolicies(stack).document.pretty)]
        case .sdk: [ExportedFile(name: "estimator.py", text: EstimatorScript(stack).text)]
        }
    }
}
