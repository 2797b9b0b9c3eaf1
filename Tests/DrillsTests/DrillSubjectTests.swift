// SPDX-License-Identifier: Apache-2.0

import Drills
import ScriptedDrills
import Testing
import TrainingJobs

@Suite struct DrillSubjectTests {
    private func subject(
        files: [String: String] = ["train.py": "aa", "lib/data.py": "bb"],
        _ change: (inout TrainingJob) -> Void = { _ in }
    ) -> DrillSubject {
        var job = ScriptedDrill.job
        change(&job)
        return DrillSubject(of: job, files: files) { "digest of \($0.utf8.count) bytes" }
    }

    @Test("what is the same has not changed")
    func same() {
        #expect(ScriptedDrill.subject.changes(to: subject()).isEmpty)
    }

    @Test("what is not counted may change, appear and go; where checkpoints lie may not")
    func notCounted() {
        let free: Set = ["job.yaml", "drill.html"]
        let was = DrillSubject(
            of: ScriptedDrill.job, files: ["train.py": "aa", "lib/data.py": "bb", "job.yaml": "1"], notCounted: free
        ) { "digest of \($0.utf8.count) bytes" }
        #expect(was.changes(to: subject(files: ["train.py": "aa", "lib/data.py": "bb", "drill.html": "2"])).isEmpty)
        #expect(was.changes(to: subject(files: ["train.py": "cc", "lib/data.py": "bb"])) == [.file("train.py")])
        #expect(was.changes(to: subject { $0.checkpoint.localPath = "/tmp/c" }) == [.checkpointLocalPath])
    }

    @Test("a change of code, hyperparameters, environment, interpreter or entry point is named")
    func changes() {
        let was = ScriptedDrill.subject
        #expect(
            was.changes(to: subject(files: ["train.py": "cc", "new.py": "dd"]))
                == [.file("lib/data.py"), .file("new.py"), .file("train.py")])
        #expect(was.changes(to: subject { $0.hyperparameters[1].json = "0.1" }) == [.hyperparameter("lr")])
        #expect(
            was.changes(to: subject { $0.hyperparameters = [] }) == [.hyperparameter("epochs"), .hyperparameter("lr")])
        #expect(was.changes(to: subject { $0.environment["TOKEN"] = "longer secret" }) == [.environment("TOKEN")])
        #expect(was.changes(to: subject { $0.environment["NEW"] = "" }) == [.environment("NEW")])
        #expect(was.changes(to: subject { $0.interpreter = ["python3", "-O"] }) == [.interpreter])
        #expect(was.changes(to: subject { $0.entryPoint = "other.py" }) == [.entryPoint])
        #expect(
            was.changes(
                to: subject(files: ["train.py": "cc"]) {
                    $0.entryPoint = "other.py"
                    $0.environment = [:]
                }) == [.file("lib/data.py"), .file("train.py"), .environment("TOKEN"), .entryPoint])
    }

    @Test("what a job may buy, and when, is no part of what was drilled")
    func unrelated() {
        let other = subject {
            $0.name = "other"
            $0.maxRun = .hours(1)
            $0.offers = []
            $0.progress = .metric(name: "epoch", total: 3)
            $0.checkpoint.uri = "/elsewhere"
        }
        #expect(ScriptedDrill.subject.changes(to: other).isEmpty)
    }

    @Test("the values of variables are kept as digests alone")
    func environment() {
        #expect(ScriptedDrill.subject.environment == ["TOKEN": "digest of 6 bytes"])
    }
}

@Suite struct DrillStandingTests {
    private let at = ScriptedDrill.at
    private let id = "2026-11-24T10.45.12Z"

    private var changed: DrillSubject {
        var subject = ScriptedDrill.subject
        subject.entryPoint = "other.py"
        return subject
    }

    @Test("what the last drill says of the job as it is now")
    func standing() {
        let now = ScriptedDrill.subject
        #expect(DrillStanding(nil, present: now) == .never)
        #expect(DrillStanding(ScriptedDrill.passed, present: now) == .proven(at: at, id: id))
        #expect(DrillStanding(ScriptedDrill.failed, present: now) == .failed(at: at, id: id))
        #expect(DrillStanding(ScriptedDrill.controlFailed, present: now) == .failed(at: at, id: id))
        #expect(DrillStanding(ScriptedDrill.passed, present: changed) == .changed(at: at, id: id, [.entryPoint]))
        #expect(DrillStanding(ScriptedDrill.failed, present: changed) == .failed(at: at, id: id))
        let some = ScriptedDrill.report([ScriptedTraining.killed()])
        #expect(some.passed && !some.provesResume)
        #expect(DrillStanding(some, present: now) == .partial(at: at, id: id))
        #expect(DrillStanding(ScriptedDrill.report([]), present: now) == .failed(at: at, id: id))
    }

    @Test("four of five disturbances prove nothing for requireDrill, whichever is missing", arguments: 0..<5)
    func allFive(missing: Int) {
        var runs = ScriptedDrill.survivors
        runs.remove(at: missing)
        #expect(!ScriptedDrill.report(runs).provesResume)
        #expect(ScriptedDrill.passed.provesResume)
    }

    @Test("Spot is allowed by a proof no older than asked for, and by nothing else")
    func spot() {
        let proven = DrillStanding.proven(at: at, id: id)
        #expect(proven.allowsSpot(at: at + .hours(48), atMost: .hours(48)))
        #expect(!proven.allowsSpot(at: at + .hours(48) + .milliseconds(1), atMost: .hours(48)))
        for other: DrillStanding in [
            .never, .failed(at: at, id: id), .partial(at: at, id: id), .changed(at: at, id: id, [.entryPoint]),
        ] {
            #expect(!other.allowsSpot(at: at, atMost: .hours(48)))
        }
    }
}
