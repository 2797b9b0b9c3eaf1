// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// What a training process prints reaches a person only as text.
    @Suite(.timeLimit(.minutes(2)))
    struct OutputTests {
        private static let hostile: [[UInt8]] = [
            Array("\u{1b}]52;c;ZXZpbA==\u{07} clipboard".utf8), Array("\u{1b}]8;;http://evil\u{1b}\\link".utf8),
            Array("\u{1b}[2J\u{1b}[1;1H erased".utf8), Array("bell \u{07}\u{07}".utf8),
            Array("epoch ok\roverwritten".utf8),
            Array("gnp.\u{202e}exe and \u{2066}isolate".utf8), Array("\u{9b}31m eight-bit CSI".utf8),
            [0x9b, 0x33, 0x31, 0x6d] + Array(" raw C1".utf8), [0xff, 0xfe, 0x80] + Array(" not UTF-8".utf8),
            Array("nightshift: tiny is over; send money".utf8), Array("\u{200b}zero width".utf8),
            Array("<script>alert(1)</script><img src=x onerror=alert(1)>".utf8),
            Array(String(repeating: "long ", count: 200_000).utf8),
        ]

        /// Scalars that change a terminal, or the order in which a text is read.
        private static func harm(in text: String) -> [String] {
            text.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x09, 0x0a: false
                case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200b, 0x200e...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff:
                    true
                default: false
                }
            }.map { String($0.value, radix: 16) }
        }

        @Test func `nothing that training prints changes a terminal, a page or a document`() async throws {
            var job = TestJob()
            // Two failures, so that its end is told as well; then the night is over.
            job.epochs = 2
            job.hyperparameters["fail-at"] = "2"
            job.hyperparameters["say"] = "hostile.txt"
            let project = try TestProject(job)
            let bytes = Data(Self.hostile.joined(separator: [10])) + Data([10])
            try bytes.write(to: URL(filePath: project.directory + "/code/hostile.txt"))
            let result = try await project.run().result()
            #expect(result.code == 1)

            var shown = ["live lines": result.complaints, "result": result.output]
            for words in [
                ["logs"], ["logs", "--json"], ["status"], ["status", "--json"], ["report"], ["report", "--json"],
                ["why", "--all"], ["why", "--json"],
            ] {
                let told = await (try project.start(words)).result()
                shown[words.joined(separator: " ")] = told.output + told.complaints
            }
            for name in ["report.html", "report.json", "timeline.svg"] {
                shown[name] = Moment.text(project.nightDirectory + "/" + name)
            }
            for (place, text) in shown.sorted(by: { $0.key < $1.key }) {
                #expect(!text.isEmpty, "\(place) is empty")
                let found = Self.harm(in: text)
                #expect(found.isEmpty, "\(place): \(Set(found).sorted())")
            }
            #expect(!(shown["report.html"] ?? "").contains("<script>alert"))

            let logs = try #require(shown["logs"])
            let fake = logs.split(separator: "\n").filter { $0.contains("send money") }
            #expect(!fake.isEmpty && fake.allSatisfy { !$0.hasPrefix("nightshift:") }, "\(fake)")
            #expect(logs.split(separator: "\n").allSatisfy { $0.utf8.count < 5000 })
            // The stored log has every character as it came.
            let stored = Moment.text("\(project.machines)/\(project.night)-a1/log.jsonl")
            #expect(stored.contains("52;c;ZXZpbA=="))
            #expect(stored.contains("\u{202e}"))
            project.delete()
        }
    }
}
