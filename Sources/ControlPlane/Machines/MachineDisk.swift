// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ProcessSupervision
import TrainingAgent

/// One machine's own directories, which go with it.
struct MachineDisk: Sendable {
    /// Every process of a machine carries this variable with the machine's directory.
    static let marker = "NIGHTSHIFT_STAGE_MACHINE"

    let path: String
    let layout: TrainingLayout

    init(path: String, checkpointLocalPath: String) {
        self.path = path
        layout = TrainingLayout(root: path + "/ml", checkpointLocalPath: checkpointLocalPath)
    }

    var outbox: String { path + "/outbox" }
    var python: String { path + "/python" }
    var failureFile: String { layout.output + "/failure" }

    /// Blocks.
    func make() throws {
        let files = FileManager.default
        if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
        try files.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try files.createDirectory(atPath: outbox, withIntermediateDirectories: true)
        try layout.makeDirectories()
        try files.createDirectory(atPath: layout.checkpoints, withIntermediateDirectories: true)
    }

    /// Ends every process of the machine, then removes its files. Blocks; five seconds at most, because a process that
    /// waits for a dead disk cannot be killed.
    func destroy() {
        let patience = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < patience {
            let left = ProcessTable.processes(withEnvironment: Self.marker, path)
            if left.isEmpty { break }
            for pid in left { kill(pid, SIGKILL) }
            usleep(2000)
        }
        // What cannot be removed is replaced by the next machine of this name, or stays for a person to see.
        try? FileManager.default.removeItem(atPath: path)
    }
}
