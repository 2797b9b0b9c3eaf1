// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightRunner

/// The moments at which a death has hurt systems like this one.
enum Moment: String, CaseIterable {
    /// The order of a machine is on disk, its host is not started.
    case machineOrdered
    /// The host is there, the agent is not.
    case hostStarting
    /// A second machine puts the first one's checkpoint into place.
    case restoring
    /// The script has finished writing a checkpoint, the agent commits it.
    case committing
    /// Training is done, the model is on its way into its place.
    case publishing
    /// The model is in its place, nobody knows yet.
    case published
    /// The platform has told the last machine's end, the journal does not know.
    case ended

    /// Whom a death at this moment is about; all at once is tried as well.
    var victim: ChaosPlan.Victim {
        switch self {
        case .machineOrdered, .published, .ended: .runner
        case .hostStarting: .host
        case .restoring, .committing, .publishing: .agent
        }
    }

    /// Whether it is this moment now. Asked every few milliseconds, so it looks at few files.
    func isNow(in project: TestProject) throws -> Bool {
        guard let key = try project.machineKeys().last else { return false }
        let machine = project.machines + "/" + key
        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
        switch self {
        case .machineOrdered:
            return exists(machine + "/machine.json") && !exists(machine + "/host.json")
        case .hostStarting:
            return exists(machine + "/host.json") && !exists(machine + "/log.jsonl")
        case .restoring:
            // The first machine is killed by the test in its sixth epoch.
            return key.hasSuffix("a2") && exists(machine + "/log.jsonl") && !exists(machine + "/report.json")
        case .committing:
            let checkpoints = machine + "/disk/checkpoints"
            return exists(checkpoints + "/checkpoint-00000008/.complete")
                && !exists(checkpoints + "/checkpoint-00000009/.complete")
        case .publishing:
            return Self.text(machine + "/log.jsonl").contains("the training process ended: exit code 0")
        case .published:
            return exists(project.model)
        case .ended:
            return Self.text(machine + "/platform.json").contains("completed")
        }
    }

    /// What is not there says nothing.
    static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
