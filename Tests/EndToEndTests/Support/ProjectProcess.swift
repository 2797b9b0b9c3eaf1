// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision

/// A living process of a simulated machine, found by what it carries in its environment.
struct ProjectProcess: Sendable, Hashable {
    enum Role: String, Sendable { case host, agent, training }

    var pid: Int32
    var parent: Int32
    var machine: String
    var role: Role

    static func all(below machines: String) -> [ProjectProcess] {
        let prefix = "NIGHTSHIFT_MACHINE=\(machines)/"
        return ProcessTable.allPids.compactMap { pid in
            guard let environment = text(pid, "environ"),
                let variable = environment.split(separator: "\0").first(where: { $0.hasPrefix(prefix) }),
                let words = text(pid, "cmdline")?.split(separator: "\0"), ProcessIdentity(pid: pid) != nil,
                let parent = text(pid, "status")?.split(separator: "\n").first(where: { $0.hasPrefix("PPid:") })
            else { return nil }
            let role: Role =
                words.contains("local-machine") ? .host : words.first == Binaries.agent[...] ? .agent : .training
            return ProjectProcess(
                pid: pid, parent: Int32(parent.dropFirst(6)) ?? 0, machine: String(variable.dropFirst(prefix.count)),
                role: role)
        }
    }

    private static func text(_ pid: Int32, _ name: String) -> String? {
        FileManager.default.contents(atPath: "/proc/\(pid)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
}
