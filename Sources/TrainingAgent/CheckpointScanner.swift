// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import TrainingJobs

/// Looks for new checkpoints in the directory that the training process writes (`docs/checkpoint-files.md`).
///
/// With completion markers, the newest marked checkpoint is the candidate. Without, all files together are one, once
/// they have settled. Nothing in the directory is trusted, and nothing in it is opened but markers.
struct CheckpointScanner {
    let directory: String
    let settleTime: Duration
    private var lastSeen: (files: [CheckpointCandidate.File], since: Instant)?
    /// Sets that the store refused or found damaged; not looked at again until they change.
    private var rejected: [CheckpointCandidate] = []
    private var told: Set<String> = []
    private var remarks: [String] = []

    init(directory: String, settleTime: Duration) {
        self.directory = directory
        self.settleTime = settleTime
    }

    /// What may be committed now, while training goes on. `writers` are the processes of the training job.
    mutating func scan(at wall: Instant, writers: () -> [Int32]) -> CheckpointCandidate? {
        switch look() {
        case .marked(let candidate):
            return candidate
        case .unsteady:
            lastSeen = nil
            return nil
        case .files(let files):
            guard let seen = lastSeen, seen.files == files else {
                lastSeen = (files, wall)
                return nil
            }
            guard wall - seen.since >= settleTime, !Self.isFresh(files, at: wall, settleTime),
                !OpenFiles.isWritten(anyOf: files, below: directory, by: writers())
            else { return nil }
            return unlessRejected(.settled(files))
        }
    }

    /// What may be committed after the training process and all its descendants have ended.
    ///
    /// Files that nobody marked are whole if the process says that it ended in order (`savedOnPurpose`); one that was
    /// killed, or fell over, may have been in the middle of writing, so its files must have settled before.
    mutating func lastLook(endedAt wall: Instant, savedOnPurpose: Bool) -> CheckpointCandidate? {
        switch look() {
        case .marked(let candidate):
            return candidate
        case .unsteady:
            return nil
        case .files(let files):
            let settled =
                if let seen = lastSeen, seen.files == files {
                    wall - seen.since >= settleTime
                } else {
                    wall - CheckpointCandidate.settled(files).writtenAt >= settleTime
                }
            return settled || savedOnPurpose ? unlessRejected(.settled(files)) : nil
        }
    }

    /// What lies there after a restore: it is durable already. The scanner starts afresh.
    mutating func inPlace() -> CheckpointCandidate? {
        lastSeen = nil
        rejected = []
        switch look() {
        case .marked(let candidate): return candidate
        case .files(let files): return .settled(files)
        case .unsteady: return nil
        }
    }

    /// Passes a candidate over from now on, as long as its files stay as they are.
    mutating func reject(_ candidate: CheckpointCandidate) {
        if rejected.count == 16 { rejected.removeFirst() }
        rejected.append(candidate)
    }

    /// What a person should know about the directory; each remark is made once.
    mutating func takeRemarks() -> [String] {
        defer { remarks = [] }
        return remarks
    }

    private enum Sight {
        case marked(CheckpointCandidate?)
        /// Without any marker; never empty.
        case files([CheckpointCandidate.File])
        /// No files yet, or they change right now.
        case unsteady
    }

    private mutating func look() -> Sight {
        let marked = markedCheckpoints()
        guard marked.isEmpty else { return .marked(newest(of: marked)) }
        var tree = CheckpointFiles(directory)
        tree.walk()
        for remark in tree.remarks { say(remark) }
        return tree.changed || tree.files.isEmpty ? .unsteady : .files(tree.files)
    }

    /// Directories with the name of a checkpoint and something in the marker's place, the highest step first.
    private func markedCheckpoints() -> [(step: Int, name: String)] {
        CheckpointFiles.names(in: directory).compactMap { name in
            guard let step = CompletionMarker.step(inName: name),
                FileKind(of: directory + "/" + name) == .directory,
                FileKind(of: directory + "/" + name + "/" + CompletionMarker.fileName) != nil
            else { return nil }
            return (step, name)
        }.sorted { $0.step > $1.step }
    }

    private mutating func newest(of marked: [(step: Int, name: String)]) -> CheckpointCandidate? {
        for (step, name) in marked {
            do {
                if let candidate = unlessRejected(try candidate(name, step)) { return candidate }
            } catch let torn as TornMarker {
                say("\(name) is passed over: \(torn.why)")
            } catch {
                say("\(name) is passed over: \(error)")
            }
        }
        return nil
    }

    private func candidate(_ name: String, _ step: Int) throws -> CheckpointCandidate {
        let marker = try CompletionMarker(of: name, in: directory)
        var files: [CheckpointCandidate.File] = []
        for listed in marker.files {
            let path = name + "/" + listed.path
            guard var file = CheckpointFiles.file(path, below: directory), file.bytes == listed.bytes else {
                throw TornMarker(why: "\(listed.path.debugDescription) is not there with \(listed.bytes) bytes")
            }
            file.sha256 = listed.sha256
            files.append(file)
        }
        guard let file = CheckpointFiles.file(name + "/" + CompletionMarker.fileName, below: directory) else {
            throw TornMarker(why: "its marker went away")
        }
        files.append(file)
        return CheckpointCandidate(
            label: name, step: step, files: files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    private func unlessRejected(_ candidate: CheckpointCandidate) -> CheckpointCandidate? {
        rejected.contains(candidate) ? nil : candidate
    }

    private mutating func say(_ remark: String) {
        if told.count < 1000, told.insert(remark).inserted { remarks.append(remark) }
    }

    /// Written less than two of five parts of the settle time ago (2 s of 5). A time in the future says nothing.
    private static func isFresh(
        _ files: [CheckpointCandidate.File], at wall: Instant, _ settleTime: Duration
    ) -> Bool {
        files.contains { file in
            let age = wall - Instant(milliseconds: file.modifiedNanoseconds / 1_000_000)
            return age >= .zero && age < settleTime * 2 / 5
        }
    }
}
