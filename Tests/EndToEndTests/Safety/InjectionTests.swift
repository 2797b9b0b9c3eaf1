// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// No shell reads anything of a job: hostile words arrive at the script as they are, or are refused.
    @Suite(.timeLimit(.minutes(2)))
    struct InjectionTests {
        /// Every opening of a shell, with a file that must never appear.
        private static func payloads(_ file: String) -> [String] {
            let touch = "touch \(file)"
            let cores = [
                "$(\(touch))", "`\(touch)`", "; \(touch)", "&& \(touch)", "| \(touch)", "\n\(touch)\n", "> \(file)",
                "<(\(touch))", "${IFS}\(touch)", "'; \(touch); '", "\"; \(touch); \"", "%0a\(touch)",
            ]
            let wraps: [(String, String)] = [("", ""), ("x", "y"), ("\\", "\\"), ("'", "'"), ("\"", "\"")]
            return cores.flatMap { core in wraps.map { $0 + core + $1 } } + ["-rf /", "*", "~", "$HOME", "\\"]
        }

        @Test func `hostile hyperparameters arrive as words and run nothing`() async throws {
            var job = TestJob()
            job.epochs = 1
            let appears = NSTemporaryDirectory() + "nightshift-appears-\(UUID().uuidString.prefix(8))"
            let payloads = Self.payloads(appears)
            for (index, payload) in payloads.enumerated() {
                // JSON strings are YAML's double-quoted ones.
                let quoted = try JSONEncoder().encode(payload)
                job.hyperparameters["p\(index)"] = String(decoding: quoted, as: UTF8.self)
            }
            let project = try TestProject(job, named: "nightshift $(touch \(UUID().uuidString.prefix(8))) `id`; x")
            let result = try await project.run().result()
            #expect(result.code == 0, "\(result.complaints)")
            #expect(!FileManager.default.fileExists(atPath: appears))
            struct Model: Decodable { var rest: [String] }
            let data = try Data(contentsOf: URL(filePath: project.model + "/model.json"))
            let rest = try JSONDecoder().decode(Model.self, from: data).rest
            for (index, payload) in payloads.enumerated() {
                let place = try #require(rest.firstIndex(of: "--p\(index)"))
                #expect(rest[place + 1] == payload)
            }
            project.delete()
        }

        @Test(arguments: ["$(id)", "a;b", "../up", "a b", "-rf", "a/b", "a\\nb", "`id`", "", "name..x"])
        func `a hostile job name is refused with its line`(name: String) async throws {
            var job = TestJob()
            job.name = "\"\(name)\""
            let project = try TestProject(job)
            let result = try await project.start(["run", "job.yaml", "--time-scale", "3600"]).result()
            #expect(result.code == 2)
            #expect(result.complaints.contains("job.yaml:1:"), "\(result.complaints)")
            #expect(!FileManager.default.fileExists(atPath: project.state + "/nights"))
            project.delete()
        }
    }
}
