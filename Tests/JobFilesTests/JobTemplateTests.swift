// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import JobFiles

@Suite struct JobTemplateTests {
    /// A directory of its own for one test.
    private func directory(named name: String = UUID().uuidString, _ files: [String: String] = [:]) throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).appending(path: name)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (file, text) in files { try Data(text.utf8).write(to: directory.appending(path: file)) }
        return directory
    }

    @Test func `a new file is a good job without warnings`() throws {
        let directory = try directory(named: "My Recommender_v2", ["train.py": "import argparse"])
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        let path = directory.appending(path: "nightshift.yaml").path
        try JobTemplate.write(to: path, directory: directory.path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("# yaml-language-server: $schema=./nightshift.schema.json\n"))
        let file = try JobFile.read(path: path)
        #expect(file.warnings.isEmpty && JobCheck.spotRoom(file) == nil)
        #expect(file.job.name == "my-recommender-v2")
        #expect(file.job.entryPoint == "train.py")
        #expect(file.job.progress == .metric(name: "epoch", total: 20))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 160 })
    }

    @Test func `a file that exists is never touched`() throws {
        let directory = try directory(["nightshift.yaml": "mine"])
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        let path = directory.appending(path: "nightshift.yaml").path
        #expect(throws: (any Error).self) { try JobTemplate.write(to: path, directory: directory.path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    /// With every comment sign of an optional key taken away the file is still good: the examples fit together.
    @Test func `the keys that are commented out are right as well`() throws {
        let text = JobTemplate.text(values: ["name": "a", "entryPoint": "b.py"])
        let names = JobKeys.all.map { "# \($0.name): " }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            names.contains { line.hasPrefix($0) } ? String(line.dropFirst(2)) : String(line)
        }
        let file = try JobFile.parse(text: lines.joined(separator: "\n"), path: "/j/n.yaml")
        #expect(file.warnings.isEmpty)
        for key in JobKeys.all { #expect(file.places.contains(key.name), "\(key.name)") }
    }

    @Test(
        arguments: [
            (["b.py": "if __name__ == '__main__': main()", "a.py": "x = 1"], "b.py"),
            (["main.py": "os.environ['SM_MODEL_DIR']", "tool.py": "import argparse"], "main.py"),
            (
                ["main.py": "import argparse; os.environ['SM_MODEL_DIR']", "tool.py": "import argparse\n__main__"],
                "main.py"
            ),
            (["train_model.py": "", "util.py": "import argparse"], "train_model.py"),
            (["test_train.py": "__main__", "notes.txt": "argparse"], nil),
            ([:], nil),
        ] as [([String: String], String?)])
    func `the script is found by what it mentions`(_ files: [String: String], _ script: String?) throws {
        let directory = try directory(files)
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        #expect(ScriptFinder.entryPoint(in: directory.path) == script)
    }

    @Test(arguments: [
        ("recommender", "recommender"), ("My Recommender_v2", "my-recommender-v2"), ("--", "training"),
        ("", "training"),
        ("Ärger", "rger"), (String(repeating: "ab-", count: 20), "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a"),
    ])
    func `a directory's name becomes a job's`(_ directory: String, _ name: String) {
        #expect(JobTemplate.jobName(directory) == name)
    }

    @Test(arguments: ["123", "no", "true", "a: b", "it's", "1e3"])
    func `odd names of directories and scripts are quoted`(_ name: String) throws {
        let directory = try directory(named: name, ["\(name).py": "import argparse"])
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        let file = try JobFile.parse(text: JobTemplate.text(directory: directory.path), path: "/j/n.yaml")
        #expect(file.warnings.isEmpty)
        #expect(file.job.entryPoint == "\(name).py")
        #expect(file.job.name == JobTemplate.jobName(name))
    }
}
