// SPDX-License-Identifier: Apache-2.0

internal import CSupervisor
import Glibc

/// How a process is started: an executable and its words, never a shell string.
package struct SpawnRequest: Sendable {
    package enum Tie: Sendable {
        /// Lives on when we die; no zombie of ours.
        case detached
        /// Killed by the kernel when we die, however we die.
        case diesWithParent
    }

    /// An absolute path.
    package var executable: String
    package var arguments: [String]
    /// The whole environment.
    package var environment: [String: String]
    package var directory: String?
    /// Receives stdout and stderr; `nil` is /dev/null. The caller keeps and closes it.
    package var output: Int32?
    package var tie: Tie

    package init(
        executable: String, arguments: [String], environment: [String: String], directory: String?, output: Int32?,
        tie: Tie
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.output = output
        self.tie = tie
    }

    /// Starts the process in a session of its own and answers its pid.
    ///
    /// For `diesWithParent` the *calling thread* is what the kernel watches, so it must live as long as the child:
    /// `ChildProcess` sees to that.
    package func spawn() throws(SpawnError) -> Int32 {
        let words = [executable] + arguments
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        guard !(words + variables + [directory ?? ""]).contains(where: { $0.utf8.contains(0) }) else {
            throw SpawnError(executable: executable, code: EINVAL)
        }
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        let (pid, code) = executable.withCString { path in
            argv.withUnsafeMutableBufferPointer { argv in
                envp.withUnsafeMutableBufferPointer { envp in
                    withOptionalCString(directory) { directory in
                        var request = ns_spawn(
                            path: path, argv: argv.baseAddress, envp: envp.baseAddress, directory: directory,
                            output: output ?? -1, own_session: 1, dies_with_parent: tie == .diesWithParent ? 1 : 0,
                            detached: tie == .detached ? 1 : 0)
                        let pid = ns_spawn(&request)
                        return (pid, errno)
                    }
                }
            }
        }
        guard pid > 0 else { throw SpawnError(executable: culprit(of: code), code: code) }
        return pid
    }

    /// The kernel does not say whether it was the executable or the directory that was missing.
    private func culprit(of code: Int32) -> String {
        guard let directory, [ENOENT, ENOTDIR, EACCES].contains(code), access(directory, X_OK) != 0 else {
            return executable
        }
        return "\(executable) in \(directory)"
    }

    private func withOptionalCString<Result>(
        _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }
}

package struct SpawnError: Error, CustomStringConvertible {
    /// What could not be started, in words.
    package var executable: String
    package var code: Int32

    package var description: String { "cannot start \(executable): \(String(cString: strerror(code)))" }
}

/// Orphaned descendants of this process become its children, so that it can find and end them.
package func becomeSubreaper() {
    precondition(ns_become_subreaper() == 0, "prctl(PR_SET_CHILD_SUBREAPER) failed: \(errno)")
}
