// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import Reports
import SpotMarket

/// A project's fitted models, in its state directory.
struct MarketModelStore {
    let directory: String

    init(_ project: Project) { directory = project.directory }

    var path: String { "\(directory)/\(MarketModelFile.name)" }

    /// `nil` when nothing was fitted. A file that cannot be used is told and ends the command: to go on with the
    /// shipped law would be a silent change of mind.
    func read() throws -> MarketModelFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let problems: [String]
        do {
            let file = try JSONDecoder().decode(MarketModelFile.self, from: Data(contentsOf: URL(filePath: path)))
            problems = file.problems
            if problems.isEmpty { return file }
        } catch let error as DecodingError {
            problems = [error.sentence]
        } catch {
            problems = [error.localizedDescription]
        }
        throw MarketProblems(
            problems: problems.map { "\(path): \($0)" }
                + ["fit it anew: nightshift market fit; or remove it, and the shipped law is in force"])
    }

    /// May be repeated; the file is there whole or not at all.
    func write(_ file: MarketModelFile) throws {
        try OutputFile.write(try NightJSON.text(file), to: path)
    }
}
