// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CapacityBackends
import Foundation

/// What the local backend starts for each machine; not for people.
struct LocalMachineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local-machine", abstract: "Plays one simulated machine.", shouldDisplay: false)

    @Argument var directory: String

    func run() async throws {
        try await MachineHost(directory: directory).run(environment: ProcessInfo.processInfo.environment)
    }
}
