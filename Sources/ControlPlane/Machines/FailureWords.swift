// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision

/// Failure reasons as the training toolkit and the platform word them.
enum FailureWords {
    /// What `FailureReason` says of a script that failed. `told` is what it wrote to its failure file.
    static func algorithmError(_ status: ExitStatus, command: [String], lastLines: [String], told: String?) -> String {
        // The toolkit itself ends with 1 whatever the script's code was.
        if let told { return "AlgorithmError: \(told), exit code: 1" }
        return "AlgorithmError: \(userScriptError(status, command, lastLines)), exit code: 1"
    }

    /// The toolkit's own failure file for it.
    static func userScriptError(_ status: ExitStatus, _ command: [String], _ lastLines: [String]) -> String {
        let code: Int32
        switch status {
        case .exited(let value): code = value
        case .killed(let signal): code = -signal
        case .unknown: code = 1
        }
        var message = errorMessage(lastLines)
        if code == 137 || code == -9 {
            message = "OutOfMemory: Process killed by SIGKILL (signal 9)" + (message.isEmpty ? "" : "\n" + message)
        }
        return "ExecuteUserScriptError:\nExitCode \(code)\nErrorMessage \"\(message)\"\n"
            + "Command \"\(command.joined(separator: " "))\""
    }

    /// From the last traceback on, or the last line.
    static func errorMessage(_ lines: [String]) -> String {
        if let start = lines.lastIndex(where: { $0.hasPrefix("Traceback (most recent call last)") }) {
            return lines[start...].joined(separator: "\n")
        }
        return lines.last { !$0.allSatisfy(\.isWhitespace) } ?? ""
    }
}
