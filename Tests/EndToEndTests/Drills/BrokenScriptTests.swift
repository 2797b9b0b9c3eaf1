// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import Testing

extension EndToEnd {
    /// Each script of the fixtures gets one thing wrong, as real ones do; the drill must find it and name it.
    @Suite(.timeLimit(.minutes(5)))
    struct BrokenScriptTests {
        struct Script: Sendable, CustomTestStringConvertible {
            var name: String
            /// The likely cause, and the disturbances that must show it; the others must pass.
            var cause: String
            var shownBy: [String]
            /// Of the words of the first finding and of the cause.
            var words: [String]

            var testDescription: String { name }
        }

        private static let resumes = ["kill", "kill-in-save", "notice", "kill-twice"]

        static let scripts = [
            Script(
                name: "starts_from_zero", cause: "starts-from-zero", shownBy: resumes,
                words: ["training silently started again", "the checkpoint is not loaded"]),
            Script(
                name: "one_ahead", cause: "one-ahead", shownBy: resumes,
                words: ["one unit ahead: it skips work"]),
            Script(
                name: "one_behind", cause: "one-behind", shownBy: resumes,
                words: ["one unit behind: it does work again"]),
            Script(
                name: "forgets_optimizer", cause: "optimizer-state", shownBy: resumes,
                words: ["loss at epoch", "they must be equal", "the optimizer's state"]),
            Script(
                name: "forgets_data_order", cause: "random-state", shownBy: resumes,
                words: ["loss at epoch", "random state is not restored: another order of the data"]),
            Script(
                name: "newest_by_name", cause: "torn-checkpoint", shownBy: ["kill-in-save"],
                words: ["the script fell over when it resumed", "half-written checkpoint is taken for a whole one"]),
            Script(
                name: "resets_schedule", cause: "learning-rate", shownBy: resumes,
                words: ["learning rate at epoch", "the learning-rate schedule starts again"]),
            Script(
                name: "saves_at_the_end", cause: "saves-at-the-end-only", shownBy: resumes,
                words: ["no checkpoint had been saved", "an interruption loses everything"]),
            Script(
                name: "writes_in_place", cause: "overwrites-in-place", shownBy: ["kill-in-save"],
                words: ["the script fell over when it resumed", "overwritten in place"]),
            Script(
                name: "repeats_part_of_an_epoch", cause: "position-in-epoch", shownBy: ["notice"],
                words: [
                    "the position inside an epoch is not restored", "only the run that stopped within an epoch differs",
                ]),
        ]

        @Test(arguments: scripts)
        func `what a script gets wrong is found and named`(_ script: Script) async throws {
            let project = try DrillProject(script: script.name)
            let (drill, result) = try await project.drill()
            #expect(result.code == 5, "\(result.complaints)")
            #expect(!drill.passed)
            #expect(drill.causes == Dictionary(script.shownBy.map { ($0, script.cause) }) { $1 }, "\(result.output)")
            for verdict in drill.verdicts {
                #expect(verdict.passed != script.shownBy.contains(verdict.disturbance), "\(result.output)")
            }
            for verdict in drill.verdicts where !verdict.passed {
                let said = verdict.findings.joined(separator: "\n") + "\n" + (verdict.likelyCause ?? "")
                for words in script.words { #expect(said.contains(words), "\(verdict.disturbance): \(said)") }
                #expect(verdict.whatToDo?.isEmpty == false)
            }
            #expect(project.processes.isEmpty)
            project.delete()
        }
    }
}
