// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JobFiles

/// Every sentence about a job file, as it is printed.
@Suite struct JobProblemTests {
    @Test(arguments: cases)
    func `each problem is one sentence at its place`(_ test: Case) throws {
        let problems = Samples.problems(Samples.whole(test.key, test.line))
        #expect(problems.count == 1, "\(problems)")
        let text = try #require(problems.first).description
        let withoutSnippet = text.split(separator: "\n").filter { !$0.hasPrefix("  ") || $0.hasPrefix("  because") }
        #expect(withoutSnippet.joined(separator: "\n") == "nightshift.yaml:" + test.message)
    }

    @Test func `metrics without definitions`() {
        let text = Samples.whole("metricDefinitions", "").replacing(
            "  - {name: epoch, regex: 'epoch=([0-9.]+)'}\n", with: "")
        #expect(
            Samples.problems(text).map { $0.what + "; " + $0.remedy } == [
                "no metric is named \"epoch\"; add it to metricDefinitions, e.g. {name: epoch, regex: 'epoch=([0-9.]+)'}"
            ])
    }

    @Test func `the line of the file follows, with a caret`() {
        let text = Samples.whole("  deadline", "  deadline: \"8 o'clock\"")
        #expect(
            Samples.problems(text).map(\.description) == [
                """
                nightshift.yaml:16:3: schedule.deadline: "8 o'clock" is not a time of day; write it as "08:00"
                    deadline: "8 o'clock"
                    ^
                """
            ])
    }

    @Test func `everything that is wrong is said at once, in the order of the file`() {
        let text = """
            name: my_job
            entryPont: train.py
            name: again
            schedule: {start: 25:00, deadline: "08:00", deadline: "09:00", timezone: Europe/Dublin}
            expectedRuntime: 9 h
            maxRun: 4
            """
        #expect(
            Samples.problems(text).map { "\($0.line):\($0.column) \($0.key)" } == [
                "1:1 ", "1:1 ", "1:1 ", "1:1 ", "1:1 ", "1:1 ", "1:1 ", "1:1 ",
                "2:1 entryPont", "3:1 name", "4:12 schedule.start", "4:45 schedule.deadline",
                "4:64 schedule.timezone", "6:1 maxRun",
            ])
    }

    @Test func `a file with errors ends with their number`() {
        #expect(throws: JobFileError.self) { try JobFile.parse(text: "a: 1", path: "n.yaml") }
        let problem = JobProblem(
            .init(place: JobPlace(line: 1, column: 1), key: "", complaint: .emptyDocument), file: "n.yaml",
            lines: SourceLines(""))
        #expect(
            JobFileError(problems: [problem]).description
                == "n.yaml:1:1: the file is empty; write one with `nightshift init`\nn.yaml: 1 error, nothing was started"
        )
        #expect(
            JobFileError(problems: [problem, problem]).description.hasSuffix("n.yaml: 2 errors, nothing was started"))
    }

    @Test(arguments: [
        "environment: {HF_TOKEN: hunter2}", "environment: {db-password: hunter2}",
        "environment: {X: [hunter2], A_KEY: hunter2}",
        "environment: {\"MY_SECRET\" : hunter2, A-B: hunter2}", "environment: {API_KEY: [hunter2]}",
        "environment: {API_KEY: \"hunter2\\0\"}", "environment: {API_KEY: hunter2",
        "hyperparameters: {api_key: hunter2}\nname: {token: hunter2}",
    ])
    func `a value with the name of a secret is never printed`(_ line: String) {
        let key = line.hasPrefix("env") ? "environment" : "hyperparameters"
        let problems = Samples.problems(Samples.whole(key, line))
        #expect(!problems.isEmpty)
        #expect(!problems.contains { $0.description.contains("hunter2") }, "\(problems)")
    }

    @Test func `text of the file can't write to the terminal`() {
        let problems = Samples.problems(Samples.whole("policy", "policy: \"\\e[31mred\\u202e\""))
        #expect(problems.map(\.what) == ["holds a control character"])
        let other = Samples.problems(Samples.whole("policy", "policy: \"red\\u202e\""))
        #expect(other.map(\.what) == ["\"red\\u{202e}\" is not a choice here"])
        let long = Samples.problems(Samples.whole("policy", "policy: \(String(repeating: "x", count: 300))"))
        #expect(long.map(\.what) == ["\"\(String(repeating: "x", count: 60))…\" is not a choice here"])
        #expect(long[0].description.split(separator: "\n").allSatisfy { $0.count < 180 })
    }
}
