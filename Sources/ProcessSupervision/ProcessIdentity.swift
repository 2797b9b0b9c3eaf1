// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// A process that is not mistaken for another one that got its pid later: pid and the kernel's start time.
package struct ProcessIdentity: Codable, Hashable, Sendable {
    package var pid: Int32
    /// Clock ticks after boot (`/proc/<pid>/stat`, field 22).
    package var startTicks: UInt64

    /// `nil` when no such process exists, or only its zombie.
    package init?(pid: Int32) {
        guard let stat = ProcessTable.stat(of: pid), stat.state != "Z" else { return nil }
        self.pid = pid
        startTicks = stat.startTicks
    }

    package var isAlive: Bool { ProcessIdentity(pid: pid) == self }
}

/// What `/proc` tells.
package enum ProcessTable {
    struct Stat {
        var parent: Int32
        var state: String
        var startTicks: UInt64
    }

    static func stat(of pid: Int32) -> Stat? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        // The command's name is in parentheses and may hold anything, so fields count from the last one.
        let text = String(decoding: data, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19]) else { return nil }
        return Stat(parent: parent, state: String(fields[0]), startTicks: start)
    }

    package static var allPids: [Int32] {
        // A /proc that cannot be listed is an empty table: nothing can be found in it.
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    /// Whether a process does nothing more until it is told to go on, or is gone.
    package static func isStopped(_ pid: Int32) -> Bool { stat(of: pid).map { "TtZX".contains($0.state) } ?? true }

    /// All living descendants of a process, zombies left out.
    package static func descendants(of root: Int32) -> [Int32] {
        var children: [Int32: [Int32]] = [:]
        for pid in allPids {
            guard let stat = stat(of: pid) else { continue }
            if stat.state != "Z" { children[stat.parent, default: []].append(pid) }
        }
        var found: [Int32] = []
        var open = children[root] ?? []
        while let pid = open.popLast() {
            found.append(pid)
            open += children[pid] ?? []
        }
        return found
    }

    /// Takes the exit statuses of children that nobody waits for: orphans that came to this process as their
    /// subreaper, and would stay zombies. Only for a process whose one child of its own is `known`.
    package static func reapOrphans(of own: Int32, except known: Int32?) {
        for pid in allPids where pid != known {
            guard let stat = stat(of: pid), stat.state == "Z", stat.parent == own else { continue }
            var status: Int32 = 0
            waitpid(pid, &status, WNOHANG)
        }
    }

    /// Processes whose environment at exec time held `name=value`.
    package static func processes(withEnvironment name: String, _ value: String) -> [Int32] {
        let wanted = Array("\(name)=\(value)".utf8)
        return allPids.filter { pid in
            guard pid != getpid(), let stat = stat(of: pid), stat.state != "Z",
                let data = FileManager.default.contents(atPath: "/proc/\(pid)/environ")
            else { return false }
            return data.split(separator: 0).contains { $0.elementsEqual(wanted) }
        }
    }
}
