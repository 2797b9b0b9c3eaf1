// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import Reports
import SpotMarket
import TrainingJobs

/// A project's own price book, in its state directory, and the shipped one behind it.
struct PriceBookStore {
    let directory: String

    init(_ project: Project) { directory = project.directory }

    var path: String { "\(directory)/\(PriceBook.name)" }

    /// The book in force: of two prices of the same thing one written by hand, else the newer one. A file that cannot be used is told and ends the
    /// command: to go on with older prices would be silent.
    func inForce(on today: LocalDate = PricesCommand.today) throws(MarketProblems) -> PriceBook {
        (try own() ?? PriceBook([])).merged(with: .shipped, on: today)
    }

    /// What `prices refresh` wrote; `nil` before the first time.
    func own() throws(MarketProblems) -> PriceBook? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let problems: [String]
        do {
            let book = try JSONDecoder().decode(PriceBook.self, from: Data(contentsOf: URL(filePath: path)))
            problems = book.problems
            if problems.isEmpty { return book }
        } catch let error as DecodingError {
            problems = [error.sentence]
        } catch {
            problems = [error.localizedDescription]
        }
        throw MarketProblems(
            problems: problems.map { "\(path): \($0)" }
                + ["remove it and run: nightshift prices refresh; without it the shipped prices are in force"])
    }

    /// May be repeated; the file is there whole or not at all.
    func write(_ book: PriceBook) throws { try OutputFile.write(try NightJSON.text(book), to: path) }
}
