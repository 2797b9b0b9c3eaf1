// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import ProcessSupervision

/// Asks a program of the job's whether a model may be put into service.
struct GateCommand {
    enum Answer: Hashable {
        case passed
        /// Why not, in the program's own last words.
        case objection(String)
        case calledOff
    }

    var words: [String]
    /// Wall time.
    var timeout: Duration
    /// The source snapshot; the program works in a copy of it.
    var source: String
    /// Where that copy is made, and removed afterwards.
    var scratch: String
    var environment: [String: String]

    /// The variable by which a process of this gate is known, whatever became of its parents.
    static let mark = "NIGHTSHIFT_MODEL_RECORD"

    func ask(until isCalledOff: () -> Bool) throws -> Answer {
        // What a gate that was killed with its runner left behind.
        endStragglers()
        let files = FileManager.default
        if files.fileExists(atPath: scratch) { try files.removeItem(atPath: scratch) }
        try files.copyItem(atPath: source, toPath: scratch)
        defer {
            endStragglers()
            try? files.removeItem(atPath: scratch)  // what is left is replaced by the next try
        }
        guard let name = words.first, let program = ProgramPath.find(name, in: scratch) else {
            return .objection("the gate's program \(words.first ?? "") is not found")
        }
        let run = try SupervisedRun.start(
            executable: program, arguments: Array(words.dropFirst()), environment: environment, directory: scratch)
        switch run.wait(atMost: timeout, until: isCalledOff) {
        case .ended(.exited(0)): return .passed
        case .ended(let status): return .objection(Self.reason(run, "it ended with \(status)"))
        case .tookTooLong: return .objection("the gate's command gave no answer in its time")
        case .calledOff: return .calledOff
        }
    }

    private static func reason(_ run: SupervisedRun, _ otherwise: String) -> String {
        let lines = run.lastLines(3)
        return lines.isEmpty ? "the gate's command gave no reason; \(otherwise)" : lines.joined(separator: " / ")
    }

    /// Descendants that left the group, or that outlived a killed runner, and what they start meanwhile. Returns when none
    /// is left; one that the kernel does not let die is not waited for.
    private func endStragglers() {
        guard let record = environment[Self.mark] else { return }
        for _ in 0..<400 {
            let stragglers = ProcessTable.processes(withEnvironment: Self.mark, record)
            if stragglers.isEmpty { return }
            for pid in stragglers { kill(pid, SIGKILL) }
            usleep(5000)
        }
    }
}
