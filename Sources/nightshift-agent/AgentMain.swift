// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import TrainingAgent

/// `nightshift-agent ORDER`: works on one machine for as long as its stay lasts. Exit codes: 0 the report says how the
/// stay ended, 1 no report could be written, 2 usage.
@main
struct AgentMain {
    static func main() async {
        guard CommandLine.arguments.count == 2 else {
            complain(
                "usage: nightshift-agent ORDER\n\nORDER is the JSON file that a capacity backend wrote for this machine."
            )
            exit(2)
        }
        let path = CommandLine.arguments[1]
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            try await Agent(order: try AgentOrder.read(data), environment: ProcessInfo.processInfo.environment).run()
        } catch {
            complain("nightshift-agent: \(path): \(error)")
            exit(1)
        }
    }

    private static func complain(_ text: String) {
        let line = text + "\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}
