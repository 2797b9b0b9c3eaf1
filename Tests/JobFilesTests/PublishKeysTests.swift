// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import JobFiles

/// How a model is put into service, as a job file says it.
@Suite struct PublishKeysTests {
    private static func text(_ publish: String) -> String { Samples.whole("outputPath", publish) }

    private static func settings(_ publish: String) throws -> PublishSettings? {
        try JobFile.parse(text: text(publish), path: "/j/nightshift.yaml").job.publish
    }

    @Test func `a file that says nothing about it publishes whatever is whole and in time`() throws {
        let job = try JobFile.parse(text: Samples.whole, path: "/j/nightshift.yaml").job
        #expect(job.publish == nil)
        #expect(job.publishing == PublishSettings(pack: false, whenLate: .keepPrevious, gate: nil))
    }

    @Test func `every key is read`() throws {
        let gate = "{metric: epoch, atLeast: 19.5, worseThanPrevious: 2.5 %, command: [./gate, -x], timeout: 3 min}"
        #expect(
            try Self.settings("publish: {pack: true, whenLate: publish, gate: \(gate)}")
                == PublishSettings(
                    pack: true, whenLate: .publish,
                    gate: PublishGate(
                        metric: MetricGate(name: "epoch", bound: .atLeast(19.5), percentWorse: 2.5),
                        command: ["./gate", "-x"], timeout: .minutes(3))))
        #expect(
            try Self.settings("publish: {gate: {metric: epoch, atMost: -1}}")
                == PublishSettings(
                    pack: false, whenLate: .keepPrevious,
                    gate: PublishGate(
                        metric: MetricGate(name: "epoch", bound: .atMost(-1), percentWorse: nil), command: [],
                        timeout: .minutes(10))))
    }

    @Test(
        arguments: [
            (
                "{gate: {metric: los, atMost: 1}}",
                "publish.gate.metric: no metric is named \"los\"; the metrics are epoch"
            ),
            ("{gate: {metric: epoch}}", "publish.gate: needs `atMost` or `atLeast`; write one of them"),
            (
                "{gate: {metric: epoch, atMost: 1, atLeast: 0}}",
                "publish.gate: has both `atMost` and `atLeast`; keep `atMost` or `atLeast`"
            ),
            ("{gate: {atMost: 1}}", "publish.gate: the key `metric` is missing; add `metric: epoch`"),
            (
                "{gate: {worseThanPrevious: 2%, command: x}}",
                "publish.gate: the key `metric` is missing; add `metric: epoch`"
            ),
            (
                "{gate: {timeout: 3 min}}",
                "publish.gate: asks neither a metric nor a command; write metric and a bound, e.g. "
                    + "{metric: epoch, atLeast: 20}, or a command"
            ),
            (
                "{gate: {metric: epoch, atMost: 1, worseThanPrevious: two}}",
                "publish.gate.worseThanPrevious: \"two\" is not a percentage; write it as 2%"
            ),
            (
                "{gate: {metric: epoch, atMost: low}}",
                "publish.gate.atMost: must be a number, but it is text; write it as 0.5"
            ),
            ("{pack: yes}", "publish.pack: must be true or false, but it is text; write it as true"),
            (
                "{whenLate: never}",
                "publish.whenLate: \"never\" is not a choice here; write \"keepPrevious\" or \"publish\""
            ),
        ])
    func `each problem is one sentence`(publish: String, sentence: String) {
        let problems = Samples.problems(Self.text("publish: \(publish)"))
        #expect(problems.map { "\($0.key): \($0.what); \($0.remedy)" } == [sentence])
    }

    @Test func `a gate's program is looked for in the source, and in PATH, and its absence told`() throws {
        let files: Set<String> = ["/j/src/gate.sh", "/bin/gate"]
        func concerns(_ command: String) throws -> [String] {
            let file = try JobFile.parse(
                text: Self.text("publish: {gate: {command: [\(command)]}}"), path: "/j/nightshift.yaml")
            var here = Surroundings.thisMachine(now: Instant(milliseconds: 1_795_478_400_000), environment: [:])
            here.searchPath = ["/bin"]
            here.kind = { files.contains($0) || $0.hasSuffix("python3") ? .file : .directory }
            here.isExecutable = { files.contains($0) || $0.hasSuffix("python3") }
            return JobCheck.findings(file, in: here).filter { $0.key == "publish.gate.command" }.map(\.what)
        }
        #expect(try concerns("./gate.sh, -v") == [])
        #expect(try concerns("gate") == [])
        #expect(try concerns("./other") == ["\"/j/src/other\" is not a program that this user may run"])
        #expect(try concerns("other") == ["the program \"other\" is not found"])
    }

    @Test func `a packed model needs tar and gzip`() throws {
        let file = try JobFile.parse(text: Self.text("publish: {pack: true}"), path: "/j/nightshift.yaml")
        var here = Surroundings.thisMachine(now: Instant(milliseconds: 1_795_478_400_000), environment: [:])
        here.searchPath = ["/bin"]
        here.kind = { $0 == "/bin/gzip" ? nil : $0 == "/bin/tar" ? .file : .directory }
        here.isExecutable = { _ in true }
        let findings = JobCheck.findings(file, in: here).filter { $0.key == "publish.pack" }
        #expect(findings.map(\.what) == ["the program \"gzip\" is not found"])
    }

    @Test func `a latest of somebody else's is an error in the evening`() throws {
        let file = try JobFile.parse(text: Samples.whole, path: "/j/nightshift.yaml")
        var here = Surroundings.thisMachine(now: Instant(milliseconds: 1_795_478_400_000), environment: [:])
        here.kind = { _ in .directory }
        here.isWritable = { _ in true }
        here.foreignPointer = { "\($0)/latest is a directory, not a link that Nightshift made" }
        let finding = try #require(JobCheck.findings(file, in: here).first { $0.key == "outputPath" })
        #expect(finding.severity == .error)
        #expect(
            finding.description
                == "/j/nightshift.yaml:13:1: outputPath: /j/models/latest is a directory, not a link that "
                + "Nightshift made; move it away, or name another directory")
    }
}
